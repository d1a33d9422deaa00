"""Whether something can be written where the user wants it, asked before the work begins."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError


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
        StudioError: its folder is missing or closed to us, a folder has its name, or the disk is full.

    """
    folder = path.parent
    if not folder.is_dir():
        raise cannot_write(path, OSError(errno.ENOENT, ""))
    if path.is_dir() and path.suffix:
        raise cannot_write(path, OSError(errno.EISDIR, ""))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise cannot_write(path, OSError(errno.EACCES, ""))
    if shutil.disk_usage(folder).free < max(size, 1):
        raise cannot_write(path, OSError(errno.ENOSPC, ""))
