"""Vertices that stay in a file of their own, which a session refers to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from studio.document.media import is_elsewhere
from studio.flame.params import FloatArray
from studio.sequence.files import read_recording
from studio.sequence.vertex_rows import Read, VertexRows
from studio.storage.errors import DamagedFileError, StudioError

FILE, PLACE, BASE = NAMES = ("surface_file", "surface_rows", "surface_base")
MOST_VERTICES = 10_000_000


def surface_arrays(rows: VertexRows) -> dict[str, NDArray]:
    """Where ``rows`` are: the file, first frame, count, V there and here, and what is taken off every row."""
    entries: dict[str, NDArray] = {
        FILE: np.array(rows.source),
        PLACE: np.array((rows.first, len(rows), rows.vertices, rows.shape[1]), np.int64),
    }
    return entries if rows.base is None else {**entries, BASE: rows.base}


def surface_rows(arrays: Mapping[str, NDArray], count: int, label: str) -> VertexRows | None:
    """The rows that :func:`surface_arrays` told of; None where there are none.

    Where their file is missing, another one, or on another computer, which is not asked, they are 0 in every
    frame and :attr:`VertexRows.missing` says why; saving them again keeps where they were.

    Raises:
        DamagedFileError: what is told of them makes no sense.

    """
    if FILE not in arrays:
        return None
    source, place, base = arrays[FILE], arrays.get(PLACE), arrays.get(BASE)
    if (
        source.dtype.kind != "U"
        or source.size != 1
        or place is None
        or place.dtype.kind != "i"
        or place.shape != (4,)
    ):
        raise _damaged(label)
    first, length, vertices, total = (int(value) for value in place)
    if first < 0 or length != count or not (0 < vertices < MOST_VERTICES and 0 < total < MOST_VERTICES):
        raise _damaged(label)
    if base is not None and (base.dtype != np.float32 or base.shape != (vertices, 3)):
        raise _damaged(label)
    path = str(source.reshape(-1)[0])
    try:
        rows = _rows_in(path, first + length, vertices)
    except StudioError as error:
        rows = VertexRows(_nothing(str(error)), first + length, vertices)
        rows.source, rows.missing = path, str(error)
    return rows.against(base, total).part(first, first + length)


def _rows_in(path: str, count: int, vertices: int) -> VertexRows:
    name = PureWindowsPath(path).name
    if is_elsewhere(path):
        raise StudioError(f"{name} is on another computer and was not read; copy it to this one.")
    surfaces = read_recording(Path(path)).surfaces
    if surfaces is None or surfaces.rows.shape[1] != vertices or len(surfaces.rows) < count:
        raise StudioError(f"{name} is no longer the file that the take was made from; put that one back.")
    return surfaces.rows


def _nothing(problem: str) -> Read:
    def read(_start: int, _stop: int) -> FloatArray:
        raise StudioError(problem)

    return read


def _damaged(label: str) -> DamagedFileError:
    return DamagedFileError(f"{label} is damaged: what it says of a file of vertices makes no sense.")
