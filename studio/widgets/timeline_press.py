"""What a press in the timeline takes hold of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt

from studio.sequence.key_selection import KeySelection
from studio.theme import scaled
from studio.widgets.timeline_hands import Box, FlagHand, Hand, Mark, Move, Pan, Scale, Scrub
from studio.widgets.timeline_lanes import KEY_REACH, Lane, key_at
from studio.widgets.timeline_paint import (
    ARROW,
    GRIP,
    MARK_HEIGHT,
    RULER_HEIGHT,
    label_left,
)

if TYPE_CHECKING:
    from studio.widgets.timeline import Timeline

_MARK_REACH = 6
Button = Qt.MouseButton
Modifier = Qt.KeyboardModifier
_TOGGLES = Modifier.ShiftModifier | Modifier.ControlModifier


def hand_for(timeline: Timeline, place: QPointF, button: Button, modifiers: Modifier) -> Hand | None:
    """What follows the mouse after a press at ``place``; None where the press was all."""
    if button == Button.MiddleButton:
        return Pan(timeline, place)
    if button != Button.LeftButton:
        return None
    if place.y() <= scaled(RULER_HEIGHT):
        mark = _mark_at(timeline, place)
        return _scrub(timeline, place) if mark is None else Mark(timeline, mark)
    if (flag := timeline.flag_at(place)) is not None:
        return FlagHand(timeline, flag, timeline.flags[flag].frame)
    if (ends := _grip_at(timeline, place)) is not None:
        about = timeline.position if modifiers & Modifier.AltModifier else ends[1]
        return Scale(timeline, ends[0], about) if ends[0] != about else None
    row = timeline.rows.at(place.y())
    if place.x() < timeline.ruler.left - KEY_REACH:
        if row is not None:
            _press_title(timeline, timeline.lanes[row], place.x(), modifiers)
        return None
    return _press_ground(timeline, None if row is None else timeline.lanes[row], place, modifiers)


def _scrub(timeline: Timeline, place: QPointF) -> Hand:
    timeline.scrub_started.emit()
    timeline.scrub_to(place.x())
    return Scrub(timeline)


def _mark_at(timeline: Timeline, place: QPointF) -> Literal["first", "last"] | None:
    x, y, ruler = place.x(), place.y(), timeline.ruler
    first, last = (ruler.x(frame) for frame in timeline.range)
    near_cursor = timeline.flag.left() <= x <= timeline.flag.right()
    if y >= scaled(RULER_HEIGHT) - MARK_HEIGHT or not near_cursor:
        if first - _MARK_REACH - 2 <= x <= first + 2:
            return "first"
        if last - 2 <= x <= last + _MARK_REACH + 2:
            return "last"
    return None


def _grip_at(timeline: Timeline, place: QPointF) -> tuple[float, float] | None:
    """The frame of the end of what is chosen that is at ``place``, and the other end's; None: neither is."""
    ends = timeline.grips()
    top = timeline.rows.top
    if ends is None or not top <= place.y() <= top + GRIP + 1:
        return None
    first, last = (timeline.ruler.x(frame) for frame in ends)
    if first - 2 * GRIP <= place.x() <= first - 1:
        return ends
    return (ends[1], ends[0]) if last + 1 <= place.x() <= last + 2 * GRIP else None


def over_mark(timeline: Timeline, place: QPointF) -> bool:
    """Whether something at ``place`` is dragged sideways."""
    if place.y() <= scaled(RULER_HEIGHT):
        return _mark_at(timeline, place) is not None
    return timeline.flag_at(place) is not None or _grip_at(timeline, place) is not None


def _press_title(timeline: Timeline, lane: Lane, x: float, modifiers: Modifier) -> None:
    left = label_left(lane)
    if lane.is_open is not None and left - scaled(ARROW) - 4 <= x < left:
        timeline.lane_opened.emit(lane.id)
        return
    chosen, own = timeline.chosen_lanes, frozenset({lane.id})
    if modifiers & _TOGGLES:
        timeline.lanes_chosen.emit(chosen ^ own)
    else:
        timeline.lanes_chosen.emit(frozenset() if chosen == own else own)


def _press_ground(timeline: Timeline, lane: Lane | None, place: QPointF, modifiers: Modifier) -> Hand | None:
    if not timeline.keys:
        return _scrub(timeline, place)
    ruler = timeline.ruler
    frame = None if lane is None else key_at(timeline.keys, lane, ruler, place.x(), KEY_REACH)
    if lane is None or frame is None:
        return Box(timeline, place, modifiers)
    pressed = KeySelection.between(timeline.keys, lane.channels, frame, frame)
    before = timeline.chosen
    is_chosen = before.covers(pressed)
    if modifiers & _TOGGLES:
        click = before.without_keys(pressed) if is_chosen else before.with_keys(pressed)
        dragged = before.with_keys(pressed)
    else:
        click, dragged = pressed, before if is_chosen else pressed
    timeline.keys_chosen.emit(dragged)
    ends = timeline.grips()
    if modifiers & Modifier.AltModifier and ends is not None:
        about = ends[1] if abs(frame - ends[0]) < abs(frame - ends[1]) else ends[0]
        return Scale(timeline, frame, about)
    copies = bool(modifiers & Modifier.ControlModifier)
    return Move(timeline, place, frame, copies, click)


def pressed_twice(timeline: Timeline, place: QPointF) -> None:
    """Set a key, open a row, rename a marker, or show all of time, by a double click at ``place``."""
    if place.y() <= scaled(RULER_HEIGHT):
        timeline.show_all()
        return
    if (flag := timeline.flag_at(place)) is not None:
        timeline.flag_asked.emit(flag)
        return
    row = timeline.rows.at(place.y())
    if row is None:
        return
    lane = timeline.lanes[row]
    if place.x() < timeline.ruler.left - KEY_REACH:
        if lane.is_open is not None:
            timeline.lane_opened.emit(lane.id)
    elif key_at(timeline.keys, lane, timeline.ruler, place.x(), KEY_REACH) is None:
        timeline.key_asked.emit(lane, float(round(timeline.ruler.frame(place.x()))))
