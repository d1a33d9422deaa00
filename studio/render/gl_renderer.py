"""Shots drawn by OpenGL into framebuffers of a vispy canvas's context."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vispy import gloo

from studio.render.ambient_occlusion import bake
from studio.render.camera import Window
from studio.render.picture import take
from studio.render.picture_scene import PictureScene
from studio.render.shot import Cancelled, Image, Shot, never
from studio.storage.errors import StudioError

TILE = 2048  # samples on a side of a framebuffer


class TileDrawer:
    """A scene and a framebuffer of its own in a canvas's context; used on the canvas's thread."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._scene = PictureScene()
        self._framebuffer: gloo.FrameBuffer | None = None
        self._shape = (0, 0)

    def prepare(self, shot: Shot) -> None:
        """Load the scene with what ``shot`` shows.

        Raises:
            StudioError: the model's texture is to be shown and cannot be read.
        """
        bake(shot.model)
        with suppress(StudioError):
            self._scene.set_look(shot.look)
        with suppress(StudioError):
            self._scene.set_model(shot.model)
        if self._scene.fault is not None and shot.look.mode == "textured":
            raise self._scene.fault
        self._scene.set_surface(shot.surface)
        self._scene.set_extras(shot.extras)
        self._scene.set_occasion(shot.occasion)
        self._scene.set_camera(shot.camera)

    def draw(self, shot: Shot, window: Window) -> NDArray[np.uint8]:
        """Premultiplied samples (h, w, 4) of a window, in samples, of the prepared shot."""
        self._canvas.set_current()
        size = (shot.size[0] * shot.factor, shot.size[1] * shot.factor)
        with self._buffer(window.width, window.height):
            gloo.set_viewport(0, 0, window.width, window.height)
            self._scene.draw(size, window, shot.factor, shot.transparent, checkered=shot.checkered)
            return gloo.read_pixels((0, 0, window.width, window.height), alpha=True)

    def _buffer(self, width: int, height: int) -> gloo.FrameBuffer:
        shape = (height, width)
        if self._framebuffer is None:
            self._framebuffer = gloo.FrameBuffer(
                color=gloo.RenderBuffer(shape, "color"), depth=gloo.RenderBuffer(shape, "depth")
            )
        elif shape != self._shape:
            self._framebuffer.resize(shape)
        self._shape = shape
        return self._framebuffer


class GLRenderer:
    """Draws shots on the thread that made it, in a canvas nobody sees.

    ``release`` lets go of the thread's context: between pictures another canvas may want its own.
    """

    def __init__(self, canvas: Any, release: Callable[[], None]) -> None:
        self._canvas, self._release = canvas, release
        canvas.set_current()
        self._drawer = TileDrawer(canvas)
        self.name = f"OpenGL ({gloo.gl.glGetParameter(gloo.gl.GL_RENDERER)})"
        release()

    def render(self, shot: Shot, cancelled: Cancelled = never) -> Image:
        """The picture (H, W, 4): uint8, sRGB, straight alpha, row 0 at the top.

        Raises:
            JobCancelled: ``cancelled`` answered yes.
            StudioError: the model's texture cannot be read.
        """
        self._canvas.set_current()
        try:
            self._drawer.prepare(shot)
            return take(shot, lambda window: self._drawer.draw(shot, window), TILE, cancelled)
        finally:
            self._release()
