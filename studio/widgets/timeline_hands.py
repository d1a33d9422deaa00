"""What a hand does in the timeline between a press and its release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from PySide6.QtCore import QPointF, Qt

from studio.sequence.key_selection import Curves, KeySelection
from studio.widgets.gesture import next_gesture
from studio.widgets.timeline_lanes import keys_in_box

if TYPE_CHECKING:
    from studio.widgets.timeline import Timeline

_STILL = 3.0  # pixels within which a press is no drag
_MAGNET = 6.0  # pixels around markers, cursor and other keys
_FINE = 100.0  # parts of a frame
Modifier = Qt.KeyboardModifier


class Hand(Protocol):
    """Holds something until the button is let go."""

    def move(self, place: QPointF, modifiers: Modifier) -> None:
        """Follow the mouse."""

    def finish(self) -> None:
        """Let go."""

    def cancel(self) -> None:
        """Leave everything as it was at the press."""


@dataclass
class Scrub:
    """Takes the cursor along."""

    timeline: Timeline

    def move(self, place: QPointF, _modifiers: Modifier) -> None:
        """Bring the cursor under the mouse."""
        self.timeline.scrub_to(place.x())

    def finish(self) -> None:
        """Tell that the cursor rests."""
        self.timeline.scrub_finished.emit()

    def cancel(self) -> None:
        """Leave the cursor where it is."""
        self.finish()


class Mark:
    """Moves the first or the last frame played."""

    def __init__(self, timeline: Timeline, end: Literal["first", "last"]) -> None:
        self._timeline, self._end = timeline, end
        self._gesture, self._before = next_gesture(), timeline.range

    def move(self, place: QPointF, _modifiers: Modifier) -> None:
        """Bring the mark under the mouse, not past the other one."""
        frame = round(self._timeline.ruler.frame(place.x()))
        first, last = self._timeline.range
        self._set((min(frame, last - 1), last) if self._end == "first" else (first, max(frame, first + 1)))

    def finish(self) -> None:
        """Leave it there."""

    def cancel(self) -> None:
        """Put it back."""
        self._set(self._before)

    def _set(self, moved: tuple[int, int]) -> None:
        if moved != self._timeline.range:
            self._timeline.set_range(*moved)
            self._timeline.range_changed.emit(*moved, self._gesture)


class FlagHand:
    """Moves a marker."""

    def __init__(self, timeline: Timeline, index: int, frame: int) -> None:
        self._timeline, self._index = timeline, index
        self._before = self._frame = frame
        self._gesture = next_gesture()
        self._pressed: float | None = None

    def move(self, place: QPointF, _modifiers: Modifier) -> None:
        """Bring the marker under the mouse."""
        if self._pressed is None:
            self._pressed = place.x()
        if self._frame != self._before or abs(place.x() - self._pressed) > _STILL:
            self._set(round(self._timeline.ruler.frame(place.x())))

    def finish(self) -> None:
        """Leave it there."""

    def cancel(self) -> None:
        """Put it back."""
        self._set(self._before)

    def _set(self, frame: int) -> None:
        if frame == self._frame:
            return
        flags = self._timeline.flags
        before = [flag for flag in flags[: self._index] if flag.frame <= frame]
        passed = [flag for flag in flags[self._index + 1 :] if flag.frame < frame]
        self._frame = frame
        self._timeline.flag_moved.emit(self._index, frame, self._gesture)
        self._index = len(before) + len(passed)  # where it is now, in the order of the frames


class Pan:
    """Moves what is seen of time."""

    def __init__(self, timeline: Timeline, place: QPointF) -> None:
        self._timeline, self._start, self._ruler = timeline, place.x(), timeline.ruler

    def move(self, place: QPointF, _modifiers: Modifier) -> None:
        """Keep the frame that was pressed under the mouse."""
        self._timeline.show_part(self._ruler.panned(self._start - place.x()))

    def finish(self) -> None:
        """Leave it there."""

    def cancel(self) -> None:
        """Put it back."""
        self._timeline.show_part(self._ruler)


class Box:
    """Chooses keys within a box; a mere click brings the cursor there."""

    def __init__(self, timeline: Timeline, place: QPointF, modifiers: Modifier) -> None:
        self._timeline, self._start, self._now = timeline, place, place
        self._frame = timeline.ruler.free_frame(place.x())  # what is seen may move on meanwhile
        self._before = timeline.chosen
        self._adds = bool(modifiers & (Modifier.ShiftModifier | Modifier.ControlModifier))
        self._dragged = False

    @property
    def corners(self) -> tuple[QPointF, QPointF] | None:
        """Of the box; None before it is one."""
        start = QPointF(self._timeline.ruler.x(self._frame), self._start.y())
        return (start, self._now) if self._dragged else None

    def move(self, place: QPointF, _modifiers: Modifier) -> None:
        """Choose what lies between the press and here."""
        timeline = self._timeline
        self._now = place
        self._dragged = self._dragged or (place - self._start).manhattanLength() > _STILL
        if not self._dragged:
            return
        first, last = sorted((self._frame, timeline.ruler.free_frame(place.x())))
        rows = timeline.rows.between(self._start.y(), place.y())
        found = keys_in_box(timeline.keys, timeline.lanes, rows, first, last)
        timeline.keys_chosen.emit(self._before.with_keys(found) if self._adds else found)
        timeline.update()

    def finish(self) -> None:
        """Keep the choice, or scrub to where it was clicked."""
        self._timeline.update()
        if not self._dragged and not self._adds:
            self._timeline.keys_chosen.emit(KeySelection())
            self._timeline.scrub_once(self._start.x())

    def cancel(self) -> None:
        """Choose what was chosen before."""
        self._dragged = False
        self._timeline.keys_chosen.emit(self._before)
        self._timeline.update()


class Move:
    """Moves the chosen keys, or lays copies of them, by whole frames; with Shift freely."""

    def __init__(
        self, timeline: Timeline, place: QPointF, frame: float, copies: bool, click: KeySelection
    ) -> None:
        self._timeline = timeline
        self._start, self._frame = place.x(), frame
        self._pressed = timeline.ruler.free_frame(place.x())
        self._copies, self._click = copies, click
        self._gesture, self._by, self._dragged = next_gesture(), 0.0, False

    def move(self, place: QPointF, modifiers: Modifier) -> None:
        """Bring the key that was pressed under the mouse."""
        self._dragged = self._dragged or abs(place.x() - self._start) > _STILL
        if not self._dragged:
            return
        wanted = self._frame + self._timeline.ruler.free_frame(place.x()) - self._pressed
        by = snapped(self._timeline, wanted, modifiers) - self._frame
        if by != self._by:
            self._by = by
            told = self._timeline.keys_duplicated if self._copies else self._timeline.keys_moved
            told.emit(by, self._gesture)

    def finish(self) -> None:
        """Leave them there; a mere click chooses."""
        if not self._dragged:
            self._timeline.keys_chosen.emit(self._click)

    def cancel(self) -> None:
        """Put them back."""
        if self._by:
            name = "Duplicate keys" if self._copies else "Move keys"
            self._timeline.gesture_cancelled.emit(self._gesture, name)


class Scale:
    """Spreads the chosen keys about a frame, to whole frames; with Shift freely."""

    def __init__(self, timeline: Timeline, frame: float, about: float) -> None:
        self._timeline = timeline
        self._frame, self._about = frame, about
        self._gesture, self._factor = next_gesture(), 1.0

    def move(self, place: QPointF, modifiers: Modifier) -> None:
        """Bring the end that was pressed under the mouse."""
        wanted = snapped(self._timeline, self._timeline.ruler.free_frame(place.x()), modifiers)
        factor = (wanted - self._about) / (self._frame - self._about)
        if factor != self._factor and factor > 0.0:
            self._factor = factor
            whole = not modifiers & Modifier.ShiftModifier
            self._timeline.keys_scaled.emit(factor, self._about, whole, self._gesture)

    def finish(self) -> None:
        """Leave them so."""

    def cancel(self) -> None:
        """Put them back."""
        if self._factor != 1.0:
            self._timeline.gesture_cancelled.emit(self._gesture, "Scale keys")


def snapped(timeline: Timeline, frame: float, modifiers: Modifier) -> float:
    """``frame`` on a marker, the cursor or another key that is near, else whole; with Shift almost free."""
    if modifiers & Modifier.ShiftModifier:
        return round(frame * _FINE) / _FINE
    scale = timeline.ruler.scale
    if scale < _MAGNET:
        reach = _MAGNET / max(scale, 1e-12)
        near = _others(timeline.keys, timeline.chosen, frame, reach)
        near += [*(float(flag.frame) for flag in timeline.flags), timeline.position]
        best = min(near, key=lambda other: abs(other - frame))
        if abs(best - frame) <= reach:
            return best
    return float(round(frame))


def _others(curves: Curves, chosen: KeySelection, frame: float, reach: float) -> list[float]:
    """The frames of keys that are not chosen, around ``frame``."""
    found = []
    for channel, curve in curves.items():
        if channel not in chosen.frames:
            place = int(np.searchsorted(curve.frames, frame))
            near = curve.frames[max(place - 1, 0) : place + 1]
            found += [float(other) for other in near if abs(other - frame) <= reach]
    return found
