"""Pictures of where the components of the document's model act, made on a thread and kept."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.document.document import Document
from studio.flame.model import HeadModel

if TYPE_CHECKING:
    from studio.render.component_heat import ComponentHeat

SIDE = 160  # pixels
_log = logging.getLogger(__name__)

Key = tuple[str, int]  # field and index of a component


class ComponentPictures(QObject):
    """Gives the pictures that are there, and makes those that are asked for until it is closed."""

    ready = Signal()  # there are more than before
    _made = Signal(object, object, object)  # the model, the key, a QImage

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._model: HeadModel | None = None
        self._heat: ComponentHeat | None = None  # of the thread
        self._heat_of: HeadModel | None = None
        self._pictures: dict[Key, QImage] = {}
        self._asked: set[Key] = set()
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._made.connect(self._take)

    def picture(self, field: str, index: int) -> QImage | None:
        """Where component ``index`` of ``field`` acts; None, and ``ready`` later, while it is made."""
        model, key = self._document.model, (field, index)
        if model is not self._model:
            self._model = model
            self._pictures.clear()
            self._asked.clear()
        if key not in self._asked:
            self._asked.add(key)
            with suppress(RuntimeError):  # closed meanwhile
                self._maker.submit(self._make, model, key)
        return self._pictures.get(key)

    def close(self) -> None:
        """Forget what is not made yet, and join the thread."""
        self._maker.shutdown(wait=True, cancel_futures=True)

    def _make(self, model: HeadModel, key: Key) -> None:
        from studio.render.component_heat import ComponentHeat  # the rasterizer is not needed to start

        try:
            if self._heat is None or self._heat_of is not model:
                self._heat, self._heat_of = ComponentHeat(model, SIDE), model
            pixels = self._heat.picture(*key)
            image = QImage(pixels.data, SIDE, SIDE, 4 * SIDE, QImage.Format.Format_RGBA8888).copy()
            self._made.emit(model, key, image)
        except Exception:  # noqa: BLE001 - a row without its picture is as good as any other
            _log.debug("the picture of %s failed", key, exc_info=True)

    def _take(self, model: HeadModel, key: Key, image: QImage) -> None:
        if model is self._model:
            self._pictures[key] = image
            self.ready.emit()
