"""Sequences of meshes, a file for each frame: OBJ and PLY, whose vertices keep their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.sequence.layout import ASSUMED
from studio.sequence.readers import Reader, RecordingReader
from studio.sequence.report import Dropped, ImportReport, Taken
from studio.sequence.surface_clips import Surfaces
from studio.sequence.surface_files import surface_recording
from studio.sequence.vertex_files import FEWEST, FPS, Scale
from studio.sequence.vertex_rows import VertexRows
from studio.storage.errors import DamagedFileError, StudioError
from studio.storage.paths import file_size, read_bytes

MESH_ENDINGS = (".obj", ".ply")
LARGEST_MESH = 256 << 20  # bytes
FEW = 4 << 20  # bytes of the vertices of all meshes, which take long to read


def mesh_vertices(path: Path) -> NDArray[np.float64]:
    """The vertices (V, 3) of an OBJ or PLY file, in its order.

    Raises:
        StudioError: it cannot be read, or is no such mesh.

    """
    if file_size(path) > LARGEST_MESH:
        raise StudioError(f"{path.name} is larger than {LARGEST_MESH >> 20} MiB; choose a smaller mesh.")
    try:
        vertices = _obj_vertices(path) if path.suffix.lower() == ".obj" else _ply_vertices(path)
    except StudioError:
        raise
    except Exception as error:  # readers of damaged meshes fail in any way
        raise DamagedFileError(f"{path.name} is no whole mesh; get it again.") from error
    if vertices.ndim != 2 or vertices.shape[1] != 3 or len(vertices) < FEWEST:
        raise DamagedFileError(f"{path.name} holds no vertices; get it again.")
    return vertices


def _obj_vertices(path: Path) -> NDArray[np.float64]:
    rows = [line.split()[1:4] for line in read_bytes(path).splitlines() if line.startswith((b"v ", b"v\t"))]
    return np.array(rows, dtype=np.float64).reshape(len(rows), -1)


def _ply_vertices(path: Path) -> NDArray[np.float64]:
    import trimesh

    mesh = trimesh.load(path, process=False)
    return np.asarray(mesh.vertices, np.float64)


def open_meshes(label: str, files: Sequence[Path], notices: Sequence[str] = ()) -> Reader:
    """The sequence of the meshes ``files``, one a frame, which are read when they are asked for.

    Raises:
        StudioError: the first one cannot be read, or is no head.

    """
    first = mesh_vertices(files[0])
    scale = Scale.of(first, files[0].name)

    def read(start: int, stop: int) -> NDArray:
        frames = []
        for file in files[start:stop]:
            vertices = mesh_vertices(file)
            if len(vertices) != len(first):
                raise StudioError(
                    f"{file.name} has {len(vertices)} vertices where the first mesh has {len(first)}; choose "
                    "a folder of meshes of one head."
                )
            frames.append(vertices)
        return np.stack(frames)

    rows = VertexRows(read, len(files), len(first), scale.factor, in_memory=FEW)
    report = ImportReport(
        label=label,
        layout=f"a mesh for each frame ({files[0].suffix.lower()})",
        frames=len(files),
        fps=FPS,
        rate=ASSUMED,
        taken=(Taken("vertices", "vertices", f"{len(first)} vertices, in the order of the files"),),
        dropped=(Dropped("faces, normals and textures", "the model has its own"),),
        notes=(*((scale.note,) if scale.note else ()), *notices),
    )
    return RecordingReader(
        label, surface_recording(Surfaces(rows, None, scale.differences), report, stated=False)
    )
