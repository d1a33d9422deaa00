"""Pictures from the window's own OpenGL context, for jobs on other threads."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal

from studio.canvas.errand import Errand, Work
from studio.render.ambient_occlusion import bake
from studio.render.camera import Window
from studio.render.gl_renderer import TileDrawer
from studio.render.picture import take
from studio.render.shot import Cancelled, Image, Shot, never
from studio.render.texture import read_albedo
from studio.storage.errors import StudioError

TILE = 768  # samples on a side: short enough on a software renderer that the window stays alive


class WindowRenderer(QObject):
    """Draws shots tile by tile between the window's own frames.

    Made on the main thread; :meth:`render` may be called from any thread and blocks there. The head on
    the screen has a scene of its own and is not disturbed.
    """

    _asked = Signal(object)

    def __init__(self, canvas: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._drawer: TileDrawer | None = None
        self._closed = threading.Event()
        self._asked.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self.name = "OpenGL"

    def render(self, shot: Shot, cancelled: Cancelled = never) -> Image:
        """The picture (H, W, 4): uint8, sRGB, straight alpha, row 0 at the top.

        Raises:
            JobCancelled: ``cancelled`` answered yes, or the window was closed.
            StudioError: the model's texture cannot be read, or OpenGL failed.
        """
        bake(shot.model)
        if shot.look.mode == "textured":
            read_albedo(shot.model, shot.look.texture)  # here, and not while the window waits
        return take(
            shot, lambda window: self._on_main(lambda: self._tile(shot, window), cancelled), TILE, cancelled
        )

    def close(self) -> None:
        """Draw no more; who still waits gets JobCancelled."""
        self._closed.set()
        self._drawer = None

    def _tile(self, shot: Shot, window: Window) -> Any:
        if not self._canvas.native.isValid():
            raise StudioError("No picture can be drawn before the window was on the screen; show it first.")
        try:
            self._canvas.set_current()
            if self._drawer is None:
                self._drawer = TileDrawer(self._canvas)
            self._drawer.prepare(shot)
            return self._drawer.draw(shot, window)
        except (RuntimeError, ValueError) as error:
            raise StudioError(
                f"OpenGL could not draw a picture of {shot.size[0]} x {shot.size[1]} pixels ({error}); "
                "try a smaller one."
            ) from error

    def _on_main(self, work: Work, cancelled: Cancelled) -> Any:
        errand = Errand(work)
        if QThread.currentThread() is self.thread():
            errand.run()
            return errand.result()
        self._asked.emit(errand)
        return errand.awaited(lambda: self._closed.is_set() or cancelled())

    def _run(self, errand: Errand) -> None:
        if self._closed.is_set():
            return
        errand.run()
