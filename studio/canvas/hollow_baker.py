"""Finds the hollows of a head on a thread, and loads what shadows need, so that the window stays free."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Signal

from studio.flame.model import HeadModel
from studio.render.ambient_occlusion import bake
from studio.render.display_mesh import load_kernels

_log = logging.getLogger(__name__)


class HollowBaker(QObject):
    """Bakes the newest model that was asked for; :func:`studio.render.ambient_occlusion.bake` keeps it."""

    baked = Signal(object)  # HeadModel

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wanted: HeadModel | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="hollows")

    def ask(self, model: HeadModel) -> None:
        """Bake ``model``."""
        with self._wake:
            self._wanted = model
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

    def _next(self) -> HeadModel | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._stopping else wanted

    def _work(self) -> None:
        while (model := self._next()) is not None:
            try:
                load_kernels()
                bake(model)
            except Exception:  # noqa: BLE001 - the thread must outlive any one model, which is drawn without
                _log.debug("no hollows of %s", model.name, exc_info=True)
                continue
            self.baked.emit(model)
