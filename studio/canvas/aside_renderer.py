"""Pictures drawn by OpenGL on a thread of its own, so that the window's thread is not held up."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext
from vispy.gloo.context import GLContext, set_current_canvas

from studio.canvas.errand import Errand
from studio.canvas.window_renderer import WindowRenderer
from studio.jobs.priority import give_way
from studio.render.ambient_occlusion import bake
from studio.render.camera import Window
from studio.render.egl_context import EGLContext
from studio.render.gl_renderer import TileDrawer
from studio.render.gloo_threads import separate_threads
from studio.render.picture import take
from studio.render.shot import Cancelled, Image, Shot, never
from studio.render.texture import read_albedo
from studio.storage.errors import StudioError

TILE = 1024  # samples on a side: a job that is cancelled, and the window's own pictures, wait for one


class _NoContextError(Exception):
    """The thread got no context."""


class _Canvas:
    """What gloo draws to: a context without a window, current on the thread that made it.

    Raises:
        _NoContextError: nothing can be drawn with ``own``, which is gone then.

    """

    def __init__(self, own: EGLContext | _QtContext) -> None:
        self.context = GLContext()
        self.own = own
        try:
            self.set_current()
        except (OSError, _NoContextError) as error:
            own.destroy()
            raise _NoContextError from error

    def set_current(self) -> None:
        """Let gloo and OpenGL draw here."""
        self.own.make_current()
        set_current_canvas(self)


class _QtContext:
    """A context of the window's own kind."""

    def __init__(self, surface: QOffscreenSurface) -> None:
        self._surface, self._context = surface, QOpenGLContext()
        self._context.setFormat(surface.requestedFormat())
        if not self._context.create():
            raise _NoContextError

    def make_current(self) -> None:
        if not self._context.makeCurrent(self._surface):
            raise _NoContextError

    def destroy(self) -> None:
        self._context.doneCurrent()


def _open(surface: QOffscreenSurface, is_software: bool) -> EGLContext | _QtContext:
    """A context that draws where the window's does, but as a software renderer with threads of its own.

    Contexts of one screen share those of Mesa's, and the window would wait for whole pictures.
    """
    if is_software and sys.platform.startswith("linux"):
        with suppress(OSError):
            return EGLContext()
    return _QtContext(surface)


class AsideRenderer(QObject):
    """Draws shots tile by tile with a context of its own; ``instead`` draws where there can be none.

    Made on the main thread; :meth:`render` may be called from any thread, also from several at once.
    """

    def __init__(self, instead: WindowRenderer, is_software: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        separate_threads()
        self._is_software = is_software
        self._instead = instead
        self._surface: QOffscreenSurface | None = None
        if QOpenGLContext.supportsThreadedOpenGL():
            self._surface = QOffscreenSurface()
            self._surface.create()
        self._errands: queue.SimpleQueue[Errand | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="pictures aside")
        self._starting = threading.Lock()
        self._closed = threading.Event()
        self._canvas: _Canvas | None = None
        self._drawer: TileDrawer | None = None
        self.name = "OpenGL"

    def render(self, shot: Shot, cancelled: Cancelled = never) -> Image:
        """The picture (H, W, 4): uint8, sRGB, straight alpha, row 0 at the top.

        Raises:
            JobCancelled: ``cancelled`` answered yes, or the window was closed.
            StudioError: the model's texture cannot be read, or OpenGL failed.
        """
        if self._surface is None:
            return self._instead.render(shot, cancelled)
        bake(shot.model)
        if shot.look.mode == "textured":
            read_albedo(shot.model, shot.look.texture)  # here, and not while another job waits
        try:
            return take(
                shot, lambda window: self._aside(lambda: self._tile(shot, window), cancelled), TILE, cancelled
            )
        except _NoContextError:
            self._surface = None
            return self._instead.render(shot, cancelled)

    def close(self) -> None:
        """Draw no more; who still waits gets JobCancelled. Joins the thread."""
        self._closed.set()
        self._instead.close()
        self._errands.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _aside(self, work: Any, cancelled: Cancelled) -> Any:
        with self._starting:
            if self._thread.ident is None and not self._closed.is_set():
                self._thread.start()
        errand = Errand(work)
        self._errands.put(errand)
        return errand.awaited(lambda: self._closed.is_set() or cancelled())

    def _tile(self, shot: Shot, window: Window) -> Any:
        if self._canvas is None:
            if self._surface is None:
                raise _NoContextError
            self._canvas = _Canvas(_open(self._surface, self._is_software()))
            self._drawer = TileDrawer(self._canvas)
        assert self._drawer is not None
        try:
            self._drawer.prepare(shot)
            return self._drawer.draw(shot, window)
        except (RuntimeError, ValueError) as error:
            raise StudioError(
                f"OpenGL could not draw a picture of {shot.size[0]} x {shot.size[1]} pixels ({error}); "
                "try a smaller one."
            ) from error

    def _work(self) -> None:
        give_way()
        while (errand := self._errands.get()) is not None and not self._closed.is_set():
            errand.run()
        canvas, self._canvas, self._drawer = self._canvas, None, None  # all of it ends on this thread
        if canvas is not None:
            canvas.own.destroy()
