"""Opening files that may be missing, unreadable or absurdly large."""

from __future__ import annotations

import errno
from pathlib import Path

from studio.storage.errors import StudioError

LARGEST_FILE = 4 << 30

REASONS = {
    errno.ENOENT: "does not exist; check the name and the folder",
    errno.EACCES: "may not be read by you; change its permissions",
    errno.EPERM: "may not be read by you; change its permissions",
    errno.EISDIR: "is a folder; choose a file in it",
    errno.ENOTDIR: "does not exist; check the name and the folder",
    errno.ENAMETOOLONG: "has too long a name; shorten it",
}


def cannot_read(path: Path, error: OSError | ValueError) -> StudioError:
    """The sentence for a file that the system does not let us read, or whose name no file can have."""
    if isinstance(error, ValueError):
        error = OSError(errno.ENOENT, "")
    reason = REASONS.get(error.errno or 0, f"cannot be read ({error.strerror or error}); check the disk")
    return StudioError(f"{path.name or path} {reason}.")


def file_size(path: Path, largest: int = LARGEST_FILE) -> int:
    """The size of a regular file in bytes.

    Raises:
        StudioError: it is missing, not a regular file, or larger than ``largest`` bytes.

    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise cannot_read(path, error) from None
    if path.is_dir():
        raise StudioError(f"{path.name or path} is a folder; choose a file in it.")
    if not path.is_file():
        raise StudioError(f"{path.name} is not an ordinary file; choose another one.")
    if status.st_size > largest:
        raise StudioError(f"{path.name} is larger than {largest >> 30} GiB; choose a smaller file.")
    return status.st_size


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; False where there is nothing.

    Raises:
        StudioError: the system cannot even look, as for a name that is too long.

    """
    try:
        return path.is_dir()
    except (OSError, ValueError) as error:
        raise cannot_read(path, error) from None


def read_bytes(path: Path) -> bytes:
    """The whole content of ``path``.

    Raises:
        StudioError: it is missing, unreadable or too large.

    """
    file_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from None


def read_start(path: Path, count: int) -> bytes:
    """The first ``count`` bytes of ``path``, or fewer if it is shorter.

    Raises:
        StudioError: it is missing or unreadable.

    """
    file_size(path)
    try:
        with path.open("rb") as stream:
            return stream.read(count)
    except OSError as error:
        raise cannot_read(path, error) from None
