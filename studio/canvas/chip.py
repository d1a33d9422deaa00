"""A word beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

_ASIDE = QPoint(14, 16)  # from the pointer to the chip
_MARGIN = 4  # pixels to the canvas's borders


class Chip(QLabel):
    """A label that lies over ``canvas``, beside the pointer and out of its way."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setProperty("role", "chip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def told(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self.text()

    def tell(self, text: str, pointer: QPoint) -> None:
        """Say ``text`` beside ``pointer``, in pixels of the canvas; an empty text hides it."""
        if not text:
            self.hide()
            return
        if text != self.text():
            self.setText(text)
            self.adjustSize()
        self.move(self._place(pointer))
        self.show()
        self.raise_()

    def _place(self, pointer: QPoint) -> QPoint:
        """Beside the pointer, on its other side where there is no room."""
        place, size = pointer + _ASIDE, self.size()
        if place.x() + size.width() > self._canvas.width() - _MARGIN:
            place.setX(max(pointer.x() - _ASIDE.x() - size.width(), _MARGIN))
        if place.y() + size.height() > self._canvas.height() - _MARGIN:
            place.setY(max(pointer.y() - _ASIDE.y() - size.height(), _MARGIN))
        return place
