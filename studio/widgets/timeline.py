"""The timeline under mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from studio.sequence.timecode import write_time
from studio.widgets import timeline_paint
from studio.widgets.plain_tip import plain_tip
from studio.widgets.timeline_canvas import TimelineCanvas
from studio.widgets.timeline_hands import Pan
from studio.widgets.timeline_keyboard import asked_by
from studio.widgets.timeline_lanes import KEY_REACH, key_at
from studio.widgets.timeline_lanes import Lane as Lane
from studio.widgets.timeline_press import hand_for, over_mark, pressed_twice

_ONWARD = 30  # milliseconds between two steps of what is seen while a hand is beside it
_SHARE = 0.25  # of the pixels by which the hand is beside it, with each of them
_NOTCH = 1.25  # nearer by, with one notch of the wheel


class Timeline(TimelineCanvas):
    """Frames from left to right. Drag the ruler to scrub, drag the marks to set in and out.

    Below it keys are chosen by clicks and boxes, dragged, scaled and copied; where there are none a drag
    scrubs there, too. Rows shrink to fit, and scroll under the ruler where they would become too thin to
    read. Ctrl and the wheel show a part of time, which the middle button moves.

    It shows what it is told and asks for changes; frames are fractional only while playing.
    """

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_changed = Signal(int, int, object)  # first, last, gesture
    keys_chosen = Signal(object)  # KeySelection
    keys_moved = Signal(float, object)  # frames, gesture
    keys_duplicated = Signal(float, object)  # frames, gesture
    keys_scaled = Signal(float, float, bool, object)  # factor, about which frame, to whole frames, gesture
    gesture_cancelled = Signal(object, str)  # gesture, the name of its step
    key_asked = Signal(object, float)  # of a lane, at a frame
    lane_opened = Signal(str)  # or closed
    lanes_chosen = Signal(object)  # frozenset of ids
    flag_moved = Signal(int, int, object)  # which marker, to which frame, gesture
    flag_asked = Signal(int)  # which marker is to be renamed
    menu_asked = Signal(object, object, object)  # where on the screen, of which lane, of which marker
    asked = Signal(str)  # by a key: copy, cut, paste, delete, duplicate, all, none, invert, previous, next

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = QPointF(), Qt.KeyboardModifier.NoModifier
        self._onward = QTimer(self, interval=_ONWARD)
        self._onward.timeout.connect(self._go_on)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a key, a mark or the ground, or bring the cursor here."""
        if self._hand is None and self._count > 1:
            self._was_whole = self.ruler.shows_all
            self._hand = hand_for(self, event.position(), event.button(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let what is held follow."""
        if self._hand is not None:
            self._hand.move(event.position(), event.modifiers())
            self._held = event.position(), event.modifiers()
            if self._beyond() and not isinstance(self._hand, Pan):
                self._onward.start()
            return
        over = self._count > 1 and over_mark(self, event.position())
        self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def _beyond(self) -> float:
        """By how many pixels the hand is beside the part of time that is seen; 0 where all is seen."""
        ruler, x = self.ruler, self._held[0].x()
        return 0.0 if ruler.shows_all else x - min(max(x, ruler.left), ruler.right)

    def _go_on(self) -> None:
        """Show what lies on the side where the hand is, and let what it holds come along."""
        before = self.ruler
        if self._hand is None or not (by := self._beyond()):
            self._onward.stop()
            return
        self.show_part(before.panned(_SHARE * by))
        if self.ruler != before:
            self._hand.move(*self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if self._hand is not None and not event.buttons():
            self._end_hand(cancel=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Set a key, open a row, rename a marker, or show all of time."""
        if event.button() == Qt.MouseButton.LeftButton and self._count > 1:
            pressed_twice(self, event.position())

    def _end_hand(self, cancel: bool) -> None:
        self._onward.stop()
        hand, self._hand = self._hand, None
        if hand is not None:
            hand.cancel() if cancel else hand.finish()
        if self._was_whole:
            self._view = (0.0, None)
        self._fit_bars()
        self._redraw()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what can be done here."""
        if self._count < 2:
            return
        place = QPointF(event.pos())
        row = self.rows.at(place.y())
        self.menu_asked.emit(
            event.globalPos(), None if row is None else self._lanes[row], self.flag_at(place)
        )

    def flag_at(self, place: QPointF) -> int | None:
        """Which marker is at ``place``; None where there is none."""
        advance = self.fontMetrics().horizontalAdvance
        for flag, rect in timeline_paint.flag_places(self._flags, self.ruler, advance):
            if rect.adjusted(-3.0, 0.0, 0.0, 0.0).contains(place):
                return self._flags.index(flag)
        return None

    def scrub_to(self, x: float) -> None:
        """Bring the cursor to ``x``."""
        frame = float(round(self.ruler.frame(x)))
        if frame != self._position:
            self.set_position(frame)
            self.scrubbed.emit(frame)

    def scrub_once(self, x: float) -> None:
        """Bring the cursor to ``x`` and let it rest there."""
        self.scrub_started.emit()
        self.scrub_to(x)
        self.scrub_finished.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl, pan with Shift; scroll lanes that do not all fit; else step with the focus."""
        turned, modifiers = event.angleDelta(), event.modifiers()
        notches = (turned.y() or turned.x()) / 120.0
        if modifiers & Qt.KeyboardModifier.ControlModifier and self._count > 1:
            self.show_part(self.ruler.zoomed(_NOTCH**notches, event.position().x()))
        elif (modifiers & Qt.KeyboardModifier.ShiftModifier or not turned.y()) and not self.ruler.shows_all:
            self.show_part(self.ruler.panned(-60.0 * notches))
        elif self._bars.can_scroll and event.position().y() > self._below:
            self._bars.scroll(event)
        elif self.hasFocus() and int(notches):
            self._step(-int(notches))
        else:
            event.ignore()
            return
        event.accept()  # or the panel's own would scroll on at the ends

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the timeline itself uses from being taken as shortcuts; tell cut titles."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and asked_by(event):
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _tip_at(self, place: QPointF) -> str:
        """The whole title of a row, or where in time a key lies."""
        row = self.rows.at(place.y())
        if row is None or self._count < 2:
            return ""
        lane, ruler = self._lanes[row], self.ruler
        if place.x() < ruler.left - KEY_REACH:
            return plain_tip(lane.title)
        frame = key_at(self._keys, lane, ruler, place.x(), KEY_REACH)
        if frame is None:
            return ""
        told = f"frame {frame:g}" if self._unit == "frames" else write_time(frame, self._fps, self._unit)
        return plain_tip(f"{lane.title}, {told}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right step by a frame, with Shift by ten; up and down go from key to key; others edit."""
        if event.key() == Qt.Key.Key_Escape and self._hand is not None:
            self._end_hand(cancel=True)
            return
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        name = asked_by(event)
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._step(step * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif name in ("nearer", "farther"):
            ruler = self.ruler
            self.show_part(
                ruler.zoomed(_NOTCH**2 if name == "nearer" else _NOTCH**-2, ruler.x(self._position))
            )
        elif name == "whole":
            self.show_all()
        elif name and not (name == "none" and not self._chosen):
            self.asked.emit(name)
        else:
            super().keyPressEvent(event)

    def _step(self, frames: int) -> None:
        frame = float(min(max(round(self._position) + frames, 0), self._count - 1))
        if frame != self._position:
            self.scrub_started.emit()
            self.set_position(frame)
            self.scrubbed.emit(frame)
            self.scrub_finished.emit()
            self.tell_state()
