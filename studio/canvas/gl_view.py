"""The canvas's OpenGL half: a vispy canvas that draws the scene when asked, and tells how long it took."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QOpenGLContext
from PySide6.QtWidgets import QWidget
from vispy import app, gloo

from studio.backends.base import Surface
from studio.canvas.hollow_baker import HollowBaker
from studio.canvas.texture_painter import TexturePainter
from studio.document.camera import Camera
from studio.document.look import Look, Texture
from studio.document.occasion import Occasion
from studio.flame.model import HeadModel
from studio.render.extras import Extras
from studio.render.picture_scene import PictureScene
from studio.render.style import DPI
from studio.render.supersampling import Supersampler, is_software
from studio.storage.errors import StudioError

REST = 160  # milliseconds without a change after which a software renderer draws the picture finely


class GLView(QObject):
    """Draws a head into ``widget``, a QOpenGLWidget.

    A GPU draws every picture with four samples a pixel. A software renderer draws moving pictures with
    one, and the finer picture when nothing has moved for a moment. The key light's shadow follows what
    moves a few times a second, and exactly when it rests.
    """

    first_drawn = Signal()  # the first head is on the screen
    failed = Signal(str)  # OpenGL does not do what is needed; emitted once
    problem = Signal(str)  # a texture that cannot be shown, in one sentence

    def __init__(self, parent: QWidget) -> None:
        """Make the widget; ask :func:`studio.canvas.opengl_probe.why_no_opengl` before."""
        super().__init__(parent)
        self.canvas = app.Canvas(
            app=app.Application("pyside6"), parent=parent, dpi=DPI, show=False, autoswap=False
        )
        self.widget = self.canvas.native
        self.widget.setAccessibleName("Canvas with the head")
        self.canvas.events.draw.connect(self._draw)
        self.widget.frameSwapped.connect(self._swapped)
        self._scene = PictureScene()
        self._model: HeadModel | None = None
        self._look = Look()
        self._shown = Texture()  # what the scene shows, until the look's is made
        self._painter = TexturePainter(self)
        self._painter.painted.connect(self._show_texture)
        self._painter.failed.connect(self._tell_problem)
        self._baker = HollowBaker(self)
        self._baker.baked.connect(self._show_hollows)
        self._supersampler = Supersampler()
        self._software: bool | None = None
        self._fine = self._playing = False
        self._broken = False
        self._has_surface = self._drew_surface = self._told = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._refine)
        self.drawing_seconds = 0.0

    @property
    def physical_size(self) -> tuple[int, int]:
        """Width and height in the screen's own pixels."""
        ratio = self.widget.devicePixelRatioF()
        return max(round(self.widget.width() * ratio), 1), max(round(self.widget.height() * ratio), 1)

    @property
    def is_software(self) -> bool:
        """Whether the processor does OpenGL's work, as far as is known."""
        return bool(self._software)

    def set_model(self, model: HeadModel) -> None:
        """Draw heads of ``model`` from now on.

        Raises:
            StudioError: the model's texture cannot be read; the model is drawn without it.
        """
        self._has_surface, self._model = False, model
        self._shown = Texture(self._look.texture.key)
        with suppress(StudioError):  # of the model before
            self._scene.set_look(self._look.replace(texture=self._shown))
        try:
            self._scene.set_model(model)
        finally:
            if self._told:
                self._baker.ask(model)
            if self._look.texture != self._shown:
                self._painter.ask(model, self._look.texture)
            self._moved()

    def set_surface(self, surface: Surface) -> None:
        """Draw ``surface``."""
        self._scene.set_surface(surface)
        self._has_surface = True
        self._moved()

    def set_look(self, look: Look) -> None:
        """Draw in another way; another texture is shown as soon as it is made."""
        before, self._look = self._look, look
        self._scene.set_look(look.replace(texture=self._shown))
        if look.texture != before.texture and self._model is not None:
            self._painter.ask(self._model, look.texture)
        self._moved()

    def set_camera(self, camera: Camera) -> None:
        """Draw from elsewhere."""
        self._scene.set_camera(camera)
        self._moved()

    def set_extras(self, extras: Extras) -> None:
        """Draw what belongs to the head beside it."""
        self._scene.set_extras(extras)
        self._moved()

    def set_occasion(self, occasion: Occasion) -> None:
        """What a caption says of the head."""
        self._scene.set_occasion(occasion)
        if self._look.caption.text:
            self._moved()

    def is_valid(self) -> bool:
        """Whether the shown widget has got its context."""
        return bool(self.widget.isValid())

    def read(self) -> NDArray[np.uint8]:
        """What is on the screen: (H, W, 4) in the screen's own pixels."""
        image = self.widget.grabFramebuffer()
        image.reinterpretAsFormat(QImage.Format.Format_RGB32)  # the screen has no alpha
        image = image.convertToFormat(QImage.Format.Format_RGBA8888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()

    def close(self) -> None:
        """Let go of everything in the context; nothing is drawn after this."""
        self._rest.stop()
        self._painter.stop()
        self._baker.stop()
        self._broken = True
        self.canvas.events.draw.disconnect(self._draw)
        del self._scene, self._supersampler
        self.canvas.close()
        current = QOpenGLContext.currentContext()
        if current is not None:  # or no other kind of context could become current on this thread
            current.doneCurrent()

    def _show_texture(self, model: HeadModel, texture: Texture) -> None:
        if model is not self._model or self._broken:
            return
        self._shown = texture
        try:
            self._scene.set_look(self._look.replace(texture=texture))
        except StudioError as error:
            self._tell_problem(model, texture, str(error))
        self._moved()

    def _show_hollows(self, model: HeadModel) -> None:
        if model is self._model and not self._broken:
            self._scene.refresh_shadows()
            self._moved()

    def _tell_problem(self, model: HeadModel, texture: Texture, problem: str) -> None:
        if model is self._model and texture == self._look.texture:
            self.problem.emit(problem)

    def _moved(self) -> None:
        self._fine = False
        self.widget.update()

    def set_playing(self, playing: bool) -> None:
        """Draw no fine picture between two frames while time runs: on a slow machine it would be the next."""
        self._playing = playing
        if playing:
            self._rest.stop()
            self._fine = False
        else:
            self._rest.start()

    def _refine(self) -> None:
        self._fine = True
        self.widget.update()

    def _draw(self, event: object) -> None:
        if self._broken:
            return
        started = time.perf_counter()
        try:
            self._draw_scene()
            self.canvas.context.flush_commands()
        except (RuntimeError, ValueError, OSError, AttributeError) as error:
            self._broken = True
            self.failed.emit(str(error))
            return
        if not self._fine:
            self.drawing_seconds = time.perf_counter() - started
        self._drew_surface = self._has_surface

    def _draw_scene(self) -> None:
        if self._software is None:
            self._software = is_software(gloo.gl.glGetParameter(gloo.gl.GL_RENDERER))
        size = self.physical_size
        if self._fine or not self._software:
            self._supersampler.draw(self._scene, size, settle=self._fine, checkered=True)
        else:
            gloo.set_viewport(0, 0, *size)
            self._scene.draw(size, fine=False, settle=False, checkered=True)
        rests = self._told and not self._fine and not self._playing
        if rests and (self._software or not self._scene.is_settled):
            self._rest.start()

    def _swapped(self) -> None:
        if self._drew_surface and not self._told:
            self._told = True
            self._rest.start()  # not sooner: on a slow start the first picture would be the fine one
            self.first_drawn.emit()
            if self._model is not None:
                self._baker.ask(self._model)
