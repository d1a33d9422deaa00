"""A scan to be turned and clicked on: landmarks are picked where the pointer lands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.fitting.scans.drawing import HEAD, Drawn, ScanCamera, blended, draw_scan, heat_of, picked_on_dots
from studio.fitting.scans.scan import Scan
from studio.flame.normals import vertex_normals
from studio.theme import current, scaled

Array = NDArray[np.float64]

_TURN = 0.008  # radians for a pixel of the pointer
_CLICK = 4.0  # pixels, within which a press and its release are a click
_WHEEL = 1.0015
_MOVING = 60_000  # points that are drawn while the scan turns
_RADIUS = 5.0


class ScanView(QWidget):
    """Draws a scan, and the fitted head over it or in the colours of its distances."""

    picked = Signal(object)  # (3,) where the user clicked, in the scan's unit and axes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(scaled(360), scaled(360))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Scan")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._scan = Scan("", np.zeros((0, 3)))
        self._camera = ScanCamera((0.0, 0.0, 0.0), 1.0)
        self._marks: tuple[tuple[str, Array], ...] = ()
        self._current = ""
        self._head: tuple[Array, NDArray[np.int32], NDArray[np.float32]] | None = None
        self._distances: NDArray[np.float32] | None = None
        self._shown, self._opacity, self._farthest = "scan", 0.5, 3.0
        self._drawn: Drawn | None = None
        self._image: QImage | None = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._moved = False

    @property
    def camera(self) -> ScanCamera:
        """From where the scan is seen."""
        return self._camera

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Large enough to click on the corner of an eye."""
        return QSize(scaled(640), scaled(640))

    def set_scan(self, scan: Scan) -> None:
        """Show ``scan``, whole."""
        self._scan, self._camera = scan, ScanCamera.around(scan.points)
        self._head = self._distances = None
        self._stale()

    def set_camera(self, camera: ScanCamera) -> None:
        """Look from elsewhere."""
        self._camera = camera
        self._stale()

    def set_marks(self, marks: tuple[tuple[str, Array], ...], current: str) -> None:
        """Show where landmarks are, and which one is chosen, by their names."""
        self._marks, self._current = marks, current
        self.update()

    def set_head(self, vertices: Array | None, faces: NDArray[np.int32]) -> None:
        """Show a head with ``vertices`` (V, 3) in the scan's unit and axes; None: no head."""
        if vertices is None:
            self._head = None
        else:
            size = max(float(np.ptp(vertices, axis=0).max()), 1e-12)
            small = ((vertices - vertices.mean(axis=0)) / size).astype(np.float32)
            self._head = vertices, faces, vertex_normals(small, faces)
        self._stale()

    def set_distances(self, distances: NDArray[np.float32] | None) -> None:
        """Millimetres (V,) between the head's vertices and the scan."""
        self._distances = distances
        self._stale()

    def set_shown(self, shown: str, opacity: float, farthest: float) -> None:
        """Show the "scan", "both" with the head by ``opacity``, or the "distances" up to ``farthest`` mm."""
        self._shown, self._opacity, self._farthest = shown, opacity, farthest
        self._stale()

    def place_of(self, point: Array) -> QPointF:
        """Where a point (3,) of the scan is in the widget."""
        size = (max(self.width(), 1), max(self.height(), 1))
        x, y, _ = self._camera.places(np.asarray(point, np.float64)[None], size)[0]
        return QPointF(float(x), float(y))

    def _stale(self) -> None:
        self._drawn = self._image = None
        self.update()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        size = (max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        scan, step = self._scan, 1
        if self._moved and scan.faces is None:
            step = max(len(scan.points) // _MOVING, 1)
        normals = None if scan.normals is None else scan.normals[::step]
        self._drawn = draw_scan(scan.points[::step], scan.faces, normals, self._camera, size)
        picture = self._drawn.picture
        if self._head is not None and self._shown != "scan":
            picture = self._with_head(picture, size)
        picture = np.ascontiguousarray(picture)
        image = QImage(picture.data, size[0], size[1], 4 * size[0], QImage.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(ratio)
        self._image = image

    def _with_head(self, picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
        assert self._head is not None
        vertices, faces, normals = self._head
        if self._shown == "distances" and self._distances is not None:
            colours = heat_of(self._distances, self._farthest)
            return draw_scan(vertices, faces, normals, self._camera, size, colours).picture
        colours = np.tile(np.asarray(HEAD, np.float32), (len(vertices), 1))
        head = draw_scan(vertices, faces, normals, self._camera, size, colours).picture
        return blended(picture, head, self._opacity)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture, and the landmarks over it."""
        if self._image is None:
            self._draw()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(current().canvas))
        if self._image is not None:
            painter.drawImage(QPointF(0.0, 0.0), self._image)
        if self._shown == "distances" and self._distances is not None:
            self._paint_scale(painter)
        for name, point in self._marks:
            place, chosen = self.place_of(point), name == self._current
            painter.setPen(QPen(QColor("#101114"), 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, _RADIUS, _RADIUS)
            painter.setPen(QPen(QColor(current().accent if chosen else "#ffffff"), 1.5))
            painter.drawEllipse(place, _RADIUS, _RADIUS)
        painter.end()

    def _paint_scale(self, painter: QPainter) -> None:
        """The colours of the distances, with what their ends are."""
        high, wide = scaled(160), scaled(12)
        left, top = self.width() - scaled(24) - wide, self.height() - scaled(28) - high
        scale = np.ascontiguousarray(heat_of(np.linspace(1.0, -1.0, high, dtype=np.float32), 1.0) * 255.0)
        bar = np.repeat(scale.astype(np.uint8)[:, None], 4, axis=1)
        image = QImage(bar.tobytes(), 4, high, 12, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(left, top, wide, high), image)
        painter.setPen(QColor(current().text))
        ends = f"+{self._farthest:g} mm", "0", f"-{self._farthest:g} mm"
        for share, text in zip((0.0, 0.5, 1.0), ends, strict=True):
            row = QRectF(left - scaled(80), top + share * high - scaled(10), scaled(74), scaled(20))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to turn, or to click."""
        self._pressed = self._last = event.position()
        self._moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Turn by the left button, roll by it with Shift, move by another one."""
        if self._pressed is None:
            return
        place = event.position()
        if not self._moved and (place - self._pressed).manhattanLength() < _CLICK:
            return
        self._moved = True
        by, self._last = place - self._last, place
        if event.buttons() & Qt.MouseButton.LeftButton:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.set_camera(self._camera.turned(0.0, 0.0, -_TURN * by.x()))
            else:
                self.set_camera(self._camera.turned(_TURN * by.x(), _TURN * by.y()))
            return
        x, y = self._camera.shift
        height = max(self.height(), 1)
        shift = (x + by.x() / height, y + by.y() / height)
        self.set_camera(ScanCamera(self._camera.centre, self._camera.zoom, self._camera.turn, shift))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pick what was clicked on, or draw all points again."""
        pressed, self._pressed = self._pressed, None
        if self._moved:
            self._moved = False
            self._stale()
        elif pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Come nearer to what is under the pointer, or go away from it."""
        factor = _WHEEL ** event.angleDelta().y()
        camera, height = self._camera, max(self.height(), 1)
        x = (event.position().x() - 0.5 * self.width()) / height
        y = (event.position().y() - 0.5 * self.height()) / height
        shift = (x + (camera.shift[0] - x) * factor, y + (camera.shift[1] - y) * factor)
        self.set_camera(ScanCamera(camera.centre, camera.zoom * factor, camera.turn, shift))
        event.accept()

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Draw anew."""
        self._stale()

    def _pick(self, place: QPointF) -> None:
        if self._drawn is None:
            self._draw()
        assert self._drawn is not None
        ratio = self.devicePixelRatioF()
        if self._scan.faces is None:
            size = (max(self.width(), 1), max(self.height(), 1))
            point = picked_on_dots(self._scan.points, self._camera, size, place.x(), place.y())
            if point is not None:
                self.picked.emit(point)
            return
        x, y = int(place.x() * ratio), int(place.y() * ratio)
        for right, down in sorted(_AROUND, key=lambda step: step[0] ** 2 + step[1] ** 2):
            found = self._drawn.at(x + right, y + down, self._scan.points)
            if found is not None:
                self.picked.emit(found)
                return


_AROUND = tuple((right, down) for right in range(-3, 4) for down in range(-3, 4))
