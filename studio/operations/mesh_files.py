"""Vertices in files: a sequence as npy, a head as npy, obj or ply; their order is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.mesh_heads import MESH_FILES, mesh_points
from studio.storage.errors import StudioError
from studio.storage.npy import parse_npy
from studio.storage.paths import read_bytes

VERTEX_FILES = (".npy", *MESH_FILES)


def read_vertices(path: Path) -> NDArray:
    """The numbers of an npy file as they are, or the vertices (V, 3) of a mesh.

    Raises:
        StudioError: it cannot be read, or is something else.

    """
    suffix = path.suffix.lower()
    if suffix == ".npy":
        values = parse_npy(read_bytes(path), path.name)
        if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
            raise StudioError(f"{path.name} does not hold numbers; choose a file of vertices.")
        return values
    if suffix in MESH_FILES:
        return mesh_points(path)
    raise StudioError(f"{path.name} is no file of vertices; choose one in {', '.join(VERTEX_FILES)}.")
