"""The poses at hand: those that ship, and the user's own, which are files in one folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFile, QFileSystemWatcher, QObject, QTimer, Signal

from studio.controls.preset_file import read_preset
from studio.controls.preset_folders import Stored, fingerprint, free_name, keep, read_folder, shipped_presets
from studio.controls.presets import Preset
from studio.storage.atomic import cannot_write

_SETTLE = 200  # milliseconds that a folder rests before it is read again


class PoseShelf(QObject):
    """Poses to choose from. What other studios put into the folder appears by itself."""

    changed = Signal()
    problem = Signal(str)  # a sentence on a file that cannot be used

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._mine: list[Stored] = []
        self._print: tuple[tuple[str, int, int], ...] | None = None
        self._told: set[str] = set()
        self._watcher = QFileSystemWatcher(self)
        self._rest = QTimer(self, interval=_SETTLE, singleShot=True)
        self._watcher.directoryChanged.connect(lambda _: self._rest.start())
        self._rest.timeout.connect(self.refresh)

    @property
    def mine(self) -> tuple[Stored, ...]:
        """The user's own, by name."""
        return tuple(self._mine)

    @property
    def stored(self) -> tuple[Stored, ...]:
        """All: the user's own first."""
        return (*self._mine, *shipped_presets())

    def refresh(self) -> None:
        """Read the folder where something in it has changed."""
        if self.folder.is_dir() and str(self.folder) not in self._watcher.directories():
            self._watcher.addPath(str(self.folder))
        found = fingerprint(self.folder)
        if found == self._print:
            return
        self._print = found
        self._mine, problems = read_folder(self.folder)
        self.changed.emit()
        for sentence in problems:
            if sentence not in self._told:
                self._told.add(sentence)
                self.problem.emit(sentence)

    def save(self, preset: Preset) -> Stored:
        """Add ``preset``, with a number behind its name where one of the user's own is called so.

        Raises:
            StudioError: the folder cannot be written.

        """
        named = preset.replace(name=self.free_name(preset.name))
        path = keep(self.folder, named)
        self.refresh()
        return Stored(path, named)

    def free_name(self, name: str, besides: Stored | None = None) -> str:
        """``name``, with a number where one of the user's own other than ``besides`` is called so."""
        others = (entry.preset.name for entry in self._mine if besides is None or entry.path != besides.path)
        return free_name(name, others)

    def replace(self, stored: Stored, preset: Preset) -> Stored:
        """Write ``preset`` in place of ``stored``, one of the user's own.

        Raises:
            StudioError: it cannot be written.

        """
        named = preset.replace(name=self.free_name(preset.name, besides=stored))
        path = keep(self.folder, named, stored.path)
        self.refresh()
        return Stored(path, named)

    def take_in(self, path: Path) -> tuple[Stored, bool]:
        """Add a copy of the file at ``path``; the pose, and whether it is new here.

        Raises:
            StudioError: it is no pose, or the folder cannot be written.

        """
        preset = read_preset(path)
        self.refresh()
        for entry in self._mine:
            if entry.preset == preset:
                return entry, False
        return self.save(preset), True

    def delete(self, stored: Stored) -> bool:
        """Move one of the user's own to the bin; whether the system could, else it stays."""
        moved = QFile.moveToTrash(str(stored.path))
        done = moved[0] if isinstance(moved, tuple) else bool(moved)
        self.refresh()
        return bool(done)

    def erase(self, stored: Stored) -> None:
        """Delete one of the user's own for good.

        Raises:
            StudioError: the folder may not be written.

        """
        try:
            stored.path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(stored.path, error) from error
        self.refresh()
