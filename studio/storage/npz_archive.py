"""What makes a zip a believable npz, for those who read all of it and those who read parts."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable

from studio.storage.errors import DamagedFileError

ALWAYS_ALLOWED = 1 << 30  # bytes that any npz may unpack to
MOST_GROWTH = 50  # times its own size that a larger one may
LARGEST_UNPACKED = 8 << 30
MOST_MEMBERS = 10_000

# what zipfile and zlib raise where a member is damaged
UNPACKING_ERRORS = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
)


def members_of(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The members of the npz ``name`` by the names of their arrays.

    Raises:
        DamagedFileError: there are far too many, or two of one name.

    """
    entries = archive.infolist()
    members = {entry.filename.removesuffix(".npy"): entry for entry in entries}
    if len(entries) > MOST_MEMBERS or len(members) != len(entries):
        raise damaged(name)
    return members


def check_unpacked(entries: Iterable[zipfile.ZipInfo], size: int, name: str) -> None:
    """Make sure that ``entries`` of the npz ``name`` of ``size`` bytes unpack to a believable size.

    Raises:
        DamagedFileError: they would not.

    """
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(max(ALWAYS_ALLOWED, MOST_GROWTH * size), LARGEST_UNPACKED):
        raise DamagedFileError(
            f"{name} would unpack to {unpacked / 2**30:.1f} GiB, which its size does not justify; it was not "
            "opened, get the file from where it came or save it without compression."
        )


def damaged(name: str) -> DamagedFileError:
    """The sentence for a file that is not what its beginning says."""
    return DamagedFileError(f"{name} is cut short or is not an npz file; get the file again.")
