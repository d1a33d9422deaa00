"""Writing a file or a folder whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from studio.storage.errors import StudioError

REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another disk",
    errno.EDQUOT: "your disk quota is used up; free some space or choose another disk",
    errno.EFBIG: "it grows too large for the disk; choose a smaller size or another disk",
    errno.EACCES: "writing there is not allowed; choose another folder",
    errno.EPERM: "writing there is not allowed; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOENT: "its folder does not exist; choose another folder",
    errno.ENOTDIR: "its folder does not exist; choose another folder",
    errno.EISDIR: "there is a folder of that name; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTEMPTY: "there is a folder of that name already; choose another name",
    errno.EEXIST: "there is a folder of that name already; choose another name",
}

FULL = {errno.ENOSPC: "No space left", errno.EDQUOT: "quota exceeded", errno.EFBIG: "File too large"}


def full_disk(said: str) -> OSError | None:
    """The system's error that a library or a program tells in words, where these are about a full disk."""
    for number, words in FULL.items():
        if words in said or os.strerror(number) in said:  # the system's own words may be in another language
            return OSError(number, words)
    return None


def cannot_write(path: Path, error: OSError) -> StudioError:
    """The sentence for a file or folder that the system does not let us write."""
    reason = REASONS.get(error.errno or 0, f"{error.strerror or error}; choose another folder")
    return StudioError(f"{path.name or path} was not written: {reason}.")


def write_atomically(path: Path, writer: Callable[[IO[bytes]], object]) -> None:
    """Let ``writer`` fill a binary stream, and put it at ``path`` when it is whole.

    An older file of that name is replaced in one step, and stays as it was if anything fails;
    whatever ``writer`` raises comes through, with nothing left behind.

    Raises:
        StudioError: the disk is full, the folder is missing, or writing there is not allowed.

    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        writer(stream)


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` for writers that want a file name; renamed on success.

    The temporary name keeps the suffix of ``path``, by which many writers choose their format.
    A link is followed, so that what it points to is replaced and the link stays.

    Raises:
        StudioError: the disk is full, the folder is missing, or writing there is not allowed.

    """
    temporary: Path | None = None
    try:
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if target.exists() and not target.is_file():
            raise StudioError(f"{path.name} was not written: it is no ordinary file; choose another name.")
        temporary = _temporary_file(target)
        yield temporary
        _flush(temporary)
        os.replace(temporary, target)
        _flush_folder(target.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside ``path`` to fill with files; renamed to ``path`` on success.

    ``path`` may be missing or an empty folder; a folder with files in it is never replaced.

    Raises:
        StudioError: ``path`` has something in it, or it cannot be written.

    """
    temporary: Path | None = None
    try:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise FileExistsError(errno.EEXIST, "exists")
        temporary = Path(tempfile.mkdtemp(prefix=_prefix(path), dir=path.parent))
        yield temporary
        with suppress(OSError):
            temporary.chmod(0o777 & ~_mask())
        for entry in temporary.rglob("*"):
            if entry.is_file():
                _flush(entry)
        if path.exists():
            path.rmdir()
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _prefix(path: Path) -> str:
    return f".{path.stem[:60]}-"


def _temporary_file(path: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=_prefix(path), suffix=path.suffix[:20], dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    with suppress(OSError):  # some disks have no permissions
        temporary.chmod(path.stat().st_mode & 0o777 if path.is_file() else 0o666 & ~_mask())
    return temporary


def _mask() -> int:
    """The process's file creation mask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush(path: Path) -> None:
    """Make sure that the content is on the disk before the name points to it."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last, where the system can open a folder (not on Windows)."""
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
