"""Whether something can be written where the user wants it, asked before the work begins."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError
from studio.storage.kind import sniff


def check_format(path: Path, formats: Iterable[str], what: str) -> str:
    """The suffix of ``path`` in lower case, one of ``formats``.

    Raises:
        StudioError: it is another one.

    """
    suffix = path.suffix.lower()
    known = list(formats)
    if suffix not in known:
        listed = ", ".join(known[:-1]) + f" or {known[-1]}" if len(known) > 1 else known[0]
        named = f"to {suffix}" if suffix else "without an ending"
        raise StudioError(f"{path.name}: {what} cannot be saved {named}; end the name in {listed}.")
    return suffix


def check_target(path: Path, size: int = 0) -> None:
    """Make sure that a file of ``size`` bytes can come to be at ``path``.

    Raises:
        StudioError: its folder is missing or closed to us, a folder has its name, the disk is full, or
            a head model is there.

    """
    check_place(path, size)
    if path.is_dir() and path.suffix:
        raise cannot_write(path, OSError(errno.EISDIR, ""))
    if path.is_file() and _is_model(path):
        raise StudioError(f"{path.name} is a head model, which would be lost; choose another name.")


def check_place(path: Path, size: int = 0) -> None:
    """Make sure that there can be something called ``path``, and that its folder has room for ``size`` bytes.

    Raises:
        StudioError: its folder is missing or closed to us, the disk is full, or the name is too long.

    """
    folder = path.parent
    try:
        path.exists()
    except OSError as error:
        raise cannot_write(path, error) from None
    if not folder.is_dir():
        raise cannot_write(path, OSError(errno.ENOENT, ""))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise cannot_write(path, OSError(errno.EACCES, ""))
    _check_room(path, folder, size)


def _check_room(path: Path, folder: Path, size: int) -> None:
    usage = shutil.disk_usage(folder)
    if usage.total == 0:  # no disk at all (/proc), or one that does not tell
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            raise cannot_write(path, OSError(errno.EACCES, "")) from None
    elif usage.free < max(size, 1):
        raise cannot_write(path, OSError(errno.ENOSPC, ""))


def _is_model(path: Path) -> bool:
    with suppress(StudioError):
        return sniff(path).is_model
    return False


def check_no_input(path: Path, sources: Iterable[Path]) -> None:
    """Make sure that writing to ``path`` replaces nothing that is read: files, or files in folders.

    Raises:
        StudioError: it would.

    """
    if not path.is_file():
        return
    for source in sources:
        files = source.iterdir() if source.is_dir() else [source]
        if any(file.is_file() and path.samefile(file) for file in files):
            raise StudioError(f"{path.name} is read to make it and would be lost; choose another name.")
