"""A picture that can be zoomed and moved, with a tool that draws on it and takes the pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.theme import current

Key = Qt.Key

_STEP = 1.25  # of the zoom, by a key or a notch of the wheel
_MOST = 64.0  # logical pixels of the view for one of the photo
_LEAST_SHARE = 0.5  # of the zoom that shows the whole photo
_MARGIN = 16.0  # pixels around the whole photo
_CACHED = 8 << 20  # pixels of a picture that is kept as it is drawn
_GLASS, _GLASS_ZOOM = 74.0, 4.0  # radius of the magnifier, and how much larger it shows
_PAN_KEYS = {Key.Key_Left: (1, 0), Key.Key_Right: (-1, 0), Key.Key_Up: (0, 1), Key.Key_Down: (0, -1)}
_PAN = 48.0  # pixels by a key


class PhotoTool(Protocol):
    """What is done on the photo. Places are in pixels of the photo; ``scale`` is the view's zoom."""

    @property
    def keys(self) -> frozenset[Qt.Key]:
        """Those that no shortcut takes from it."""

    def press(self, place: QPointF, scale: float, keys: Qt.KeyboardModifier) -> bool:
        """The left button went down; False: the drag moves the photo."""

    def drag(self, place: QPointF) -> None:
        """The pointer moved with the button down."""

    def release(self) -> None:
        """The button went up."""

    def hover(self, place: QPointF | None, scale: float) -> None:
        """The pointer moved with no button down, or left."""

    def wheel(self, steps: float, place: QPointF, scale: float, keys: Qt.KeyboardModifier) -> bool:
        """The wheel was turned; False: it zooms."""

    def key(self, event: QKeyEvent, scale: float) -> bool:
        """A key went down; False: it is none of the tool's."""

    def paint(self, painter: QPainter, view: PhotoView) -> None:
        """Draw on the photo, in pixels of the view."""

    @property
    def magnified(self) -> QPointF | None:
        """The place that is seen larger now."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks."""


class PhotoView(QWidget):
    """Shows a photo, whole at first.

    The wheel zooms to the pointer; the middle button, or the left one where the tool does not take it, moves
    the photo; + and - zoom, 0 shows the whole, arrows move where the tool leaves them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Photo")
        self._image = QImage()
        self._size = QSizeF(1.0, 1.0)  # of the photo itself, of which the image may be a smaller one
        self._zoom = 1.0
        self._offset = QPointF()
        self._whole = True  # whether it fits itself into the view
        self._tool: PhotoTool | None = None
        self._doing = ""  # "pan" or "tool", while a button is down
        self._last = QPointF()
        self._drawn: tuple[object, QPixmap] | None = None
        self._closer: Callable[[QRectF], QImage] | None = None

    @property
    def scale(self) -> float:
        """Logical pixels of the view for one of the photo."""
        return self._zoom

    def set_photo(
        self, image: QImage, size: tuple[int, int], closer: Callable[[QRectF], QImage] | None = None
    ) -> None:
        """Show ``image`` of a photo of ``size``; ``closer`` gives a part of the photo itself."""
        changed = size != (self._size.width(), self._size.height())
        self._image, self._size, self._closer = image, QSizeF(*size), closer
        self._drawn = None
        if changed:
            self.show_whole()
        self.update()

    def set_tool(self, tool: PhotoTool | None) -> None:
        """Let ``tool`` draw and take pointer and keys."""
        self._tool, self._doing = tool, ""
        self.setCursor(Qt.CursorShape.ArrowCursor if tool is None else tool.cursor)
        self.update()

    def refresh(self) -> None:
        """Draw anew: the tool shows something else."""
        if self._tool is not None:
            self.setCursor(self._tool.cursor)
        self.update()

    def to_photo(self, place: QPointF) -> QPointF:
        """A place of the view in pixels of the photo."""
        return (place - self._offset) / self._zoom

    def to_view(self, x: float, y: float) -> QPointF:
        """A place of the photo in pixels of the view."""
        return QPointF(x, y) * self._zoom + self._offset

    def show_whole(self) -> None:
        """Fit the photo into the view."""
        self._whole = True
        self._fit()

    def show_part(self, part: QRectF) -> None:
        """Bring ``part`` of the photo as close as it fits."""
        if part.isEmpty() or self.width() < 2:
            return
        self._whole = False
        self._zoom = self._bounded(min(self.width() / part.width(), self.height() / part.height()))
        self._offset = QPointF(self.width() / 2.0, self.height() / 2.0) - part.center() * self._zoom
        self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Show everything larger by ``factor``, the place ``at`` of the view staying where it is."""
        at = QPointF(self.rect().center()) if at is None else at
        fixed = self.to_photo(at)
        self._whole = False
        self._zoom = self._bounded(self._zoom * factor)
        self._offset = at - fixed * self._zoom
        self.update()

    def _fit(self) -> None:
        room = self.width() - 2.0 * _MARGIN, self.height() - 2.0 * _MARGIN
        self._zoom = max(min(room[0] / self._size.width(), room[1] / self._size.height()), 1e-4)
        middle = QPointF(self._size.width(), self._size.height()) * (self._zoom / 2.0)
        self._offset = QPointF(self.width() / 2.0, self.height() / 2.0) - middle
        self.update()

    def _bounded(self, zoom: float) -> float:
        whole = min(self.width() / self._size.width(), self.height() / self._size.height())
        return min(max(zoom, _LEAST_SHARE * whole), max(_MOST, whole))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep showing the whole photo, or the same middle of it."""
        super().resizeEvent(event)
        if self._whole:
            self._fit()
        elif event.oldSize().isValid():
            grown = event.size() - event.oldSize()
            self._offset += QPointF(grown.width() / 2.0, grown.height() / 2.0)

    def event(self, event: QEvent) -> bool:
        """Keep the tool's keys from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~(
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            )
            own = self._tool.keys if self._tool is not None else frozenset()
            if plain and (event.key() in own or event.key() in _PAN_KEYS or event.key() == Key.Key_0):
                event.accept()
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of what the tool takes, or of the photo."""
        if self._doing:
            return
        self._last = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._doing = "pan"
        elif event.button() == Qt.MouseButton.LeftButton:
            taken = self._tool is not None and self._tool.press(
                self.to_photo(event.position()), self._zoom, event.modifiers()
            )
            self._doing = "tool" if taken else "pan"
        if self._doing == "pan":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag, or show what a press would take."""
        if self._doing == "pan":
            self._whole = False
            self._offset += event.position() - self._last
            self._last = event.position()
            self.update()
        elif self._tool is not None and self._doing == "tool":
            self._tool.drag(self.to_photo(event.position()))
        elif self._tool is not None:
            self._tool.hover(self.to_photo(event.position()), self._zoom)
            self.setCursor(self._tool.cursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.buttons() or not self._doing:
            return
        doing, self._doing = self._doing, ""
        if doing == "tool" and self._tool is not None:
            self._tool.release()
        self.refresh()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the pointer any more."""
        if self._tool is not None and not self._doing:
            self._tool.hover(None, self._zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom to the pointer, unless the tool takes the wheel."""
        delta = event.angleDelta()
        steps = (delta.y() or delta.x()) / 120.0  # with Alt held the wheel turns sideways
        place = self.to_photo(event.position())
        event.accept()
        if self._tool is not None and self._tool.wheel(steps, place, self._zoom, event.modifiers()):
            return
        self.zoom_by(_STEP**steps, event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The tool's keys, then zooming and moving."""
        if self._tool is not None and self._tool.key(event, self._zoom):
            self.refresh()
            return
        key = Key(event.key())
        if key in (Key.Key_Plus, Key.Key_Equal):
            self.zoom_by(_STEP)
        elif key == Key.Key_Minus:
            self.zoom_by(1.0 / _STEP)
        elif key == Key.Key_0:
            self.show_whole()
        elif key in _PAN_KEYS:
            self._whole = False
            self._offset += QPointF(*_PAN_KEYS[key]) * _PAN
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the photo, what the tool shows, and the magnifier."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current().canvas))
        if self._image.isNull():
            return
        self._draw_photo(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._tool is not None:
            self._tool.paint(painter, self)
            if self._tool.magnified is not None and self._doing == "tool":
                self._draw_glass(painter, self._tool.magnified)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(current().accent), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_photo(self, painter: QPainter) -> None:
        room = QRectF(self._offset, self._size * self._zoom)
        ratio = self.devicePixelRatioF()
        wide, high = round(room.width() * ratio), round(room.height() * ratio)
        smooth = room.width() * ratio < 4.0 * self._image.width()  # closer, each pixel is seen
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if wide * high > _CACHED or wide > self._image.width():
            painter.drawImage(room, self._image)
            return
        key = (self._image.cacheKey(), wide, high)
        if self._drawn is None or self._drawn[0] != key:
            modes = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(self._image.scaled(max(wide, 1), max(high, 1), *modes))
            pixmap.setDevicePixelRatio(ratio)
            self._drawn = key, pixmap
        painter.drawPixmap(room.topLeft(), self._drawn[1])

    def _draw_glass(self, painter: QPainter, place: QPointF) -> None:
        """What is around ``place`` of the photo, larger, beside it."""
        at = self.to_view(place.x(), place.y())
        away = _GLASS + 36.0
        middle = QPointF(at.x() + away, at.y() - away)
        if middle.x() + _GLASS > self.width():
            middle.setX(at.x() - away)
        if middle.y() - _GLASS < 0.0:
            middle.setY(at.y() + away)
        zoom = max(_GLASS_ZOOM * self._zoom, 1.0)
        half = _GLASS / zoom
        part = QRectF(place.x() - half, place.y() - half, 2.0 * half, 2.0 * half)
        image = self._closer(part) if self._closer is not None else self._part(part)
        room = QRectF(middle.x() - _GLASS, middle.y() - _GLASS, 2.0 * _GLASS, 2.0 * _GLASS)
        painter.save()
        painter.setPen(QPen(QColor(current().line), 2.0))
        painter.setBrush(QColor(current().canvas))
        painter.drawEllipse(room)
        brushed = image.scaled(
            round(room.width()), round(room.height()), Qt.AspectRatioMode.IgnoreAspectRatio
        )
        painter.setBrushOrigin(room.topLeft())
        painter.setBrush(brushed)
        painter.drawEllipse(room)
        painter.setPen(QPen(QColor(current().accent), 1.0))
        for across, down in ((1.0, 0.0), (0.0, 1.0)):
            for side in (-1.0, 1.0):
                toward = QPointF(across, down) * side
                painter.drawLine(middle + toward * 4.0, middle + toward * 16.0)
        painter.restore()

    def _part(self, part: QRectF) -> QImage:
        """``part`` of the photo, in pixels of the image that is shown of it; black outside."""
        ratio = self._image.width() / self._size.width()
        return self._image.copy(QRectF(part.topLeft() * ratio, part.size() * ratio).toAlignedRect())
