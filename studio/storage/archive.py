"""Zip files from strangers: members that are known to unpack to a believable size."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from studio.storage.errors import DamagedFileError
from studio.storage.paths import cannot_read, file_size
from studio.storage.zip_checks import UNPACKING_ERRORS, check_unpacked, damaged, members_of

FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class Archive:
    """An open zip whose members have names of their own and a believable size together.

    A context manager; entering it raises StudioError where it cannot be read or is damaged.

    Args:
        source: the file, or its whole content.
        name: what errors call it.
        title: what it should be, with an article, for errors: "an npz file".
        ending: what is left out at the end of the members' names.
        allowed: bytes that it may unpack to whatever its own size is; None: as many as any file.

    """

    def __init__(
        self,
        source: Path | bytes,
        name: str,
        title: str,
        ending: str = "",
        allowed: int | None = None,
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
        try:
            self.members = members_of(self.zip, self.name, self._title, self._ending)
            check_unpacked(self.members.values(), self.size, self.name, self._allowed)
        except DamagedFileError:
            self.zip.close()
            raise
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
        return damaged(self.name, self._title)


def add_member(archive: zipfile.ZipFile, name: str, data: bytes, compress: bool) -> None:
    """Write ``data`` as the member ``name``; the same data gives the same bytes on every day and system."""
    entry = zipfile.ZipInfo(name, FIXED_DATE)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    archive.writestr(entry, data)
