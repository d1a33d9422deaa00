"""The hand over drawn curves: chooses keys, moves them and their handles, and asks for new ones.

It knows keys by the name of their curve and their number, and asks for changes; whoever holds the keys
makes them. Imported only when curves are first seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QTransform

from studio.widgets.curve_keys import Hit, KeyedCurve, KeyMarks, Side, hit, within
from studio.widgets.gesture import next_gesture

Chosen = Mapping[str, NDArray[np.intp]]  # numbers of keys by the name of their curve
Way = Literal["set", "add", "toggle"]

_SLACK = 3.0  # pixels that a press may slip before it is a drag
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class KeyDrag:
    """How far the chosen keys are from where they were pressed."""

    frames: float
    value: float  # of the left axis
    gesture: int


@dataclass(frozen=True)
class HandleDrag:
    """Where the end of a handle was brought to."""

    curve: str
    key: int
    side: Side
    frame: float
    value: float  # of the left axis
    free: bool  # whether the other handle of the key stays as it is
    gesture: int


class Place(Protocol):
    """The plot that the hand works on."""

    def pixels(self) -> QTransform:
        """From frames and values to pixels of the widget."""

    def value_step(self) -> float:
        """How far values are apart that a drag snaps to."""


class CurveHand(QObject):
    """Mouse events over keys. Each method says whether the event was for it."""

    chosen = Signal(object, str)  # Chosen, Way
    drag_started = Signal()
    keys_dragged = Signal(object)  # KeyDrag
    handle_dragged = Signal(object)  # HandleDrag
    drag_finished = Signal()
    drag_cancelled = Signal(int, bool)  # the gesture, and whether it was of a handle
    key_asked = Signal(str, float, float)  # curve, frame, value

    def __init__(self, plot: Place, marks: KeyMarks, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self._marks = marks
        self._hit: Hit | None = None
        self._press: QPointF | None = None
        self._moved = False
        self._gesture = 0
        self._was_chosen = False

    @property
    def busy(self) -> bool:
        """Whether the mouse is held."""
        return self._press is not None

    def press(self, event: QMouseEvent) -> bool:
        """Take hold of a key, a handle, or of nothing for a box."""
        if event.button() != Qt.MouseButton.LeftButton or not self._marks.curves:
            return False
        self._press, self._moved, self._gesture = event.position(), False, next_gesture()
        self._hit = hit(self._marks.curves, self._plot.pixels(), self._press)
        if self._hit is None or self._hit.side is not None:
            return True
        curve = self._marks.curves[self._hit.curve]
        self._was_chosen = bool(curve.chosen[self._hit.key])
        adds = bool(event.modifiers() & (_SHIFT | _CONTROL))
        if not self._was_chosen:
            self._choose_hit("add" if adds else "set")
        elif adds:
            self._choose_hit("toggle")
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on with what was taken hold of."""
        if self._press is None:
            return False
        apart = event.position() - self._press
        if not self._moved and abs(apart.x()) + abs(apart.y()) < _SLACK:
            return True
        if not self._moved and self._hit is not None:
            self.drag_started.emit()
        self._moved = True
        if self._hit is None:
            self._marks.set_box(self._box(event.position()))
        elif self._hit.side is None:
            self._drag_keys(event)
        else:
            self._drag_handle(self._hit, self._hit.side, event)
        return True

    def release(self, event: QMouseEvent) -> bool:
        """Let go."""
        if self._press is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        adds = bool(event.modifiers() & (_SHIFT | _CONTROL))
        if self._hit is None:
            self._marks.set_box(None)
            box = self._box(event.position())
            found = {} if not self._moved else _inside(self._marks.curves, box)
            self.chosen.emit(found, "add" if adds else "set")
        elif self._moved:
            self.drag_finished.emit()
        elif self._hit.side is None and self._was_chosen and not adds:
            self._choose_hit("set")
        self._press = self._hit = None
        return True

    def cancel(self) -> bool:
        """Leave everything as it was at the press; False where nothing is held."""
        if self._press is None:
            return False
        found, moved = self._hit, self._moved
        self._press = self._hit = None
        self._marks.set_box(None)
        if found is not None and moved:
            self.drag_cancelled.emit(self._gesture, found.side is not None)
        return True

    def double_click(self, event: QMouseEvent, curve: Callable[[QPointF], str | None]) -> bool:
        """Ask for a key on the curve that is found at the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        place = event.position()
        if hit(self._marks.curves, self._plot.pixels(), place) is not None:
            return True
        name = curve(place)
        if name is None:
            return False
        at = self._at(place)
        self.key_asked.emit(name, at.x(), at.y())
        return True

    def is_over(self, place: QPointF) -> bool:
        """Whether there is a key or a handle to take hold of at ``place``."""
        return hit(self._marks.curves, self._plot.pixels(), place) is not None

    def _at(self, place: QPointF) -> QPointF:
        return self._plot.pixels().inverted()[0].map(place)

    def _box(self, place: QPointF) -> QRectF:
        assert self._press is not None
        return QRectF(self._at(self._press), self._at(place)).normalized()

    def _choose_hit(self, way: Way) -> None:
        assert self._hit is not None
        name = self._marks.curves[self._hit.curve].name
        self.chosen.emit({name: np.array([self._hit.key], np.intp)}, way)

    def _drag_keys(self, event: QMouseEvent) -> None:
        assert self._press is not None
        start, now = self._at(self._press), self._at(event.position())
        frames, value = now.x() - start.x(), now.y() - start.y()
        if event.modifiers() & _SHIFT:  # along one direction only: the farther one on the screen
            apart = event.position() - self._press
            sideways = abs(apart.x()) >= abs(apart.y())
            frames, value = (frames, 0.0) if sideways else (0.0, value)
        if not event.modifiers() & _ALT:
            frames = float(round(frames))
        if event.modifiers() & _CONTROL:
            step = self._plot.value_step()
            value = step * round(value / step)
        self.keys_dragged.emit(KeyDrag(frames, value, self._gesture))

    def _drag_handle(self, found: Hit, side: Side, event: QMouseEvent) -> None:
        now = self._at(event.position())
        name, free = self._marks.curves[found.curve].name, bool(event.modifiers() & _ALT)
        self.handle_dragged.emit(HandleDrag(name, found.key, side, now.x(), now.y(), free, self._gesture))


def _inside(curves: Sequence[KeyedCurve], box: QRectF) -> Chosen:
    found = {
        curve.name: np.flatnonzero(within(curve, box.left(), box.right(), box.top(), box.bottom()))
        for curve in curves
    }
    return {name: keys for name, keys in found.items() if len(keys)}
