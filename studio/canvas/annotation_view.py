"""Lines, words and scales over the head on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.render.annotations import GROUND, Bar, Line, Mark, Words

_FIELD = 0.62  # opacity of the field behind words
_HALO = 1.0  # pixels of dark beside a line
_RADIUS = 3.0
_PADDING = (0.5, 0.28)  # of the font's size, beside and above words


class AnnotationView(QWidget):
    """Draws marks over ``canvas``; takes nothing from the pointer, and costs nothing without marks."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.marks: tuple[Mark, ...] = ()
        self.hide()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Draw ``marks``, in logical pixels of the canvas, the first one lowest."""
        if not marks and not self.marks:
            return
        self.marks = marks
        self.setVisible(bool(marks))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self.marks:
            if isinstance(mark, Line):
                _line(painter, mark)
            elif isinstance(mark, Bar):
                _bar(painter, mark)
            else:
                _words(painter, mark, self.font())


def _line(painter: QPainter, line: Line) -> None:
    for colour, alpha, width in ((GROUND, 0.4, line.width + 2.0 * _HALO), (line.colour, 1.0, line.width)):
        painter.setPen(QPen(_colour(colour, alpha), width))
        painter.drawLine(QPointF(*line.start), QPointF(*line.end))


def _bar(painter: QPainter, bar: Bar) -> None:
    colours = bar.colours[::-1].copy()
    image = QImage(colours.tobytes(), 1, len(colours), 3, QImage.Format.Format_RGB888)
    painter.drawImage(QRectF(*bar.corner, *bar.size), image)


def _words(painter: QPainter, words: Words, base: QFont) -> None:
    font = QFont(base)
    font.setPixelSize(max(round(words.size), 6))
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(words.text) + 2.0 * _PADDING[0] * words.size
    height = metrics.height() + 2.0 * _PADDING[1] * words.size
    left = words.place[0] - {"left": 0.0, "middle": 0.5, "right": 1.0}[words.anchor] * width
    box = QRectF(left, words.place[1] - height / 2.0, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_colour(GROUND, _FIELD))
    painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    painter.setFont(font)
    painter.setPen(_colour(words.colour, 1.0))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words.text)


def _colour(colour: tuple[int, int, int], alpha: float) -> QColor:
    made = QColor(*colour)
    made.setAlphaF(alpha)
    return made
