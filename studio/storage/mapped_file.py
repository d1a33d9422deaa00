"""A file that is mapped into memory, and the arrays in it."""

from __future__ import annotations

import io
import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import DamagedFileError, RefusedFileError, StudioError
from studio.storage.npy import LONGEST_HEADER, Header, read_header
from studio.storage.paths import cannot_read, file_size

ANY_SIZE = 1 << 62  # bytes: what is mapped takes no memory


class MappedFile:
    """A file whose content takes memory only as far as it is looked at."""

    def __init__(self, path: Path) -> None:
        """Open and map it.

        Raises:
            StudioError: it cannot be read.

        """
        self.name = path.name
        file_size(path, ANY_SIZE)
        try:
            self.stream = path.open("rb")
        except OSError as error:
            raise cannot_read(path, error) from None
        try:
            self.size = self._size()
            self._bytes: mmap.mmap | bytes = (
                mmap.mmap(self.stream.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
            )
        except OSError as error:
            self.stream.close()
            raise cannot_read(path, error) from None

    def header(self) -> Header:
        """The header of the npy file that it is.

        Raises:
            DamagedFileError: it is none.

        """
        return read_header(io.BytesIO(self._bytes[: LONGEST_HEADER + 64]), self.name)

    def content(self, start: int, count: int) -> bytes:
        """A copy of ``count`` bytes, or fewer at the end of the file."""
        self.check()
        return self._bytes[start : start + count]

    def array(self, header: Header, offset: int = 0) -> NDArray:
        """The array of ``header``, which stands at ``offset``; read where it is looked at."""
        return shaped(header, self._bytes, offset + header.start)

    def check(self) -> None:
        """Make sure that what is mapped is still there: looking past the end of a file kills a process.

        Raises:
            StudioError: the file has another length than when it was opened.

        """
        if self._size() != self.size:
            raise StudioError(f"{self.name} was changed while it was open; open it again.")

    def close(self) -> None:
        """Let the file go; the mapping goes with the last array over it."""
        self.stream.close()

    def _size(self) -> int:
        return os.fstat(self.stream.fileno()).st_size


def checked(header: Header, label: str, size: int) -> Header:
    """``header`` of an array that takes ``size`` bytes with it.

    Raises:
        RefusedFileError: it holds neither numbers nor text.
        DamagedFileError: it claims another size.

    """
    if header.dtype.kind not in "biufcSU":
        raise RefusedFileError(f"{label} holds neither numbers nor text; save it again as plain numbers.")
    if header.start + header.size != size:
        raise DamagedFileError(
            f"{label} holds {size - header.start} bytes of data where its header claims {header.size}; "
            "get the file again."
        )
    return header


def shaped(header: Header, buffer: Any, offset: int) -> NDArray:
    """The array of ``header`` whose data lies in ``buffer`` from ``offset`` on."""
    if header.size == 0:
        return np.zeros(header.shape, header.dtype)
    return np.ndarray(header.shape, header.dtype, buffer, offset, order="F" if header.fortran else "C")
