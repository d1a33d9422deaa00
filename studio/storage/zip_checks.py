"""What makes a zip from strangers believable, for those who read all of it and those who read parts."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable

from studio.storage.errors import DamagedFileError

NPZ = "an npz file"
ALWAYS_ALLOWED = 1 << 30  # bytes that any file may unpack to
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


def members_of(
    archive: zipfile.ZipFile, name: str, title: str = NPZ, ending: str = ".npy"
) -> dict[str, zipfile.ZipInfo]:
    """The members of the file ``name``, an npz unless ``title`` says otherwise, without their ``ending``.

    Raises:
        DamagedFileError: there are far too many, two of one name, or the file is cut short.

    """
    entries = archive.infolist()
    members = {entry.filename.removesuffix(ending): entry for entry in entries}
    if len(entries) > MOST_MEMBERS or len(members) != len(entries) or not begins_at_start(archive):
        raise damaged(name, title)
    return members


def begins_at_start(archive: zipfile.ZipFile) -> bool:
    """Whether ``archive`` is the whole file: of a zip that is cut short, one stored in it may be found."""
    return min((entry.header_offset for entry in archive.infolist()), default=0) == 0


def check_unpacked(
    entries: Iterable[zipfile.ZipInfo], size: int, name: str, allowed: int | None = None
) -> None:
    """Make sure that ``entries`` of the file ``name`` of ``size`` bytes unpack to a believable size.

    ``allowed`` bytes are believed whatever its own size is; None: ``ALWAYS_ALLOWED``.

    Raises:
        DamagedFileError: they would not.

    """
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(max(allowed or ALWAYS_ALLOWED, MOST_GROWTH * size), LARGEST_UNPACKED):
        raise DamagedFileError(
            f"{name} would unpack to {unpacked / 2**30:.1f} GiB, which its size does not justify; it was not "
            "opened, get the file from where it came or save it without compression."
        )


def damaged(name: str, title: str = NPZ) -> DamagedFileError:
    """The sentence for a file that is not what its beginning says."""
    return DamagedFileError(f"{name} is cut short or is not {title}; get the file again.")
