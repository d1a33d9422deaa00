"""Zip files from strangers: members that are known to unpack to a believable size."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from studio.storage.errors import DamagedFileError
from studio.storage.paths import cannot_read, file_size

ALWAYS_ALLOWED = 1 << 30
MOST_GROWTH = 50
LARGEST_UNPACKED = 8 << 30
MOST_MEMBERS = 10_000
FIXED_DATE = (1980, 1, 1, 0, 0, 0)

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


class Archive:
    """An open zip whose members have names of their own and a believable size together.

    A context manager; entering it raises StudioError where it cannot be read or is damaged.

    Args:
        source: the file, or its whole content.
        name: what errors call it.
        title: what it should be, with an article, for errors: "an npz file".
        ending: what is left out at the end of the members' names.
        allowed: bytes that it may unpack to whatever its own size is.

    """

    def __init__(
        self,
        source: Path | bytes,
        name: str,
        title: str,
        ending: str = "",
        allowed: int = ALWAYS_ALLOWED,
    ) -> None:
        self.name = name
        self.size = file_size(source) if isinstance(source, Path) else len(source)
        self._source, self._title, self._ending, self._allowed = source, title, ending, allowed

    def __enter__(self) -> Archive:
        source = self._source
        try:
            self.zip = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        except OSError as error:
            raise cannot_read(Path(self.name), error) from None
        except Exception as error:  # damaged directories make zipfile fail in many ways
            raise self.damaged() from error
        entries = self.zip.infolist()
        if not begins_at_start(self.zip):
            self.zip.close()
            raise self.damaged()
        self.members = {entry.filename.removesuffix(self._ending): entry for entry in entries}
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_MEMBERS or len(self.members) != len(entries):
            self.zip.close()
            raise self.damaged()
        if unpacked > min(max(self._allowed, MOST_GROWTH * self.size), LARGEST_UNPACKED):
            self.zip.close()
            raise DamagedFileError(
                f"{self.name} would unpack to {unpacked / 2**30:.1f} GiB, which its size does not justify; "
                "it was not opened, get the file from where it came."
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def content(self, name: str) -> bytes:
        """One member, unpacked.

        Raises:
            DamagedFileError: it is cut short or damaged.

        """
        entry = self.members[name]
        try:
            with self.zip.open(entry) as stream:
                data = stream.read(entry.file_size)
        except UNPACKING_ERRORS as error:
            raise self.damaged() from error
        if len(data) != entry.file_size:
            raise self.damaged()
        return data

    def damaged(self) -> DamagedFileError:
        """The sentence for a file that is not what its beginning says."""
        return DamagedFileError(f"{self.name} is cut short or is not {self._title}; get the file again.")


def begins_at_start(archive: zipfile.ZipFile) -> bool:
    """Whether ``archive`` is the whole file: of a zip that is cut short, one stored in it may be found."""
    return min((entry.header_offset for entry in archive.infolist()), default=0) == 0


def add_member(archive: zipfile.ZipFile, name: str, data: bytes, compress: bool) -> None:
    """Write ``data`` as the member ``name``; the same data gives the same bytes on every day and system."""
    entry = zipfile.ZipInfo(name, FIXED_DATE)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    archive.writestr(entry, data)
