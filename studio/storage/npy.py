"""One array in NumPy's npy layout, from memory, with every size checked before it is believed."""

from __future__ import annotations

import io
import warnings
from math import prod
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format

from studio.storage.errors import DamagedFileError, RefusedFileError

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 100_000
LARGEST_COUNT = 2**40  # of elements, also of an array that is empty because another side is 0


class Header:
    """Shape, type and order of an npy array, and where its data starts."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], fortran: bool, start: int) -> None:
        """Keep what the header says."""
        self.shape = shape
        self.dtype = dtype
        self.fortran = fortran
        self.start = start

    @property
    def size(self) -> int:
        """Bytes of data that follow, for arrays of numbers or text."""
        return prod(self.shape) * self.dtype.itemsize


def read_header(stream: BinaryIO, name: str) -> Header:
    """The header at the start of ``stream``.

    Raises:
        DamagedFileError: there is no sane npy header.

    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = npy_format.read_magic(stream)
            reader = READERS[version]
            shape, fortran, dtype = reader(stream, max_header_size=LONGEST_HEADER)
    except Exception as error:  # the parser of a damaged header may fail in any way
        raise DamagedFileError(f"{name} is not a whole NumPy array; get the file again.") from error
    sane = all(type(length) is int and length >= 0 for length in shape)
    if not sane or prod(max(length, 1) for length in shape) > LARGEST_COUNT:
        raise DamagedFileError(f"{name} has a shape that makes no sense; get the file again.")
    return Header(shape, dtype, fortran, stream.tell())


READERS: dict[Any, Any] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}


def parse_npy(data: bytes, name: str) -> Any:
    """The array in ``data``; an object array of one dict, as landmark files have, gives the dict.

    Raises:
        DamagedFileError: the data is cut short, too long, or not an array.
        RefusedFileError: it holds Python objects other than arrays and plain containers.

    """
    header = read_header(io.BytesIO(data), name)
    body = memoryview(data)[header.start :]
    if header.dtype.hasobject:
        if header.dtype.kind != "O" or header.shape:
            raise RefusedFileError(
                f"{name} asks for an array of Python objects instead of numbers, "
                "which no head model needs, so it was not opened; save it again as numbers."
            )
        from studio.storage.restricted_pickle import parse_pickle

        return parse_pickle(bytes(body), name)
    if header.dtype.kind not in "biufcSU":
        raise RefusedFileError(f"{name} holds neither numbers nor text; save it again as plain numbers.")
    if len(body) != header.size:
        raise DamagedFileError(
            f"{name} holds {len(body)} bytes of data where its header claims {header.size}; "
            "get the file again."
        )
    if not header.size:
        return np.zeros(header.shape if prod(header.shape) == 0 else (0,), header.dtype)
    array = np.frombuffer(body, header.dtype)
    return array.reshape(header.shape, order="F" if header.fortran else "C")
