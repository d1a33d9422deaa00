"""Writing an npz whose arrays are never in memory as a whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from studio.storage.archive import FIXED_DATE


@dataclass(frozen=True, eq=False)
class Streamed:
    """An array that comes in blocks, which together fill ``shape`` in C order."""

    dtype: DTypeLike
    shape: tuple[int, ...]
    blocks: Iterable[NDArray[Any]]


def write_streamed(stream: IO[bytes], members: Iterable[tuple[str, ArrayLike | Streamed]]) -> None:
    """Write named arrays one after the other, uncompressed; the same arrays give the same bytes.

    A member is asked for when the one before it is written, so that it may hold what was gathered
    meanwhile.

    Raises:
        ValueError: blocks do not fill the shape that was announced, or an array holds Python objects.

    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, values in members:
            entry = zipfile.ZipInfo(f"{name}.npy", FIXED_DATE)
            with archive.open(entry, "w", force_zip64=True) as member:
                if isinstance(values, Streamed):
                    _write_blocks(member, name, values)
                else:
                    np.lib.format.write_array(member, np.asanyarray(values), allow_pickle=False)


def _write_blocks(member: IO[bytes], name: str, values: Streamed) -> None:
    dtype = np.dtype(values.dtype).newbyteorder("<")
    header = {"descr": dtype.str, "fortran_order": False, "shape": values.shape}
    np.lib.format.write_array_header_1_0(member, header)
    left = int(np.prod(values.shape, dtype=np.int64))
    for block in values.blocks:
        left -= block.size
        member.write(np.ascontiguousarray(block, dtype).tobytes())
    if left:
        raise ValueError(f"{name} lacks {left} of the elements of {values.shape}")
