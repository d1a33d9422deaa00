"""Painting on the photo where skin is seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen

from studio.document.document import Document
from studio.document.photo_mask import Mask, as_media, inverted, mask_size, stroke
from studio.document.reference_commands import set_mask
from studio.panels.panel import Push
from studio.theme import current
from studio.widgets.photo_view import PhotoView

Key = Qt.Key
Modifier = Qt.KeyboardModifier

LEAST, MOST = 2.0, 300.0  # pixels of the view of the brush's radius
_STEP = 1.2
_TINT = 0.5  # opacity of what is marked
_ARROWS = {
    Key.Key_Left: (-1.0, 0.0),
    Key.Key_Right: (1.0, 0.0),
    Key.Key_Up: (0.0, -1.0),
    Key.Key_Down: (0.0, 1.0),
}


class MaskTool(QObject):
    """Drag to paint, with Alt to erase, or the other way round after X; a stroke is one step to undo.

    [ and ], or Ctrl and the wheel, size the brush; arrow keys move it, Space dabs.
    """

    redraw = Signal()
    brush_changed = Signal()

    keys = frozenset((Key.Key_BracketLeft, Key.Key_BracketRight, Key.Key_X, Key.Key_Space, *_ARROWS))
    magnified: QPointF | None = None

    def __init__(self, document: Document, push: Push, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._push = document, push
        self.radius = 28.0  # pixels of the view
        self.erases = False
        self._size = (1, 1)  # of the photo
        self._mask: Mask = np.zeros((1, 1), np.uint8)
        self._tint: NDArray[np.uint8] = np.zeros((1, 1, 4), np.uint8)
        self._image = QImage()
        self._at: QPointF | None = None  # of the brush, in pixels of the photo
        self._last: QPointF | None = None  # of a stroke under way
        self._scale = 1.0
        self._now_erases = False

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross: the brush is drawn around it."""
        return Qt.CursorShape.CrossCursor

    @property
    def told(self) -> str:
        """What a drag does."""
        return f"{'Erase' if self.erases else 'Paint'}, brush {self.radius:.0f} px"

    @property
    def mask(self) -> Mask:
        """As it is painted now."""
        return self._mask

    def show_mask(self, mask: Mask | None, size: tuple[int, int]) -> None:
        """Go on with ``mask`` (h, w) of a photo of ``size``; None: nothing is marked."""
        self._size = size
        width, height = mask_size(*size)
        self._mask = np.zeros((height, width), np.uint8) if mask is None else _fitted(mask, width, height)
        self._tint = np.zeros((*self._mask.shape, 4), np.uint8)
        height, width = self._mask.shape
        self._image = QImage(
            self._tint.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
        )
        self._colour_in(slice(None), slice(None))
        self.redraw.emit()

    def press(self, place: QPointF, scale: float, keys: Modifier) -> bool:
        """Begin a stroke."""
        self._scale = scale
        self._begin(place, self.erases != bool(keys & Modifier.AltModifier))
        return True

    def drag(self, place: QPointF) -> None:
        """Paint up to here."""
        if self._last is not None:
            self._paint_to(place)

    def release(self) -> None:
        """End the stroke: it is one step."""
        if self._last is not None:
            self._last = None
            self.commit("Erase the mask" if self._now_erases else "Paint the mask")

    def hover(self, place: QPointF | None, scale: float) -> None:
        """Show the brush."""
        self._at, self._scale = place, scale
        self.redraw.emit()

    def wheel(self, steps: float, place: QPointF, scale: float, keys: Modifier) -> bool:
        """With Ctrl the wheel sizes the brush."""
        if not keys & Modifier.ControlModifier:
            return False
        self.set_radius(self.radius * _STEP**steps)
        return True

    def key(self, event: QKeyEvent, scale: float) -> bool:
        """Size, swap, move and dab by keys."""
        if event.modifiers() & (Modifier.ControlModifier | Modifier.MetaModifier):
            return False
        key = Key(event.key())
        self._scale = scale
        if key in (Key.Key_BracketLeft, Key.Key_BracketRight):
            self.set_radius(self.radius * (_STEP if key == Key.Key_BracketRight else 1.0 / _STEP))
        elif key == Key.Key_X:
            self.set_erases(not self.erases)
        elif key in _ARROWS:
            across, down = _ARROWS[key]
            at = self._at or QPointF(self._size[0] / 2.0, self._size[1] / 2.0)
            step = max(self.radius / 2.0, 1.0) / scale
            self._at = QPointF(
                min(max(at.x() + across * step, 0.0), self._size[0]),
                min(max(at.y() + down * step, 0.0), self._size[1]),
            )
        elif key == Key.Key_Space and self._at is not None:
            self._begin(self._at, self.erases)
            self.release()
        else:
            return False
        return True

    def set_radius(self, radius: float) -> None:
        """Size the brush, in pixels of the view."""
        self.radius = min(max(radius, LEAST), MOST)
        self.brush_changed.emit()
        self.redraw.emit()

    def set_erases(self, erases: bool) -> None:
        """Erase by dragging, or paint."""
        self.erases = erases
        self.brush_changed.emit()
        self.redraw.emit()

    def invert(self) -> None:
        """Mark what was not marked."""
        self._mask = inverted(self._mask)
        self._colour_in(slice(None), slice(None))
        self.commit("Invert the mask")

    def commit(self, name: str) -> None:
        """Give the mask as it is to the document."""
        media = as_media(self._mask)
        if media != self._document.reference.mask:
            self._push(set_mask(self._document, name, media))

    def _begin(self, place: QPointF, erases: bool) -> None:
        if erases and not self._document.reference.mask:
            self._mask[...] = 255  # without a mask all counts: what is erased is taken from that
            self._colour_in(slice(None), slice(None))
        self._now_erases, self._last = erases, place
        self._paint_to(place)

    def _paint_to(self, place: QPointF) -> None:
        start = self._last or place
        ratio = self._mask.shape[1] / self._size[0]
        rows, columns = stroke(
            self._mask,
            (start.x() * ratio, start.y() * ratio),
            (place.x() * ratio, place.y() * ratio),
            self.radius / self._scale * ratio,
            self._now_erases,
        )
        self._last = self._at = place
        self._colour_in(rows, columns)
        self.redraw.emit()

    def _colour_in(self, rows: slice, columns: slice) -> None:
        """Make the tint of a part of the mask anew."""
        colour = QColor(current().data)
        alpha = self._mask[rows, columns].astype(np.float32) * np.float32(_TINT / 255.0)
        part = self._tint[rows, columns]
        for channel, value in enumerate((colour.blue(), colour.green(), colour.red(), 255)):
            part[..., channel] = np.rint(alpha * value)

    def paint(self, painter: QPainter, view: PhotoView) -> None:
        """Draw the tint and the brush."""
        room = QRectF(view.to_view(0.0, 0.0), QSizeF(*self._size) * view.scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(room, self._image)
        if self._at is None:
            return
        middle = view.to_view(self._at.x(), self._at.y())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if self.erases else Qt.PenStyle.SolidLine
        for pen in (QPen(QColor(current().panel), 3.0), QPen(QColor(current().text), 1.2, style)):
            painter.setPen(pen)
            painter.drawEllipse(middle, self.radius, self.radius)


def _fitted(mask: Mask, width: int, height: int) -> Mask:
    """A copy of ``mask`` at that size."""
    if mask.shape == (height, width):
        return mask.copy()
    from PIL import Image

    return np.array(Image.fromarray(mask).resize((width, height), Image.Resampling.BILINEAR))
