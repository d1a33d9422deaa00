"""What the pointer means over the canvas: orbit, pan and zoom, or something for the hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.canvas.hand import Hand, Touch
from studio.document.camera import Camera
from studio.render.camera import orbit, pan, zoom

ORBIT_PER_HEIGHT = math.radians(200.0)  # a drag over the whole height of the canvas
ZOOM_PER_STEP = 1.12  # of a wheel
STEP = 120.0  # Qt's units of a wheel step
ZOOM_PER_PIXEL = 1.004  # of a trackpad with Ctrl held
CLICK = 3.0  # pixels that a hand may tremble in a click

_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_Doing = Literal["nothing", "orbit", "pan", "hand"]


class CanvasGestures(QObject):
    """Watches a widget, proposes cameras, and tells the hand of the rest.

    Left drag orbits where the hand does not take it, middle drag or Shift and left drag pans, the wheel
    zooms to the pointer. On a trackpad two fingers pan, with Ctrl they zoom, and a pinch zooms. The hand
    hears of moves once what waits in the queue is done, so that the newest place wins.
    """

    proposed = Signal(object)  # Camera

    def __init__(
        self, widget: QWidget, camera: Callable[[], Camera], hand: Callable[[], Hand | None]
    ) -> None:
        super().__init__(widget)
        self._widget, self._camera, self._hand = widget, camera, hand
        self._doing: _Doing = "nothing"
        self._pressed: QPointF | None = None  # until the pointer has left the place of the press
        self._last = QPointF()
        self._newest: Touch | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell_newest)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the pointer's events; leave all others to the widget."""
        if isinstance(event, QMouseEvent):
            self._mouse(event)
            return True
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if isinstance(event, QContextMenuEvent):
            return self._menu(event)
        if event.type() == QEvent.Type.Leave:
            self._leave()
        return False

    def _mouse(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._press(event)
        elif kind == QEvent.Type.MouseMove:
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(event)

    def _press(self, event: QMouseEvent) -> None:
        if event.button() not in (_LEFT, _MIDDLE) or self._doing != "nothing":
            return
        self._widget.setFocus(Qt.FocusReason.MouseFocusReason)
        touch, hand = Touch.of(event), self._hand()
        self._pressed = self._last = event.position()
        self._forget_newest()
        if (touch.shift and not touch.control) or event.button() == _MIDDLE:
            self._doing = "pan"
        elif hand is not None and hand.press(touch):
            self._doing = "hand"
        else:
            self._doing = "orbit"

    def _move(self, event: QMouseEvent) -> None:
        if self._doing == "nothing":
            if not event.buttons():
                self._tell_soon(Touch.of(event))
            return
        if self._pressed is not None and self._is_still(event):
            return
        self._pressed = None
        if self._doing == "hand":
            self._tell_soon(Touch.of(event))
            return
        moved = event.position() - self._last
        self._last = event.position()
        height = max(self._widget.height(), 1)
        if self._doing == "pan":
            self.proposed.emit(pan(self._camera(), moved.x(), moved.y(), height))
        else:
            turn = ORBIT_PER_HEIGHT / height
            self.proposed.emit(orbit(self._camera(), moved.x() * turn, -moved.y() * turn))

    def _is_still(self, event: QMouseEvent) -> bool:
        assert self._pressed is not None
        moved = event.position() - self._pressed
        return math.hypot(moved.x(), moved.y()) < CLICK

    def _release(self, event: QMouseEvent) -> None:
        if event.buttons() & (_LEFT | _MIDDLE) or self._doing == "nothing":
            return
        doing, self._doing = self._doing, "nothing"
        still, self._pressed = self._pressed is not None, None
        hand = self._hand()
        if hand is None:
            return
        if doing == "hand":
            if not still:
                hand.drag(Touch.of(event))
            self._forget_newest()
            hand.release()
        if still and event.button() == _LEFT and doing != "pan":
            hand.click(Touch.of(event))

    def _tell_soon(self, touch: Touch) -> None:
        self._newest = touch
        self._soon.start()

    def _forget_newest(self) -> None:
        self._newest = None
        self._soon.stop()

    def _tell_newest(self) -> None:
        touch, hand = self._newest, self._hand()
        self._newest = None
        if touch is None or hand is None:
            return
        if self._doing == "hand":
            hand.drag(touch)
        elif self._doing == "nothing":
            hand.hover(touch)

    def _leave(self) -> None:
        hand = self._hand()
        if self._doing == "nothing" and hand is not None:
            self._forget_newest()
            hand.leave()

    def _key(self, event: QKeyEvent) -> bool:
        hand = self._hand()
        if hand is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride and not event.isAutoRepeat():
            hand.key_pressed(event.key())
        if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            hand.key_released(event.key())
        if event.type() != QEvent.Type.KeyPress or event.key() != Qt.Key.Key_Escape or not hand.cancel():
            return False
        if self._doing == "hand":
            self._doing = "nothing"
            self._forget_newest()
        return True

    def _menu(self, event: QContextMenuEvent) -> bool:
        hand = self._hand()
        if hand is None or self._doing != "nothing":
            return False
        place = event.pos()
        hand.menu(Touch(place.x(), place.y()), event.globalPos())
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        pixels, hand = event.pixelDelta(), self._hand()
        steps = event.angleDelta().y() / STEP
        if hand is not None and steps and hand.wheel(steps, Touch.of(event)):
            return True
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if _is_trackpad(event) and not pixels.isNull():
            if controlled:
                self._zoom(ZOOM_PER_PIXEL ** pixels.y(), event.position())
            else:
                self.proposed.emit(pan(self._camera(), pixels.x(), pixels.y(), self._widget.height()))
            return True
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
