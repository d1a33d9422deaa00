"""Pose: head, neck, jaw and eyes in degrees, position in millimetres."""

from __future__ import annotations

import math
from functools import partial

from studio.document.commands import set_params
from studio.panels.param_rows import Bound, ParamsPanel
from studio.widgets.group import Group
from studio.widgets.slider_scale import SliderScale

_DEGREES = 180.0 / math.pi
_MILLIMETRES = 1000.0
_FREE = 360.0

_NOD = ("Nod", "Positive: chin to the chest")
_TURN = ("Turn", "Positive: to the subject's left")
_TILT = ("Tilt", "Positive: towards the subject's right shoulder")


def _angle(
    label: str, tip: str, low: float, high: float, usual: tuple[float, float] | None = None
) -> SliderScale:
    return SliderScale(
        label, low, high, decimals=1, unit="°", hard_low=-_FREE, hard_high=_FREE, usual=usual, tip=tip
    )


def _length(label: str, tip: str) -> SliderScale:
    return SliderScale(
        label, -300.0, 300.0, decimals=1, unit="mm", hard_low=-10_000.0, hard_high=10_000.0, tip=tip
    )


def _eye() -> tuple[SliderScale, ...]:
    # Range of eye movement: about 45 degrees to the sides and up, 50 down; torsion within 10.
    return (
        _angle("Up / down", "Positive: looks down", -60.0, 60.0, (-45.0, 50.0)),
        _angle("Left / right", "Positive: looks to the subject's left", -60.0, 60.0, (-45.0, 45.0)),
        _angle("Roll", "Positive: its top towards the subject's right", -20.0, 20.0, (-10.0, 10.0)),
    )


# Cervical range: flexion 50, extension 60, rotation 80, lateral flexion 45 degrees. A jaw opens by
# about 30 degrees and swings by about 10 to each side.
_GROUPS: tuple[tuple[str, str, int, float, tuple[SliderScale, ...]], ...] = (
    (
        "Head",
        "rotation",
        0,
        _DEGREES,
        (_angle(*_NOD, -180.0, 180.0), _angle(*_TURN, -180.0, 180.0), _angle(*_TILT, -180.0, 180.0)),
    ),
    (
        "Neck",
        "neck_pose",
        0,
        _DEGREES,
        (
            _angle(*_NOD, -90.0, 90.0, (-60.0, 50.0)),
            _angle(*_TURN, -90.0, 90.0, (-80.0, 80.0)),
            _angle(*_TILT, -90.0, 90.0, (-45.0, 45.0)),
        ),
    ),
    (
        "Jaw",
        "jaw_pose",
        0,
        _DEGREES,
        (
            _angle("Open", "Positive: opens the mouth", -10.0, 45.0, (0.0, 30.0)),
            _angle("Sideways", "Positive: to the subject's left", -20.0, 20.0, (-10.0, 10.0)),
            _angle("Twist", "Positive: chin to the subject's left", -20.0, 20.0, (-5.0, 5.0)),
        ),
    ),
    ("Left eye", "eyes_pose", 0, _DEGREES, _eye()),
    ("Right eye", "eyes_pose", 3, _DEGREES, _eye()),
    (
        "Position",
        "translation",
        0,
        _MILLIMETRES,
        (
            _length("Sideways", "Positive: to the subject's left"),
            _length("Height", "Positive: up"),
            _length("Forwards", "Positive: towards the camera of the front view"),
        ),
    ),
)


class PosePanel(ParamsPanel):
    """Three rows for each joint, and the position of the whole head."""

    def build_rows(self) -> None:
        """One group a joint."""
        for title, field, start, factor, scales in _GROUPS:
            names = [f"{title} {scale.label[:1].lower()}{scale.label[1:]}" for scale in scales]
            bounds = [
                Bound(scale, name, field, start + axis, factor)
                for axis, (scale, name) in enumerate(zip(scales, names, strict=True))
            ]
            group = Group(title)
            reset = partial(self._reset, title, field, start)
            group.add_action("reset", reset, f"Reset {title.lower()}")
            rows = self.rows_of(bounds)
            group.add(rows)
            self._scroll.add(group, (rows,))

    def _reset(self, title: str, field: str, start: int) -> None:
        params = self._document.params
        values = getattr(params, field).copy()
        values[start : start + 3] = 0.0
        command = set_params(self._document, f"Reset {title.lower()}", params.replace(**{field: values}))
        self._push(command)
