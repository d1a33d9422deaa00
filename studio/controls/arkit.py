"""The 52 face units of ARKit: what they are called, where they belong, and which are poses of a joint."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping


def _sided(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{side}" for name in names for side in ("Left", "Right"))


# In the order in which people look for them, top to bottom.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Brows": ("browInnerUp", *_sided("browDown", "browOuterUp")),
        "Eyes": _sided(
            "eyeBlink",
            "eyeSquint",
            "eyeWide",
            "eyeLookUp",
            "eyeLookDown",
            "eyeLookIn",
            "eyeLookOut",
        ),
        "Cheeks and nose": ("cheekPuff", *_sided("cheekSquint", "noseSneer")),
        "Jaw": ("jawOpen", "jawForward", "jawLeft", "jawRight"),
        "Mouth": (
            "mouthClose",
            "mouthFunnel",
            "mouthPucker",
            "mouthLeft",
            "mouthRight",
            *_sided("mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress"),
            "mouthRollUpper",
            "mouthRollLower",
            "mouthShrugUpper",
            "mouthShrugLower",
            *_sided("mouthUpperUp", "mouthLowerDown"),
            "tongueOut",
        ),
    }
)
UNITS: tuple[str, ...] = tuple(name for names in GROUPS.values() for name in names)
GROUP_OF: Mapping[str, str] = MappingProxyType(
    {name: group for group, names in GROUPS.items() for name in names}
)

_SIDEWAYS = ("jaw", "mouth")  # what goes to a side as a whole, rather than being on one


def other_side(name: str) -> str | None:
    """The control that does on the other side of the face what ``name`` does; None where it has no side."""
    for side, other in (("Left", "Right"), ("Right", "Left")):
        stem = name.removesuffix(side)
        if stem not in (name, *_SIDEWAYS):
            return stem + other
    return None


def mirrored_name(name: str) -> str:
    """The control that does in a mirror what ``name`` does."""
    for side, other in (("Left", "Right"), ("Right", "Left")):
        if name.endswith(side):
            return name.removesuffix(side) + other
    return name


BLINKS = ("eyeBlinkLeft", "eyeBlinkRight")  # the eyelids of a model that has them
JAW_OPEN = "jawOpen"
MOUTH_CLOSE = "mouthClose"  # lips that close while the jaw is open; without that it is no face
JAW_OPEN_ANGLE = 0.385  # radians about +X: a whole jawOpen of the open head
LOOK_ANGLE = float(np.radians(30.0))  # how far a whole eyeLook unit turns an eye

# Turns of an eye in eyes_pose (6,), left then right: +x looks down, +y to the subject's left.
LOOKS: Mapping[str, tuple[int, float]] = MappingProxyType(
    {
        "eyeLookUpLeft": (0, -LOOK_ANGLE),
        "eyeLookUpRight": (3, -LOOK_ANGLE),
        "eyeLookDownLeft": (0, LOOK_ANGLE),
        "eyeLookDownRight": (3, LOOK_ANGLE),
        "eyeLookInLeft": (1, -LOOK_ANGLE),
        "eyeLookInRight": (4, LOOK_ANGLE),
        "eyeLookOutLeft": (1, LOOK_ANGLE),
        "eyeLookOutRight": (4, -LOOK_ANGLE),
    }
)
# Units that go opposite ways; on some models they are the two ways along one line.
OPPOSITES: tuple[tuple[str, str], ...] = (
    ("eyeLookUpLeft", "eyeLookDownLeft"),
    ("eyeLookUpRight", "eyeLookDownRight"),
    ("eyeLookInLeft", "eyeLookOutLeft"),
    ("eyeLookInRight", "eyeLookOutRight"),
    ("jawLeft", "jawRight"),
    ("mouthLeft", "mouthRight"),
)
