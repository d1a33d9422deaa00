"""Texture coordinates from an OBJ mesh, with the vertex order kept as the file has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError
from studio.storage.paths import read_bytes


@dataclass(frozen=True, eq=False)
class TexturedMesh:
    """Triangles of an OBJ file, as indices from 0."""

    uv: NDArray[np.float32]  # (U, 2), v up
    faces: NDArray[np.int32]  # (F, 3) into the vertices
    uv_faces: NDArray[np.int32]  # (F, 3) into uv


def read_texture_coordinates(path: Path) -> TexturedMesh:
    """The triangles and texture coordinates of an OBJ file.

    Raises:
        StudioError: it cannot be read, or has other than triangles with texture coordinates.

    """
    uv: list[list[float]] = []
    corners: list[list[list[int]]] = []
    try:
        for line in read_bytes(path).decode("utf-8", "replace").splitlines():
            word, *rest = line.split() or [""]
            if word == "vt":
                uv.append([float(rest[0]), float(rest[1])])
            elif word == "f":
                corners.append([[int(part) for part in corner.split("/")[:2]] for corner in rest])
        table = np.array(corners, dtype=np.int64)
    except (ValueError, IndexError, OverflowError) as error:
        raise _unusable(path) from error
    if table.ndim != 3 or table.shape[1:] != (3, 2) or not uv:
        raise _unusable(path)
    table -= 1
    if table.min() < 0 or table[..., 1].max() >= len(uv) or table.max() >= 2**31:
        raise _unusable(path)
    faces, uv_faces = (np.ascontiguousarray(table[..., part], np.int32) for part in (0, 1))
    return TexturedMesh(np.array(uv, np.float32), faces, uv_faces)


def aligned_corners(mesh: TexturedMesh, faces: NDArray[np.int32]) -> NDArray[np.int32] | None:
    """``mesh.uv_faces`` in the order of ``faces`` (F, 3), or None if the triangles are not the same.

    Tools that write a mesh again may list the same triangles in another order and from another corner.
    """
    if np.array_equal(mesh.faces, faces):
        return mesh.uv_faces
    if mesh.faces.shape != faces.shape:
        return None
    theirs, turn_theirs = _turned(mesh.faces)
    ours, turn_ours = _turned(faces)
    order_theirs, order_ours = (np.lexsort(table.T) for table in (theirs, ours))
    if not np.array_equal(theirs[order_theirs], ours[order_ours]):
        return None
    corners = np.take_along_axis(mesh.uv_faces, turn_theirs, axis=1)
    aligned = np.empty_like(corners)
    aligned[order_ours] = corners[order_theirs]
    result = np.empty_like(aligned)
    np.put_along_axis(result, turn_ours, aligned, axis=1)
    return result


def _turned(faces: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Each triangle told from its smallest vertex on, and the column each entry came from."""
    turn = (np.argmin(faces, axis=1)[:, None] + np.arange(3)) % 3
    return np.take_along_axis(faces, turn, axis=1), turn


def _unusable(path: Path) -> StudioError:
    return StudioError(
        f"{path.name} is not a mesh of triangles with texture coordinates; use the published template."
    )
