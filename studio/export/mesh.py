"""The head's mesh in files: Wavefront OBJ and binary PLY, vertex for vertex as the model has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.look import Look
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.storage.atomic import write_atomically

MESHES = (".obj", ".ply")


@dataclass(frozen=True, eq=False)
class MeshJob:
    """Save ``surface`` as OBJ or PLY, by the ending of ``path``.

    The mesh is the model's own, not the finer one that is drawn: counts and order of vertices and
    faces stay those of the model. Lengths are metres. With a ``look`` that shows a texture, an OBJ has its
    material and picture beside it, called like itself.
    """

    model: HeadModel
    surface: Surface
    path: Path
    name: str = "Mesh"
    look: Look | None = None

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format is not known, or it cannot be written.

        """
        suffix = check_format(self.path, MESHES, "a mesh")
        check_target(self.path)
        progress(Progress(0, 1, "Writing the mesh"))
        check(cancelled)
        picture = self._picture() if suffix == ".obj" else None
        if picture is not None:
            from studio.export.textured_mesh import write_textured  # which writes meshes by this module

            write_textured(self.path, self.model, self.surface, picture, "_texture")
        else:
            writer = {".obj": write_obj, ".ply": write_ply}[suffix]
            write_atomically(self.path, lambda stream: writer(stream, self.model, self.surface))
        progress(Progress(1, 1, "Mesh saved"))
        return self.path

    def _picture(self) -> NDArray[np.uint8] | None:
        """The texture that is shown (R, R, 3) sRGB, row 0 at v = 0; None where none is.

        Raises:
            StudioError: it cannot be read.

        """
        from studio.export.gltf.material import picture_of

        shown = None if self.look is None else picture_of(self.model, self.look)
        return None if shown is None else shown[::-1]


def mesh_writer(model: HeadModel, suffix: str) -> Callable[[IO[bytes], Surface], None]:
    """What writes surfaces of ``model`` as ``suffix`` says; what they share is made once."""
    if suffix == ".ply":
        return lambda stream, surface: write_ply(stream, model, surface)
    parts = ObjParts.of(model)
    return lambda stream, surface: write_obj(stream, model, surface, parts)


def mesh_size(model: HeadModel, suffix: str) -> int:
    """About how many bytes a mesh of ``model`` takes."""
    vertices, faces = model.vertex_count, len(model.faces)
    return vertices * 24 + faces * 13 if suffix == ".ply" else vertices * 90 + faces * 45


@dataclass(frozen=True, eq=False)
class ObjParts:
    """What does not change from frame to frame in the OBJ files of a model."""

    head: bytes
    coordinates: bytes  # of the texture
    faces: bytes

    @classmethod
    def of(cls, model: HeadModel) -> ObjParts:
        """The parts of ``model``."""
        head = f"# {licence_note(model)}\n# {model.name}, metres, +Y up, +Z out of the face\no head\n"
        coordinates = b"" if model.uv is None else _rows("vt", model.uv)
        corners = model.faces + 1
        if model.uv is None or model.uv_faces is None:
            faces = _lines("f %d//%d %d//%d %d//%d\n", np.repeat(corners, 2, axis=1))
        else:
            triples = np.stack([corners, model.uv_faces + 1, corners], axis=2).reshape(-1, 9)
            faces = _lines("f %d/%d/%d %d/%d/%d %d/%d/%d\n", triples)
        return cls(head.encode(), coordinates, faces)


def write_obj(
    stream: IO[bytes],
    model: HeadModel,
    surface: Surface,
    parts: ObjParts | None = None,
    library: str = "",
    material: str = "",
) -> None:
    """Wavefront OBJ with normals, and texture coordinates where the model has them.

    It has a material only where ``library`` names the file that ``material`` is in.
    """
    parts = parts or ObjParts.of(model)
    stream.write(parts.head)
    if library:
        stream.write(f"mtllib {library}\nusemtl {material}\n".encode())
    stream.write(_rows("v", surface.vertices))
    stream.write(parts.coordinates)
    stream.write(_rows("vn", surface.normals))
    stream.write(parts.faces)


def _rows(word: str, values: NDArray[np.float32]) -> bytes:
    """Lines of numbers with every digit a float32 has."""
    return _lines(word + " %.9g" * values.shape[1] + "\n", values)


def _lines(line: str, values: NDArray) -> bytes:
    return ((line * len(values)) % tuple(values.reshape(-1).tolist())).encode()


def write_ply(stream: IO[bytes], model: HeadModel, surface: Surface) -> None:
    """Binary little-endian PLY with normals."""
    vertices = np.concatenate([surface.vertices, surface.normals], axis=1).astype("<f4")
    faces = np.empty(len(model.faces), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, model.faces
    stream.write(ply_header(model, len(vertices), len(faces)))
    stream.write(vertices.tobytes())
    stream.write(faces.tobytes())


def ply_header(model: HeadModel, vertices: int, faces: int | None = None) -> bytes:
    """What a binary little-endian PLY of positions, normals and maybe faces begins with."""
    properties = "".join(f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz"))
    note = licence_note(model).encode("ascii", "replace").decode()
    listed = "" if faces is None else f"element face {faces}\nproperty list uchar int vertex_indices\n"
    return (
        f"ply\nformat binary_little_endian 1.0\ncomment {note}\n"
        f"element vertex {vertices}\n{properties}{listed}end_header\n"
    ).encode()
