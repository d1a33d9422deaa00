"""Pose: head, neck, jaw and eyes in degrees, eyelids from open to closed, position in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from studio.document.commands import set_where_unlocked
from studio.document.locks import Locks
from studio.flame.param_ranges import EYE_DEGREES, JAW_DEGREES, NECK_DEGREES
from studio.panels.param_rows import Bound, ParamsPanel
from studio.widgets.group import Group
from studio.widgets.slider_scale import SliderScale

_DEGREES = 180.0 / math.pi
_MILLIMETRES = 1000.0
_FREE = 360.0


@dataclass(frozen=True)
class _Part:
    """A joint, or both eyes: components of ``field``, one for each scale, from each of ``starts``."""

    title: str
    field: str
    scales: tuple[SliderScale, ...]
    starts: tuple[int, ...] = (0,)
    factor: float = _DEGREES
    prefixed: bool = True  # whether steps are named with the title before the row's label

    def bounds(self) -> list[Bound]:
        """A row for each scale."""
        first, *others = self.starts
        return [
            Bound(
                scale,
                self._step(scale.label),
                self.field,
                first + axis,
                self.factor,
                twin=others[0] + axis if others else None,
            )
            for axis, scale in enumerate(self.scales)
        ]

    @property
    def components(self) -> Locks:
        """What a lock of the group locks."""
        return frozenset(component for bound in self.bounds() for component in bound.components)

    def _step(self, label: str) -> str:
        return f"{self.title} {label[:1].lower()}{label[1:]}" if self.prefixed else label


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
        label,
        -300.0,
        300.0,
        decimals=1,
        unit="mm",
        unit_at_label=True,
        hard_low=-10_000.0,
        hard_high=10_000.0,
        tip=tip,
    )


def _lid(label: str) -> SliderScale:
    tip = "0 open, 1 closed; with a blink of the expression the eye closes only once"
    return SliderScale(label, 0.0, 1.0, decimals=2, hard_low=-0.5, hard_high=1.5, tip=tip)


_EYE = (
    _angle("Up / down", "Positive: looks down", -60.0, 60.0, EYE_DEGREES[0]),
    _angle("Left / right", "Positive: looks to the subject's left", -60.0, 60.0, EYE_DEGREES[1]),
    _angle("Roll", "Positive: its top towards the subject's right", -20.0, 20.0, EYE_DEGREES[2]),
)


_GROUPS = (
    _Part(
        "Head",
        "rotation",
        (_angle(*_NOD, -180.0, 180.0), _angle(*_TURN, -180.0, 180.0), _angle(*_TILT, -180.0, 180.0)),
    ),
    _Part(
        "Neck",
        "neck_pose",
        (
            _angle(*_NOD, -90.0, 90.0, NECK_DEGREES[0]),
            _angle(*_TURN, -90.0, 90.0, NECK_DEGREES[1]),
            _angle(*_TILT, -90.0, 90.0, NECK_DEGREES[2]),
        ),
    ),
    _Part(
        "Jaw",
        "jaw_pose",
        (
            _angle("Open", "Positive: opens the mouth", -10.0, 45.0, JAW_DEGREES[0]),
            _angle("Sideways", "Positive: chin to the subject's left", -20.0, 20.0, JAW_DEGREES[1]),
            _angle("Twist", "Positive: chin tips to the subject's left", -20.0, 20.0, JAW_DEGREES[2]),
        ),
    ),
    _Part("Gaze", "eyes_pose", _EYE[:2], starts=(0, 3)),
    _Part("Left eye", "eyes_pose", _EYE),
    _Part("Right eye", "eyes_pose", _EYE, starts=(3,)),
    _Part("Eyelids", "eyelids", (_lid("Left eyelid"), _lid("Right eyelid")), factor=1.0, prefixed=False),
    _Part(
        "Position",
        "translation",
        (
            _length("Sideways", "Positive: to the subject's left"),
            _length("Height", "Positive: up"),
            _length("Forwards", "Positive: towards the camera of the front view"),
        ),
        factor=_MILLIMETRES,
    ),
)


class PosePanel(ParamsPanel):
    """Rows for each joint, for both eyes together, for the eyelids, and for the place of the whole head."""

    def build_rows(self) -> None:
        """One group a joint, and the eyelids where the model has some that move."""
        still = () if self._document.model.eyelids is not None else ("eyelids",)
        for part in (part for part in _GROUPS if part.field not in still):
            group = Group(part.title)
            group.add_action("reset", partial(self._reset, part), f"Reset {part.title.lower()}")
            self.add_group_lock(group, part.components)
            rows = self.rows_of(part.bounds())
            group.add(rows)
            self._scroll.add(group, (rows,))

    def _reset(self, part: _Part) -> None:
        params = self._document.params
        values = getattr(params, part.field).copy()
        for start in part.starts:
            values[start : start + 3] = 0.0
        name = f"Reset {part.title.lower()}"
        self._push(set_where_unlocked(self._document, name, params.replace(**{part.field: values})))
