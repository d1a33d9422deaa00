"""A field in which a dot is dragged: two values at once."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.theme import current, fix_height, scaled
from studio.widgets.gesture import next_gesture

_HEIGHT = 132
_MARGIN = 10.0  # around the field, so that the dot is whole at its ends
_RADIUS = 6.5
_FINE = 0.1
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Down: (0.0, -1.0),
    Qt.Key.Key_Up: (0.0, 1.0),
}
_RESET_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True)
class PadScale:
    """What a pad stands for: ``across`` grows to the right, ``up`` upwards; 0 is neutral for both."""

    title: str
    across: tuple[float, float]
    up: tuple[float, float]
    step: float = 1.0  # of one key press
    decimals: int = 1
    unit: str = ""
    tip: str = ""

    def held(self, across: float, up: float) -> tuple[float, float]:
        """Both values within their ranges, in whole digits."""
        pairs = ((across, self.across), (up, self.up))
        first, second = (round(min(max(value, low), high), self.decimals) for value, (low, high) in pairs)
        return first, second


class Pad(QWidget):
    """A field with a dot, and lines through the neutral place.

    Drag the dot, or press where it should go (Shift: finer); arrow keys step, double-click or Delete goes
    back to neutral. The pad shows what it is told by :meth:`set_place` and asks by ``moved``.
    """

    moved = Signal(float, float, object)  # across, up, number of the gesture or None

    def __init__(self, scale: PadScale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._place = (0.0, 0.0)
        self._held: QPointF | None = None
        self._gesture: int | None = None
        fix_height(self, _HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(scale.title)
        self.setToolTip(scale.tip)
        self._describe()

    @property
    def place(self) -> tuple[float, float]:
        """What the dot shows: across and up."""
        return self._place

    def set_place(self, across: float, up: float) -> None:
        """Put the dot where these values are."""
        if (across, up) != self._place:
            self._place = across, up
            self._describe()
            self.update()

    def point_at(self, across: float, up: float) -> QPointF:
        """Where these values lie in the widget."""
        field = self._field
        fractions = ((across, self._scale.across), (up, self._scale.up))
        x, y = (min(max((value - low) / (high - low), 0.0), 1.0) for value, (low, high) in fractions)
        return QPointF(field.left() + x * field.width(), field.bottom() - y * field.height())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable width at the fixed height."""
        return QSize(scaled(300), scaled(_HEIGHT))

    @property
    def _field(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _values_at(self, point: QPointF) -> tuple[float, float]:
        field, scale = self._field, self._scale
        x = (point.x() - field.left()) / field.width()
        y = (field.bottom() - point.y()) / field.height()
        (left, right), (bottom, top) = scale.across, scale.up
        return left + x * (right - left), bottom + y * (top - bottom)

    def _describe(self) -> None:
        scale = self._scale
        across, up = (f"{value:.{scale.decimals}f}{scale.unit}" for value in self._place)
        self.setAccessibleDescription(f"{across} across, {up} up")

    def _ask(self, across: float, up: float) -> None:
        wanted = self._scale.held(across, up)
        if wanted != self._place:
            self.set_place(*wanted)
            self.moved.emit(*wanted, self._gesture)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the dot, or bring it to where the field is pressed."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._gesture = next_gesture()
        dot = self.point_at(*self._place)
        away = event.position() - dot
        if away.manhattanLength() > 2.0 * _RADIUS:
            self._ask(*self._values_at(event.position()))
        self._held = event.position()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the dot along."""
        if self._held is None:
            return
        before, now = self._values_at(self._held), self._values_at(event.position())
        fine = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        across, up = self._place
        self._ask(across + fine * (now[0] - before[0]), up + fine * (now[1] - before[1]))
        self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Back to neutral; one step with the click that began it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(0.0, 0.0)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the pad itself uses from being taken as shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and event.key() in (*_ARROWS, *_RESET_KEYS):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step or reset; holding a key is one gesture."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            if not event.isAutoRepeat():
                self._gesture = next_gesture()
            fine = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            step = fine * self._scale.step
            (across, up), (x, y) = self._place, _ARROWS[key]
            self._ask(across + step * x, up + step * y)
        elif key in _RESET_KEYS:
            self._gesture = None
            self._ask(0.0, 0.0)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the field, the lines through neutral, and the dot."""
        roles = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(roles.accent if self.hasFocus() else roles.line), 1.0))
        painter.setBrush(QColor(roles.raised))
        painter.drawRoundedRect(frame, 4.0, 4.0)
        neutral, dot, field = self.point_at(0.0, 0.0), self.point_at(*self._place), self._field
        painter.setPen(QPen(QColor(roles.groove), 1.0))
        painter.drawLine(QPointF(neutral.x(), field.top()), QPointF(neutral.x(), field.bottom()))
        painter.drawLine(QPointF(field.left(), neutral.y()), QPointF(field.right(), neutral.y()))
        ink = roles.accent if self.isEnabled() else roles.disabled
        painter.setPen(QPen(QColor(ink), 2.0))
        painter.drawLine(neutral, dot)
        if self._held is not None:
            painter.setPen(QPen(QColor(roles.accent), 1.5))
            painter.setBrush(QColor(roles.panel))
            painter.drawEllipse(dot, _RADIUS + 1.75, _RADIUS + 1.75)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.handle if self.isEnabled() else roles.disabled))
        painter.drawEllipse(dot, _RADIUS, _RADIUS)
