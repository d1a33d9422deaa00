"""Autosaves: one file for each running studio, locked while it runs, and those left over by others."""

from __future__ import annotations

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile

from studio.flame.folders import APPLICATION
from studio.session.state import SESSION_ENDING, Kept, State
from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError

_PREFIX = "studio-"
_OLD = 86_400.0  # seconds after which nobody is still writing a temporary file


def autosave_folder() -> Path:
    """Where the platform keeps an application's data; it may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False) / "autosave"


def _lock_of(path: Path) -> QLockFile:
    """The lock of the autosave at ``path``: whose studio has ended, has it no longer, however it ended."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock


class LeftOver:
    """An autosave of a studio that ended without removing it, locked for this one."""

    def __init__(self, path: Path, lock: QLockFile) -> None:
        self.path = path
        self._lock = lock

    @property
    def seconds(self) -> float:
        """When it was written, since the epoch."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0

    @property
    def saved_as(self) -> Path | None:
        """The session file that it is a later state of; None where there is none, or it is damaged."""
        try:
            from studio.session.reading import left_behind_of

            return left_behind_of(self.path)
        except StudioError:
            return None

    def discard(self) -> None:
        """Remove it."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._lock.unlock()

    def release(self) -> None:
        """Leave it for another start."""
        self._lock.unlock()


class Autosave:
    """The autosave of this studio. Used from one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_PREFIX}{os.getpid()}-{uuid.uuid4().hex[:8]}{SESSION_ENDING}"
        self._lock: QLockFile | None = None

    def write(self, state: State, kept: Kept, saved_as: Path | None) -> None:
        """Write ``state``; see :func:`studio.session.writing.write_autosave`.

        Raises:
            StudioError: its folder cannot be written.

        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.path.parent, error) from error
        if self._lock is None:
            lock = _lock_of(self.path)
            if not lock.tryLock(0):
                raise StudioError(f"{self.path.parent} may not be written; change its permissions.")
            self._lock = lock
        from studio.session.writing import write_autosave

        write_autosave(self.path, state, kept, saved_as)

    def remove(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def release(self) -> None:
        """Leave the file for the next start."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


def left_over(folder: Path) -> list[LeftOver]:
    """The autosaves in ``folder`` whose studio has ended, the newest first; each is locked for this one."""
    found = []
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    for path in entries:
        if path.name.startswith(f".{_PREFIX}"):
            _forget_temporary(path)
        elif path.name.startswith(_PREFIX) and path.suffix == SESSION_ENDING:
            lock = _lock_of(path)
            if lock.tryLock(0):
                found.append(LeftOver(path, lock))
    return sorted(found, key=lambda entry: entry.seconds, reverse=True)


def _forget_temporary(path: Path) -> None:
    """Remove what a studio that was killed while it wrote has left."""
    with suppress(OSError):
        if path.stat().st_mtime < time.time() - _OLD:
            path.unlink()
