"""Gaze: where both eyes look, in a field, in degrees and in centimetres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal

from studio.controls.gaze import FAR, SIDEWAYS_RANGE, UP_RANGE, Gaze, gaze_of
from studio.document.document import Document
from studio.document.key_states import channels_of, key_state
from studio.document.locks import Locks
from studio.widgets.group import Group
from studio.widgets.pad import Pad, PadScale
from studio.widgets.row_list import RowList
from studio.widgets.slider_scale import SliderScale

_DEGREES = 180.0 / math.pi
_CENTIMETRES = 100.0


def _angle(label: str, limits: tuple[float, float], tip: str) -> SliderScale:
    low, high = (round(_DEGREES * end, 1) for end in limits)
    return SliderScale(label, low, high, decimals=1, unit="°", tip=tip)


_ROWS = (
    _angle("Left / right", SIDEWAYS_RANGE, "Positive: to the subject's left, as far as eyes go"),
    _angle("Up / down", UP_RANGE, "Positive: up, as far as eyes go; the lids follow"),
    SliderScale(
        "Distance",
        8.0,
        _CENTIMETRES * FAR,
        neutral=_CENTIMETRES * FAR,
        decimals=0,
        unit="cm",
        hard_low=4.0,
        bend=3.0,
        tip="How far away the eyes meet; at the right end they look in parallel",
    ),
)
_AXES: tuple[Locks, ...] = (
    frozenset({("eyes_pose", 1), ("eyes_pose", 4)}),
    frozenset({("eyes_pose", 0), ("eyes_pose", 3)}),
    frozenset({("eyes_pose", 1), ("eyes_pose", 4)}),
)
ALL_AXES: Locks = frozenset().union(*_AXES)
_STEPS = ("Gaze left / right", "Gaze up / down", "Gaze distance")
_PAD = PadScale(
    "Gaze",
    (_ROWS[0].low, _ROWS[0].high),
    (_ROWS[1].low, _ROWS[1].high),
    unit="°",
    tip="Drag the dot to where the eyes should look; double-click looks ahead",
)


class GazeGroup(Group):
    """The pad, and a row for each of its two angles and for the distance."""

    asked = Signal(str, object, object)  # name of the step, Gaze, gesture or None
    lock_asked = Signal(str, object)  # what, Locks
    key_asked = Signal(str, object)  # what, Locks

    def __init__(self, document: Document, is_locked: Callable[[Locks], bool]) -> None:
        super().__init__("Gaze")
        self._document = document
        self._gaze = Gaze()
        self.pad = Pad(_PAD)
        self.pad.moved.connect(self._on_pad)
        channels = [channels_of(axes) for axes in _AXES]
        self.rows = RowList(
            _ROWS,
            self._read,
            lambda index: is_locked(_AXES[index]),
            key=lambda index: key_state(document, channels[index]),
        )
        self.rows.key_asked.connect(lambda index: self.key_asked.emit(_STEPS[index], _AXES[index]))
        self.rows.value_changed.connect(self._on_row)
        self.rows.lock_asked.connect(lambda index: self.lock_asked.emit(_STEPS[index].lower(), _AXES[index]))
        self.add(self.pad)
        self.add(self.rows)
        self.take_gaze()

    @property
    def gaze(self) -> Gaze:
        """Where the eyes look."""
        return self._gaze

    def take_gaze(self) -> None:
        """Look again where the eyes look; the rows are told as they are refreshed."""
        self._gaze = gaze_of(self._document.model, self._document.params)
        self.pad.set_place(self._read(0), self._read(1))

    def _read(self, index: int) -> float:
        gaze = self._gaze
        shown = (_DEGREES * gaze.sideways, _DEGREES * gaze.up, _CENTIMETRES * gaze.distance)[index]
        return round(shown, _ROWS[index].decimals)

    def _on_pad(self, across: float, up: float, gesture: int | None) -> None:
        gaze = replace(self._gaze, sideways=across / _DEGREES, up=up / _DEGREES)
        self.asked.emit("Gaze", gaze, gesture)

    def _on_row(self, index: int, value: float, gesture: int | None) -> None:
        name, factor = (("sideways", _DEGREES), ("up", _DEGREES), ("distance", _CENTIMETRES))[index]
        self.asked.emit(_STEPS[index], replace(self._gaze, **{name: value / factor}), gesture)
