"""Textures made on a thread, so that the window stays free while one is read or mixed."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.render.texture import read_albedo
from studio.storage.errors import StudioError


class TexturePainter(QObject):
    """Makes the newest texture that was asked for; those that were replaced meanwhile are never made.

    What it made is remembered by :func:`studio.render.texture.read_albedo`, which has it at once then.
    """

    painted = Signal(object, object)  # HeadModel, Texture
    failed = Signal(object, object, str)  # HeadModel, Texture, one sentence

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wanted: tuple[HeadModel, Texture] | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="textures")

    def ask(self, model: HeadModel, texture: Texture) -> None:
        """Make ``texture``, one of those of ``model``."""
        with self._wake:
            self._wanted = model, texture
            self._wake.notify()
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Finish the work in hand and join the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _next(self) -> tuple[HeadModel, Texture] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._stopping else wanted

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                read_albedo(*wanted)
            except StudioError as error:
                self.failed.emit(*wanted, str(error))
            except Exception as error:  # noqa: BLE001 - the thread must outlive any one texture
                self.failed.emit(
                    *wanted, f"The texture could not be made ({error}); undo brings the last one back."
                )
            else:
                self.painted.emit(*wanted)
