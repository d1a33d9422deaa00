"""Opens files for what they are: clips become takes, head models are switched to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from studio.document.carry import carried_over
from studio.document.commands import open_clip, use_model
from studio.flame.files import load_model
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.sequence.files import read_clip
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

if TYPE_CHECKING:
    from studio.window import StudioWindow

_FILTER = "Clips and head models (*.npz *.pkl *.safetensors *.npy);;All files (*)"


class FileOpener(QObject):
    """Opening of clips and models by dialog, drop, menu or command line."""

    _loaded = Signal(object, object)  # what to do with it, what was read
    _failed = Signal(object, str)  # what to do about it, the problem in a sentence

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self.models: list[HeadModel] = [window.document.model]
        self._loaded.connect(lambda use, value: use(value))
        self._failed.connect(lambda tell, problem: tell(problem))
        self._threads: list[threading.Thread] = []

    def ask(self) -> None:
        """Let the user choose files."""
        folder = str(self._window.settings.folder)
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", folder, _FILTER)
        if names:
            self._window.settings.folder = Path(names[0]).parent
            self.open([Path(name) for name in names])

    def open(self, paths: Iterable[Path]) -> None:
        """Open every file for what it is; each problem is one notice, and the others still open."""
        for path in paths:
            self._try(self._open_one, path)

    def open_example(self, title: str, path: Path) -> None:
        """Open a clip that is shipped with the studio."""
        self._try(self.open_clip, path, title)

    def _try(self, do: Callable[..., None], *arguments: Any) -> None:
        try:
            do(*arguments)
        except StudioError as error:
            self._window.warn(str(error))

    def _open_one(self, path: Path) -> None:
        kind = sniff(path)
        if kind.is_model:
            self.open_model(path)
        elif kind.is_clip or (kind.container == "folder" and any(path.glob("*.npz"))):
            self.open_clip(path)
        else:
            raise StudioError(
                f"{path.name} is {kind.title}, which the studio does not open; drop a clip (.npz) or a head "
                "model (.pkl, .npz, .safetensors or a folder of .npy)."
            )

    def open_clip(self, path: Path, title: str = "") -> None:
        """Add the clip at ``path`` as a take.

        Raises:
            StudioError: it is not a clip for this model.

        """
        clip, notices = read_clip(path, self._window.document.model)
        self._window.push(open_clip(self._window.document, title or path.stem, clip))
        if not title:
            self._window.settings.remember_recent(path)
        for notice in notices:
            self._window.notify(notice)

    def open_model(self, path: Path | None) -> None:
        """Read a head model on a thread and switch to it; None for the open head."""
        self._in_background(lambda: load_model(path) if path else load_open_head(), self.use_model)

    def open_first_model(self, path: Path | None, then: Iterable[Path]) -> None:
        """Switch to the model at ``path``, else to one in the model folders, and open the files ``then``."""

        def use(model: HeadModel) -> None:
            if model.digest != self._window.document.model.digest:
                self.use_model(model)
            self.open(then)

        def use_none(problem: str) -> None:
            self._window.warn(f"{problem} The open head is used.")
            self.open(then)

        self._in_background(lambda: load_model(path), use, use_none)

    def use_model(self, model: HeadModel) -> None:
        """Switch to ``model``; the takes stay as far as the models agree."""
        document = self._window.document
        if all(model.digest != loaded.digest for loaded in self.models):
            self.models.append(model)
        if model.digest == document.model.digest:
            self._window.notify(f"{model.name} is already in use.")
            return
        takes, notice = carried_over(document.takes, document.model, model)
        self._window.push(use_model(document, model, takes))
        if notice:
            self._window.notify(notice)

    def wait(self) -> None:
        """Join the reading threads."""
        for thread in self._threads:
            thread.join()

    def _in_background(
        self,
        read: Callable[[], Any],
        use: Callable[[Any], None],
        tell: Callable[[str], None] | None = None,
    ) -> None:
        arguments = (read, use, tell or self._window.warn)
        thread = threading.Thread(target=self._read, args=arguments, name="reader")
        self._threads = [old for old in self._threads if old.is_alive()] + [thread]
        thread.start()

    def _read(self, read: Callable[[], Any], use: Callable[[Any], None], tell: Callable[[str], None]) -> None:
        try:
            value = read()
        except StudioError as error:
            self._failed.emit(tell, str(error))
        else:
            self._loaded.emit(use, value)
