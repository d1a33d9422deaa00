"""The photo over the head on the screen: faint, beside a line, or as what differs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.canvas.photo_difference import FARTHEST
from studio.render.colour_scale import colour_scale
from studio.theme import current

_MARGIN = 12.0  # pixels to the canvas's borders
Way = Literal["nothing", "over", "wipe", "difference"]


@dataclass(frozen=True, eq=False)
class Laid:
    """What lies over the head: a photo of the screen's own pixels, and how it is laid there."""

    way: Way = "nothing"
    photo: QImage = field(default_factory=QImage)
    place: QRect = field(default_factory=QRect)  # of the photo, in the screen's own pixels
    share: float = 0.5  # opacity of the head of "over", the line of "wipe" from the left
    difference: QImage = field(default_factory=QImage)
    mean: float = math.nan  # of the difference inside the head's outline, 0..1


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A picture (H, W, 3 or 4) as Qt has it."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    rows = np.ascontiguousarray(pixels)
    return QImage(rows.data, width, height, channels * width, kind).copy()


class PhotoLayer(QWidget):
    """Draws over ``canvas``; takes nothing from the pointer, and is hidden while nothing lies there."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._laid = Laid()
        self.hide()

    @property
    def laid(self) -> Laid:
        """What lies there."""
        return self._laid

    def lay(self, laid: Laid) -> None:
        """Let ``laid`` lie over the head."""
        self._laid = laid
        self.setVisible(laid.way != "nothing")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the photo, or the difference."""
        laid, ratio = self._laid, self.devicePixelRatioF()
        painter = QPainter(self)
        place = laid.place
        room = QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)
        if laid.way == "over":
            painter.setOpacity(1.0 - laid.share)
            painter.drawImage(room, laid.photo)
        elif laid.way == "wipe":
            edge = laid.share * self.width()
            painter.setClipRect(QRectF(edge, 0.0, self.width() - edge, self.height()))
            painter.drawImage(room, laid.photo)
            painter.setClipping(False)
            painter.fillRect(QRectF(edge - 1.0, 0.0, 2.0, self.height()), QColor(current().text))
        elif laid.way == "difference" and not laid.difference.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(room, laid.difference)
            self._draw_scale(painter, laid.mean)

    def _draw_scale(self, painter: QPainter, mean: float) -> None:
        """The colours and what they stand for, in the lower left corner."""
        text = f"0 to {100.0 * FARTHEST:.0f} % apart"
        if not math.isnan(mean):
            text += f", {100.0 * mean:.1f} % on average"
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 16.0, metrics.height() + 20.0
        box = QRectF(_MARGIN, self.height() - _MARGIN - height, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(current().line))
        painter.setBrush(QColor(current().panel))
        painter.drawRoundedRect(box, 4.0, 4.0)
        colours = image_of(np.ascontiguousarray(colour_scale(signed=False)[None]))
        painter.drawImage(QRectF(box.left() + 8.0, box.top() + 6.0, width - 16.0, 6.0), colours)
        painter.setPen(QColor(current().text))
        words = box.adjusted(8.0, 14.0, -8.0, -2.0)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
