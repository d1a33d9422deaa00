"""How the head is driven, as a value that is remembered from one start to the next."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

Source = Literal["udp", "webcam", "video"]

PORT = 11111  # where Live Link Face sends to unless it is told otherwise
SOURCES: tuple[Source, ...] = get_args(Source)
GAINS = ("Brows", "Eyes", "Gaze", "Cheeks and nose", "Jaw", "Mouth", "Turn", "Nod", "Tilt")
HEAD_GAINS = GAINS[-3:]  # about +y, +x and +z
MOST_GAIN = 3.0


def _usual_gains() -> dict[str, float]:
    return dict.fromkeys(GAINS, 1.0)


@dataclass(frozen=True)
class LiveSettings:
    """Where frames come from, and what becomes of them on the way to the head."""

    __hash__ = None  # type: ignore[assignment]

    source: Source = "udp"
    port: int = PORT
    everywhere: bool = False  # listen to other computers and phones too, not to this one alone
    webcam: int = 0  # which one
    video: str = ""  # the path of a film
    smoothing: float = 0.4  # 0 none .. 1 much
    mirrored: bool = False  # the performer's left moves the head's right, as in a mirror
    units: bool = True  # whether the face follows
    head: bool = True  # whether the turn of the head follows
    gaze: bool = True  # whether the eyes follow
    gains: dict[str, float] = field(default_factory=_usual_gains)  # by the names in GAINS

    def replace(self, **changes: Any) -> LiveSettings:
        """The same settings with some fields changed."""
        return replace(self, **changes)

    def to_text(self) -> str:
        """The settings as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> LiveSettings:
        """Settings from :meth:`to_text`; what is missing or cannot be is as usual."""
        usual = cls()
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return usual
        if not isinstance(told, dict):
            return usual
        known = {entry.name: told[entry.name] for entry in fields(cls) if entry.name in told}
        return usual.replace(**{name: value for name, value in known.items() if _fits(name, value, usual)})


def _fits(name: str, value: Any, usual: LiveSettings) -> bool:
    """Whether ``value`` can be the setting ``name``."""
    if name == "gains":
        return isinstance(value, dict) and set(value) == set(GAINS) and all(map(_is_gain, value.values()))
    kind = type(getattr(usual, name))
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        return False
    bounds = {"port": (1, 65535), "webcam": (0, 99), "smoothing": (0.0, 1.0)}
    if name in bounds:
        return bool(bounds[name][0] <= value <= bounds[name][1])
    return name != "source" or value in SOURCES


def _is_gain(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= MOST_GAIN
