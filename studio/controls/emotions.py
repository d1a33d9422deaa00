"""A few emotions as combinations of face units, after the facial action coding of Ekman and Friesen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _face(both: Mapping[str, float], single: Mapping[str, float]) -> Mapping[str, float]:
    sided = {f"{name}{side}": value for name, value in both.items() for side in ("Left", "Right")}
    return MappingProxyType({**sided, **single})


EMOTIONS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "joy": _face({"mouthSmile": 0.85, "cheekSquint": 0.6, "eyeSquint": 0.35, "mouthUpperUp": 0.15}, {}),
        "sadness": _face(
            {"browDown": 0.15, "eyeSquint": 0.2, "mouthFrown": 0.75},
            {"browInnerUp": 0.9, "mouthShrugLower": 0.35},
        ),
        "anger": _face(
            {"browDown": 0.95, "eyeSquint": 0.35, "noseSneer": 0.4, "mouthPress": 0.6, "mouthFrown": 0.3},
            {"jawForward": 0.2},
        ),
        "fear": _face(
            {
                "browOuterUp": 0.35,
                "browDown": 0.25,
                "eyeWide": 0.85,
                "mouthStretch": 0.7,
                "mouthLowerDown": 0.2,
            },
            {"browInnerUp": 0.95, "jawOpen": 0.2},
        ),
        "surprise": _face({"browOuterUp": 0.9, "eyeWide": 0.75}, {"browInnerUp": 0.75, "jawOpen": 0.6}),
        "disgust": _face(
            {"noseSneer": 0.9, "browDown": 0.4, "mouthUpperUp": 0.5, "mouthFrown": 0.35, "cheekSquint": 0.35},
            {"mouthShrugLower": 0.3},
        ),
        "contempt": _face({}, {"mouthSmileLeft": 0.45, "mouthDimpleLeft": 0.8, "mouthPressLeft": 0.3}),
    }
)
