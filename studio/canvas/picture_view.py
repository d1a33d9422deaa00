"""The canvas where there is no OpenGL: pictures of the CPU renderer, drawn on a thread of its own."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.look import Look, Texture
from studio.document.occasion import Occasion
from studio.flame.model import HeadModel
from studio.render.cpu_renderer import CPURenderer
from studio.render.extras import NO_EXTRAS, Extras
from studio.render.shot import LARGEST, Image, Shot
from studio.render.texture import read_albedo, without_texture
from studio.storage.errors import JobCancelled, StudioError

QUALITIES = ((0.5, 1), (1.0, 4))  # pixels for one of the screen along a side, samples: moving, at rest


_SAME_SHAPE = 0.03  # of height to width; coarse pictures are rounded to whole pixels


def _place(image: QImage, room: QRect) -> QRect:
    """Where ``image`` fills ``room``; one of another shape, from before a resize, is cut and not squeezed."""
    across = image.width() * room.height() / max(image.height() * room.width(), 1)
    if abs(across - 1.0) < _SAME_SHAPE:
        return room
    place = QRect(
        QPoint(0, 0), image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    )
    place.moveCenter(room.center())
    return place


class _Screen(QWidget):
    """Shows the newest picture, whatever its size."""

    resized = Signal()
    painted = Signal()  # a picture, not an empty screen

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.WheelFocus)
        self.setAccessibleName("Canvas with the head")
        self.image: QImage | None = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        if self.image is None:
            painter.fillRect(self.rect(), self.palette().window())
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_place(self.image, self.rect()), self.image)
        self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.resized.emit()


class PictureView(QObject):
    """Draws a head into ``widget``: coarsely while it moves, finely when it rests. Newest state wins."""

    first_drawn = Signal()
    failed = Signal(str)
    _drawn = Signal(object)  # Image

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        screen = _Screen(parent)
        self.widget: QWidget = screen
        self._screen = screen
        self.drawing_seconds = 0.0
        self._model: HeadModel | None = None
        self._surface: Surface | None = None
        self._look, self._camera = Look(), Camera()
        self._extras = NO_EXTRAS
        self._occasion = Occasion()
        self._wake = threading.Condition()
        self._state: Shot | None = None  # the newest one that is not yet drawn
        self._stopping = False
        self._told = False
        self._drawn.connect(self._show)
        screen.resized.connect(self._moved)
        # queued: what was painted reaches the screen after the paint event
        screen.painted.connect(self._tell_first, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="pictures")
        self._thread.start()

    @property
    def physical_size(self) -> tuple[int, int]:
        """Width and height in the screen's own pixels."""
        ratio = self.widget.devicePixelRatioF()
        width, height = round(self.widget.width() * ratio), round(self.widget.height() * ratio)
        return min(max(width, 1), LARGEST), min(max(height, 1), LARGEST)

    def set_model(self, model: HeadModel) -> None:
        """Draw heads of ``model`` from now on.

        Raises:
            StudioError: the model's texture cannot be read; the model is drawn without it.
        """
        self._model, self._surface, self._extras = without_texture(model), None, NO_EXTRAS
        read_albedo(model, Texture(self._look.texture.key))
        self._model = model

    def set_surface(self, surface: Surface) -> None:
        """Draw ``surface``."""
        self._surface = surface
        self._moved()

    def set_look(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self._moved()

    def set_camera(self, camera: Camera) -> None:
        """Draw from elsewhere."""
        self._camera = camera
        self._moved()

    def set_occasion(self, occasion: Occasion) -> None:
        """What a caption says of the head."""
        self._occasion = occasion
        if self._look.caption.text:
            self._moved()

    def set_extras(self, extras: Extras) -> None:
        """Draw what belongs to the head beside it."""
        self._extras = extras
        self._moved()

    def read(self) -> NDArray[np.uint8]:
        """What is on the screen: (H, W, 4) in the screen's own pixels."""
        image = self.widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()

    def close(self) -> None:
        """Stop drawing and join the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    def _moved(self) -> None:
        if self._model is None or self._surface is None:
            return
        shot = Shot(
            self._model,
            self._surface,
            self._look,
            self._camera,
            self.physical_size,
            extras=self._extras,
            occasion=self._occasion,
            checkered=True,
        )
        with self._wake:
            self._state = shot
            self._wake.notify()

    def _outdated(self) -> bool:
        return self._stopping or self._state is not None

    def _work(self) -> None:
        renderer = CPURenderer()
        while True:
            with self._wake:
                self._wake.wait_for(self._outdated)
                shot, self._state = self._state, None
            if self._stopping or shot is None:
                return
            for scale, samples in QUALITIES:
                size = (max(int(shot.size[0] * scale), 1), max(int(shot.size[1] * scale), 1))
                coarse = replace(shot, size=size, samples=samples)
                if not self._draw(renderer, coarse):
                    break

    def _draw(self, renderer: CPURenderer, shot: Shot) -> bool:
        started = time.perf_counter()
        try:
            image = renderer.render(shot, self._outdated if shot.samples > 1 else lambda: self._stopping)
        except JobCancelled:
            return False
        except StudioError as error:
            self.failed.emit(str(error))
            return False
        self.drawing_seconds = time.perf_counter() - started
        self._drawn.emit(image)
        return True

    def _show(self, image: Image) -> None:
        height, width = image.shape[:2]
        self._screen.image = QImage(
            image.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888
        ).copy()
        self.widget.update()

    def _tell_first(self) -> None:
        if not self._told:
            self._told = True
            self.first_drawn.emit()
