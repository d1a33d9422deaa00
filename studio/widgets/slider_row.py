"""One row: label, slider, exact number."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from studio.theme import keep_fitted, scaled
from studio.widgets import slider_paint
from studio.widgets.gesture import next_gesture
from studio.widgets.number_editor import NumberEditor
from studio.widgets.plain_tip import plain_tip
from studio.widgets.slider_keys import ARROWS, EDITING, ENDS, LOCKING, RESETTING
from studio.widgets.slider_scale import SliderScale

ROW_HEIGHT = 24  # at the usual size of text
_LEAST_WIDTH = 180
_SCRUB_PIXELS = 200.0  # dragging the number by this many pixels runs through the range
_FINE = 0.1
_NOTCH_SECONDS = 0.6  # a wheel that rests longer than this begins another gesture
_HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class SliderRow(QWidget):
    """Label, slider and number in one painted widget.

    Drag the slider or the number (Shift: finer), click the number or press Return to type it,
    double-click label or slider, or press Delete, to go back to neutral; arrow and page keys step,
    Home and End go to the ends; the wheel works when the row has the focus. Where it can be locked, the
    padlock at the label's end or the K key asks for that; it is seen under the mouse, and always while
    locked. Where it can have keys in time, the diamond before the number or Shift+K asks for one or takes it
    away; it is filled where there is a key now. The row shows what it is told by :meth:`set_value` and asks
    for changes by ``value_changed``.
    """

    value_changed = Signal(float, object)  # value; number of the gesture, None for a single change
    lock_asked = Signal()  # the other way round
    key_asked = Signal()  # set one, or delete the one that is here
    focused = Signal()

    def __init__(
        self,
        scale: SliderScale,
        parent: QWidget | None = None,
        *,
        lockable: bool = False,
        keyable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._scale = scale
        self._lockable = lockable
        self._keyable = keyable
        self._key: slider_paint.KeyState = "none"
        self._locked = False
        self._value = scale.neutral
        self._text = scale.text(scale.neutral)
        self._editor: NumberEditor | None = None
        self._gesture: int | None = None
        self._pressed: slider_paint.Part | None = None
        self._grip = 0.0  # where the handle was taken hold of, or where a scrub stands
        self._last_x = 0.0
        self._moved = False
        self._last_notch = -_NOTCH_SECONDS
        keep_fitted(self, self._fit_to_text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(scale.full_title or scale.title)
        self.setAccessibleDescription(self._text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, lockable or keyable)
        self.setEnabled(scale.available)
        if scale.tip:
            self.setToolTip(plain_tip(scale.tip))

    @property
    def scale(self) -> SliderScale:
        """What the row stands for."""
        return self._scale

    @property
    def value(self) -> float:
        """The value shown."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``."""
        if value == self._value:
            return
        self._value = value
        self._text = self._scale.text(value)
        if QAccessible.isActive():
            self._describe()
        self.update()

    @property
    def locked(self) -> bool:
        """Whether the row shows that its value is locked."""
        return self._locked

    def set_locked(self, locked: bool) -> None:
        """Show whether the value is locked."""
        if locked != self._locked:
            self._locked = locked
            self._describe()
            self.update()

    @property
    def key(self) -> slider_paint.KeyState:
        """Whether the row shows that its value has keys."""
        return self._key

    def set_key(self, key: slider_paint.KeyState) -> None:
        """Show whether the value has keys, and one at this time."""
        if key != self._key:
            self._key = key
            self._describe()
            self.update()

    def _describe(self) -> None:
        told = (self._text, "locked" if self._locked else "", slider_paint.KEY_WORDS[self._key])
        self.setAccessibleDescription(", ".join(word for word in told if word))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable width at the fixed height."""
        return QSize(scaled(300), scaled(ROW_HEIGHT))

    def _fit_to_text(self) -> None:
        self.setFixedHeight(scaled(ROW_HEIGHT))
        self.setMinimumWidth(scaled(_LEAST_WIDTH))

    @property
    def geometry_of_parts(self) -> slider_paint.Parts:
        """Where label, groove and number lie."""
        return slider_paint.parts(self.width(), self.height(), self._keyable)

    def reset(self) -> None:
        """Ask for the neutral value, as a step of the gesture just made or a step of its own."""
        self._ask(self._scale.neutral)

    def edit(self) -> None:
        """Let the user type the number."""
        if self._editor is None:
            self._editor = NumberEditor(self._scale, self)
            self._editor.editingFinished.connect(self._take_number)
            self._editor.installEventFilter(self)
        self._editor.setGeometry(self.geometry_of_parts.number.toRect())
        self._editor.setText(self._text)
        self._editor.selectAll()
        self._editor.show()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Return takes the number that was typed, Escape leaves it as it was."""
        pressed = watched is self._editor and event.type() == QEvent.Type.KeyPress
        if not pressed or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._close_editor()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_number()
            return True
        return False

    def _take_number(self) -> None:
        editor = self._editor
        if editor is None or not editor.isVisible():
            return
        typed = editor.text()
        self._close_editor()
        value = self._scale.parse(typed)
        if value is not None and typed != self._text:
            self._gesture = None
            self._ask(value)

    def _close_editor(self) -> None:
        editor = self._editor
        assert editor is not None
        had_focus = editor.hasFocus()
        editor.hide()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, value: float) -> None:
        if value != self._value:
            self.set_value(value)
            self.value_changed.emit(value, self._gesture)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the handle, jump to where the groove is pressed, or take hold of the number."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        if (asked := self._asked_at(event.position())) is not None:
            asked.emit()
            return
        parts, x = self.geometry_of_parts, event.position().x()
        self._pressed = parts.at(x)
        self._last_x, self._moved, self._grip = x, False, 0.0
        self._gesture = next_gesture()
        if self._pressed == "groove":
            handle = parts.handle_x(self._scale.fraction(self._value))
            if abs(x - handle) <= slider_paint.HANDLE_RADIUS + 2:
                self._grip = x - handle
            else:
                self._ask(self._scale.value_at(parts.fraction(x)))
        elif self._pressed == "number":
            self._grip = self._value
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the handle or the number."""
        x = event.position().x()
        if self._pressed is None or self._pressed == "label":
            return
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._pressed == "number":
            self._scrub(x, fine)
        elif fine:
            self._grip_finely(x)
        else:
            self._ask(self._scale.value_at(self.geometry_of_parts.fraction(x - self._grip)))
        self._last_x = x

    def _grip_finely(self, x: float) -> None:
        parts = self.geometry_of_parts
        span = self._scale.high - self._scale.low
        change = _FINE * (x - self._last_x) / parts.groove.width() * span
        decimals = self._scale.decimals + 1
        value = round(self._value + change, decimals)
        self._ask(min(max(value, self._scale.low), self._scale.high))
        self._grip = x - parts.handle_x(self._scale.fraction(self._value))

    def _scrub(self, x: float, fine: bool) -> None:
        if not self._moved and abs(x - self._last_x) < 3:
            return
        self._moved = True
        span = self._scale.high - self._scale.low
        self._grip += (x - self._last_x) / _SCRUB_PIXELS * span * (_FINE if fine else 1.0)
        self._grip = self._scale.clamped(self._grip)
        self._ask(round(self._grip, self._scale.decimals))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a click on the number opens it for typing."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        clicked_number = self._pressed == "number" and not self._moved
        self.unsetCursor()
        self._pressed = None
        self.update()
        if clicked_number:
            self.edit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Back to neutral; one step with the click that began it."""
        asked = self._asked_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and asked is not None:
            asked.emit()
            return
        on_number = self.geometry_of_parts.at(event.position().x()) == "number"
        if event.button() == Qt.MouseButton.LeftButton and not on_number:
            self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Step when the row has the focus, in one gesture while it turns; otherwise the panel scrolls."""
        notches = event.angleDelta().y() / 120.0
        if not self.hasFocus() or not notches:
            event.ignore()
            return
        now = time.monotonic()
        if now - self._last_notch > _NOTCH_SECONDS:
            self._gesture = next_gesture()
        self._last_notch = now
        self._step_by(notches, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()

    def _step_by(self, steps: float, fine: bool = False) -> None:
        decimals = self._scale.decimals + (1 if fine else 0)
        value = self._value + steps * self._scale.step * (_FINE if fine else 1.0)
        self._ask(round(self._scale.clamped(value), decimals))

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the row itself uses from being taken as shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~_HARMLESS
            locks = (LOCKING,) if self._lockable or self._keyable else ()
            if plain and event.key() in (*ARROWS, *ENDS, *EDITING, *RESETTING, *locks):
                event.accept()
                return True
        if isinstance(event, QHelpEvent) and self._on_lock(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), slider_paint.LOCK_TIPS[self._locked], self)
            return True
        if isinstance(event, QHelpEvent) and self._on_key(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), slider_paint.KEY_TIPS[self._key], self)
            return True
        return super().event(event)

    def _asked_at(self, place: QPointF) -> SignalInstance | None:
        """What a press at ``place`` asks for, beside the value."""
        if self._on_lock(place):
            return self.lock_asked
        return self.key_asked if self._on_key(place) else None

    def _on_key(self, place: QPointF) -> bool:
        return self._keyable and self.geometry_of_parts.on_key(place.x())

    @property
    def _diamond(self) -> slider_paint.KeyState | None:
        hovered = self._keyable and self.isEnabled() and self.underMouse()
        return self._key if hovered or self._key != "none" else None

    def _on_lock(self, place: QPointF) -> bool:
        return self._lockable and self.geometry_of_parts.on_lock(place.x())

    @property
    def _padlock(self) -> slider_paint.Padlock:
        if self._locked:
            return "lock"
        return "lock-open" if self._lockable and self.isEnabled() and self.underMouse() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step, type, reset or lock; holding a key is one gesture."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            if not event.isAutoRepeat():
                self._gesture = next_gesture()
            self._step_by(ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in ENDS:
            self._gesture = None
            self._ask(self._scale.low if key == Qt.Key.Key_Home else self._scale.high)
        elif key in EDITING:
            self.edit()
        elif key in RESETTING:
            self._gesture = None
            self.reset()
        elif key == LOCKING and (asked := self._asked_by_k(event)) is not None:
            if not event.isAutoRepeat():
                asked.emit()
        else:
            super().keyPressEvent(event)

    def _asked_by_k(self, event: QKeyEvent) -> SignalInstance | None:
        """What K asks for here: a key in time with Shift, else the padlock."""
        if event.modifiers() & ~_HARMLESS:
            return None
        if self._keyable and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return self.key_asked
        return self.lock_asked if self._lockable else None

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus ring."""
        super().focusInEvent(event)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep an open number field over the number."""
        super().resizeEvent(event)
        if self._editor is not None and self._editor.isVisible():
            self._editor.setGeometry(self.geometry_of_parts.number.toRect())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw label, groove, handle and number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        slider_paint.paint(
            painter,
            self.geometry_of_parts,
            self._scale,
            self._value,
            self._text,
            enabled=self.isEnabled(),
            focused=self.hasFocus(),
            held=self._pressed is not None,
            padlock=self._padlock,
            key=self._diamond,
        )
