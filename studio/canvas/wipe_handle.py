"""The line between two heads, as something that a hand can take hold of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.theme import current

WIDTH = 22  # pixels that can be grasped
_GRIP = 10.0  # radius of the knob
_STEP, _PAGE = 0.01, 0.1  # shares of the canvas
_KEYS = {
    Qt.Key.Key_Left: -_STEP,
    Qt.Key.Key_Right: _STEP,
    Qt.Key.Key_PageDown: -_PAGE,
    Qt.Key.Key_PageUp: _PAGE,
    Qt.Key.Key_Home: -1.0,
    Qt.Key.Key_End: 1.0,
}


class WipeHandle(QWidget):
    """A strip over ``canvas`` along the line; dragged, or moved by arrow keys, it asks for other places."""

    grasped = Signal()  # another gesture begins
    asked = Signal(float)  # share of the width from the left

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._share = 0.5
        self._grip: float | None = None  # from the line to where it was taken hold of
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Line between the two heads")
        self.setToolTip("Drag, or use the arrow keys: A is left of the line, B right of it")
        self.hide()

    @property
    def share(self) -> float:
        """Where the line is."""
        return self._share

    def place(self, share: float) -> None:
        """Put the line at ``share`` of the canvas's width."""
        self._share = share
        self.setAccessibleDescription(f"{100.0 * share:.0f} % from the left")
        middle = round(share * self._canvas.width())
        self.setGeometry(middle - WIDTH // 2, 0, WIDTH, self._canvas.height())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as the canvas."""
        return QSize(WIDTH, self._canvas.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.grasped.emit()
            self._grip = self._at(event) - self._share * self._canvas.width()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag it."""
        if self._grip is not None:
            self._ask((self._at(event) - self._grip) / max(self._canvas.width(), 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Back to the middle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(0.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by keys; holding one is one gesture."""
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            self.grasped.emit()
        self._ask(self._share + step)

    def _at(self, event: QMouseEvent) -> float:
        return self.mapToParent(event.position()).x()

    def _ask(self, share: float) -> None:
        wanted = min(max(share, 0.0), 1.0)
        if wanted != self._share:
            self.asked.emit(wanted)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the knob; the line itself belongs to the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        roles, middle = current(), QPointF(self.width() / 2.0, self.height() / 2.0)
        painter.setPen(QPen(QColor(roles.accent if self.hasFocus() else roles.line), 1.5))
        painter.setBrush(QColor(roles.raised))
        painter.drawEllipse(middle, _GRIP, _GRIP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.text))
        for side in (-1.0, 1.0):
            tip, base = middle + QPointF(side * 7.0, 0.0), middle.x() + side * 2.5
            painter.drawPolygon(
                QPolygonF([tip, QPointF(base, middle.y() - 3.5), QPointF(base, middle.y() + 3.5)])
            )
