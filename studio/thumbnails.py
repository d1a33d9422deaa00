"""Thumbnails of poses for the window: drawn on a thread of their own, kept in memory and on the disk."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.backends import Backend, create_with_fallback
from studio.controls.presets import Preset
from studio.document.document import Document
from studio.flame.folders import APPLICATION
from studio.flame.model import HeadModel
from studio.render.thumbnails import PictureCache, Sitter, Studio
from studio.storage.errors import StudioError

_KEPT = 600  # pictures in memory
_ASIDE = 0.4  # seconds after the head moved in which no picture is begun: the hand goes first
_PATIENCE = 2.0  # seconds that one picture stands aside at most, as while a clip plays
_log = logging.getLogger(__name__)


def thumbnail_folder() -> Path:
    """Where the platform keeps what can be made again; it may not exist yet."""
    from platformdirs import user_cache_path

    return user_cache_path(APPLICATION, appauthor=False) / "poses"


class Thumbnails(QObject):
    """Pictures of poses on the document's head; those that are not there yet are drawn while they are wanted.

    Only what was wanted last is drawn. The thread begins with the first :meth:`want` after :meth:`start`
    and is joined by :meth:`stop`.
    """

    drawn = Signal()  # one more picture is there

    _made = Signal(str, object)  # key, (H, W, 4) uint8 or None

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Keep pictures in ``folder``; a backend sets ``threads`` for all, so they are the user's choice."""
        super().__init__()
        self._cache = PictureCache(folder)
        self._threads = threads
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self._keys: dict[int, tuple[Preset, str]] = {}  # by identity; the preset is kept so that it lasts
        self._last: dict[int, tuple[Preset, QImage]] = {}  # of the head before
        self._hopeless: set[str] = set()
        self._wake = threading.Condition()
        self._sitter: Sitter | None = None
        self._wanted: list[tuple[str, Preset]] = []
        self._started = False
        self._stopping = False
        self._quiet_from = 0.0  # seconds of the monotonic clock
        self._thread: threading.Thread | None = None
        self._made.connect(self._take)

    def sit(self, document: Document) -> None:
        """Draw the head of ``document`` from now on: its model, identity and texture."""
        self._sitter = Sitter(document.model, document.params.shape, document.look.texture, document.controls)
        for preset, key in self._keys.values():
            if key in self._pictures:
                self._last[id(preset)] = preset, self._pictures[key]
        self._keys.clear()

    def picture(self, preset: Preset) -> QImage | None:
        """The picture of ``preset``; that of the last head until there is one of this, None without any."""
        key = self._key(preset)
        image = self._pictures.get(key)
        if image is None:
            last = None if key in self._hopeless else self._last.get(id(preset))
            return last[1] if last else None
        self._pictures.move_to_end(key)
        return image

    def _key(self, preset: Preset) -> str:
        assert self._sitter is not None
        known = self._keys.get(id(preset))
        if known is None:
            known = self._keys[id(preset)] = (preset, self._sitter.key(preset))
        return known[1]

    def want(self, presets: Iterable[Preset]) -> None:
        """Draw ``presets``, in this order, and nothing that was wanted before."""
        keyed = [(self._key(preset), preset) for preset in presets]
        known = self._pictures.keys() | self._hopeless
        with self._wake:
            self._wanted = [(key, preset) for key, preset in keyed if key not in known]
            self._wake.notify()
        self._begin()

    def start(self) -> None:
        """Begin to draw, now that the head itself is on the screen."""
        self._started = True
        self._begin()

    def stand_aside(self) -> None:
        """Leave the processors to the head for a moment: it moves."""
        self._quiet_from = time.monotonic() + _ASIDE

    def _begin(self) -> None:
        if self._started and self._wanted and self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._work, name="thumbnails")
            self._thread.start()

    def stop(self) -> None:
        """Finish the picture in hand and join the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _take(self, key: str, pixels: np.ndarray | None) -> None:
        if self._stopping:
            return
        if pixels is None:
            self._hopeless.add(key)
            return
        height, width = pixels.shape[:2]
        image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self._pictures[key] = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        if len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.drawn.emit()

    def _next(self) -> tuple[Sitter, str, Preset] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._wanted)
            if self._stopping or self._sitter is None:
                return None
            key, preset = self._wanted.pop(0)
            return self._sitter, key, preset

    def _work(self) -> None:
        studio: Studio | None = None
        while (task := self._next()) is not None:
            sitter, key, preset = task
            pixels = self._cache.read(key)
            if pixels is None:
                if not self._may_draw():
                    return
                studio = studio or self._open_studio()
                pixels = self._drawn(studio, sitter, preset)
                if pixels is not None:
                    self._cache.write(key, pixels)
            self._made.emit(key, pixels)

    def _may_draw(self) -> bool:
        """Wait until the head rests, or moved for so long that pictures have their turn; False at the end."""
        latest = time.monotonic() + _PATIENCE
        with self._wake:
            while not self._stopping and (now := time.monotonic()) < min(self._quiet_from, latest):
                self._wake.wait(min(self._quiet_from, latest) - now)
            return not self._stopping

    def _drawn(self, studio: Studio, sitter: Sitter, preset: Preset) -> np.ndarray | None:
        try:
            return studio.picture(sitter, preset)
        except StudioError:
            return None
        except Exception:  # noqa: BLE001 - the thread must outlive any one picture
            _log.debug("no thumbnail of %s", preset.name, exc_info=True)
            return None

    def _open_studio(self) -> Studio:
        # The window's OpenGL belongs to its thread: the processor draws, and leaves the hand alone.
        from studio.render.cpu_renderer import CPURenderer

        return Studio(CPURenderer(), self._backend_for)

    def _backend_for(self, model: HeadModel) -> Backend:
        backend, _ = create_with_fallback("auto", model, "cpu", self._threads)
        return backend
