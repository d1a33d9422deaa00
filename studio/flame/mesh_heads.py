"""Heads out of mesh files that have the vertices of a model, one for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.storage.errors import StudioError
from studio.storage.paths import read_bytes

MESH_FILES = (".obj", ".ply")
_LARGEST_HEAD = 2.0  # metres; what is larger is taken to be in millimetres


def read_mesh_head(path: Path, model: HeadModel) -> tuple[Params, tuple[str, ...]]:
    """The head in the OBJ or PLY file at ``path`` as vertex offsets of ``model`` at rest, and notices.

    Raises:
        StudioError: it cannot be read, or its vertices are not those of the model.

    """
    points = mesh_points(path)
    if len(points) != model.vertex_count:
        raise StudioError(
            f"{path.name} has {len(points)} vertices, but a head of {model.name} has {model.vertex_count}; "
            "save it with the vertices of that model, in its order."
        )
    if not np.isfinite(points).all():
        raise StudioError(f"{path.name} has vertices that are no numbers; get it again.")
    notices: tuple[str, ...] = ()
    if np.ptp(points, axis=0).max() > _LARGEST_HEAD:
        points = points / 1000.0
        notices = (f"{path.name} was taken to be in millimetres.",)
    return Params.neutral(model).replace(vertex_offset=points - model.v_template), notices


def mesh_points(path: Path) -> NDArray[np.float64]:
    """The vertices (N, 3) of the OBJ or PLY file at ``path``, in the file's order and unit.

    Raises:
        StudioError: it cannot be read.

    """
    return _obj_points(path) if path.suffix.lower() == ".obj" else _ply_points(path)


def _obj_points(path: Path) -> NDArray[np.float64]:
    """The vertices (N, 3) in the file's order; readers of meshes split them at seams."""
    lines = (line.split() for line in read_bytes(path).splitlines() if line.startswith(b"v "))
    try:
        return np.array([[float(word) for word in words[1:4]] for words in lines], np.float64).reshape(-1, 3)
    except ValueError as error:
        raise StudioError(f"{path.name} is not a whole OBJ mesh; get it again.") from error


def _ply_points(path: Path) -> NDArray[np.float64]:
    import trimesh

    read_bytes(path)  # for its own sentence where it cannot be read
    try:
        return np.asarray(trimesh.load(path, process=False, skip_materials=True).vertices, np.float64)
    except Exception:  # noqa: BLE001 - readers of damaged meshes fail in any way
        raise StudioError(f"{path.name} is not a whole PLY mesh; get it again.") from None
