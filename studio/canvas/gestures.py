"""What the pointer means over the canvas: orbit, pan and zoom, by mouse and by trackpad."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QInputDevice, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.document.camera import Camera
from studio.render.camera import orbit, pan, zoom

ORBIT_PER_HEIGHT = math.radians(200.0)  # a drag over the whole height of the canvas
ZOOM_PER_STEP = 1.12  # of a wheel
STEP = 120.0  # Qt's units of a wheel step
ZOOM_PER_PIXEL = 1.004  # of a trackpad with Ctrl held


class CameraGestures(QObject):
    """Watches a widget and proposes cameras.

    Left drag orbits, middle drag or Shift and left drag pans, the wheel zooms to the pointer. On a
    trackpad two fingers pan, with Ctrl they zoom, and a pinch zooms.
    """

    proposed = Signal(object)  # Camera

    def __init__(self, widget: QWidget, camera: Callable[[], Camera]) -> None:
        super().__init__(widget)
        self._widget, self._camera = widget, camera
        self._last: QPointF | None = None
        self._panning = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the pointer's events; leave all others to the widget."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                self._press(event)
            elif kind == QEvent.Type.MouseMove:
                self._move(event)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._release(event)
            return True
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        return False

    def _press(self, event: QMouseEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._widget.setFocus(Qt.FocusReason.MouseFocusReason)
        self._panning = shifted or event.button() == Qt.MouseButton.MiddleButton
        self._last = event.position()

    def _move(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        moved = event.position() - self._last
        self._last = event.position()
        height = max(self._widget.height(), 1)
        if self._panning:
            self.proposed.emit(pan(self._camera(), moved.x(), moved.y(), height))
        else:
            turn = ORBIT_PER_HEIGHT / height
            self.proposed.emit(orbit(self._camera(), moved.x() * turn, -moved.y() * turn))

    def _release(self, event: QMouseEvent) -> None:
        if not event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton):
            self._last = None

    def _wheel(self, event: QWheelEvent) -> bool:
        pixels = event.pixelDelta()
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if _is_trackpad(event) and not pixels.isNull():
            if controlled:
                self._zoom(ZOOM_PER_PIXEL ** pixels.y(), event.position())
            else:
                self.proposed.emit(pan(self._camera(), pixels.x(), pixels.y(), self._widget.height()))
            return True
        steps = event.angleDelta().y() / STEP
        if steps:
            self._zoom(ZOOM_PER_STEP**steps, event.position())
        return True

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(max(1.0 + event.value(), 0.1), event.position())
        return True

    def _zoom(self, factor: float, at: QPointF) -> None:
        size = (self._widget.width(), self._widget.height())
        self.proposed.emit(zoom(self._camera(), factor, (at.x(), at.y()), size))


def _is_trackpad(event: QWheelEvent) -> bool:
    device = event.device()
    if device is not None and device.type() == QInputDevice.DeviceType.TouchPad:
        return True
    return event.phase() != Qt.ScrollPhase.NoScrollPhase
