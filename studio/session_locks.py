"""Which session a running studio has open, so that a second one on the same file does not save over it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QLockFile


class SessionLock:
    """Holds one session file at a time, by a lock in ``folder``; of a studio that has ended it holds nothing.

    The lock lies in the user's data and not beside the session, whose folder may be read-only, shared or
    carried about. Where no lock can be made, nothing is held up.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: QLockFile | None = None
        self._name = ""

    def take(self, path: Path | None) -> bool:
        """Hold ``path`` instead of what was held; False where another studio has it open."""
        name = _name(path) if path else ""
        if name and name == self._name:
            return True
        self.release()
        if path is None:
            return True
        lock = _lock(self._folder / name)
        if lock is None:
            return True
        if not lock.tryLock(0):
            return not _is_held(lock)
        self._lock, self._name = lock, name
        return True

    def is_taken(self, path: Path) -> bool:
        """Whether another studio has ``path`` open; what is held here stays so."""
        name = _name(path)
        lock = None if name == self._name else _lock(self._folder / name)
        if lock is None:
            return False
        if not lock.tryLock(0):
            return _is_held(lock)
        lock.unlock()
        return False

    def release(self) -> None:
        """Hold nothing."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock, self._name = None, ""


def _name(path: Path) -> str:
    """One name for a file, by whatever links it is reached."""
    real = os.path.normcase(os.path.realpath(path))
    return hashlib.sha256(real.encode("utf-8", "surrogatepass")).hexdigest()[:32] + ".lock"


def _is_held(lock: QLockFile) -> bool:
    """Whether ``lock``, which could not be had, is another studio's; else none can be made there."""
    return lock.error() == QLockFile.LockError.LockFailedError


def _lock(path: Path) -> QLockFile | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)  # however long it is open, it goes with its studio alone
    return lock
