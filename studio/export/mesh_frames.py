"""The head's mesh in every frame, each in a numbered OBJ or PLY of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studio.backends.base import Backend
from studio.export.films import numbered, scratch_folder
from studio.export.mesh import MESHES, mesh_size, mesh_writer
from studio.export.surface_stream import surfaces_of
from studio.export.target import check_format, check_place, check_target
from studio.jobs.job import Cancelled, Progress, Report
from studio.sequence.stream import FrameSource
from studio.storage.atomic import atomic_folder


@dataclass(frozen=True, eq=False)
class MeshFramesJob:
    """Save the mesh of every frame to ``path``, in whose name "%05d" stands for the frame's number.

    Counts and order of vertices and faces are the same in all files. Its folder is made where it is
    missing; in one that is there, files of the same names are replaced.
    """

    backend: Backend
    frames: FrameSource
    path: Path
    name: str = "Mesh sequence"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written to, with the place for the number.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format is not known, or it cannot be written.

        """
        suffix = check_format(self.path, MESHES, "a mesh")
        model, count = self.backend.model, len(self.frames)
        write = mesh_writer(model, suffix)
        surfaces = surfaces_of(self.backend, self.frames, progress, cancelled)
        with _folder(self.path, count * mesh_size(model, suffix)) as folder:
            for index, surface in enumerate(surfaces):
                with (folder / numbered(self.path.name, index)).open("wb") as stream:
                    write(stream, surface)
        progress(Progress(count, count, "Meshes saved"))
        return self.path


@contextmanager
def _folder(path: Path, size: int) -> Iterator[Path]:
    """A folder to fill, whose files then are where ``path`` says."""
    parent = path.parent
    if not parent.exists():
        check_place(parent, size)
        with atomic_folder(parent) as folder:
            yield folder
        return
    check_target(path, size)
    with scratch_folder(path) as folder:
        yield folder
        for file in sorted(folder.iterdir()):
            os.replace(file, path.with_name(file.name))
