"""A button that shows a colour and lets the user choose another one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QPushButton, QWidget

from studio.theme import current, keep_fitted, scaled
from studio.widgets.gesture import next_gesture

Colour = tuple[float, float, float]
_SIDE = 14  # of the swatch, at the usual size of text


def _colour(chosen: QColor) -> Colour:
    return (round(chosen.redF(), 4), round(chosen.greenF(), 4), round(chosen.blueF(), 4))


class ColourButton(QPushButton):
    """Swatch and hexadecimal name; the picker shows its choice at once and takes it back on Cancel."""

    colour_changed = Signal(object, object)  # (r, g, b) sRGB 0..1; gesture

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._colour: Colour = (0.0, 0.0, 0.0)
        self.setObjectName("swatch")
        self.setAccessibleName(title)
        self.clicked.connect(self.choose)
        keep_fitted(self, self._show)

    @property
    def colour(self) -> Colour:
        """The colour shown."""
        return self._colour

    def set_colour(self, colour: Colour) -> None:
        """Show ``colour``."""
        if colour != self._colour:
            self._colour = colour
            self._show()

    def _show(self) -> None:
        side, density = scaled(_SIDE), self.devicePixelRatioF()
        swatch = QPixmap(QSize(side, side) * density)
        swatch.setDevicePixelRatio(density)
        swatch.fill(QColor(current().secondary))
        painter = QPainter(swatch)
        painter.fillRect(1, 1, side - 2, side - 2, QColor.fromRgbF(*self._colour))
        painter.end()
        self.setIconSize(QSize(side, side))
        self.setIcon(QIcon(swatch))
        self.setText(QColor.fromRgbF(*self._colour).name())

    def choose(self) -> QColorDialog:
        """Open the picker."""
        gesture, before = next_gesture(), self._colour
        dialog = QColorDialog(QColor.fromRgbF(*self._colour), self)
        dialog.setWindowTitle(self._title)
        dialog.currentColorChanged.connect(lambda chosen: self._ask(_colour(chosen), gesture))
        dialog.rejected.connect(lambda: self._ask(before, gesture))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _ask(self, colour: Colour, gesture: int) -> None:
        if colour != self._colour:
            self.set_colour(colour)
            self.colour_changed.emit(colour, gesture)
