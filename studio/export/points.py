"""Points on the surface of a clip's heads, as npz of any size or as a PLY point cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.backends.base import Backend
from studio.export.mesh import ply_header
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.flame.model import HeadModel
from studio.flame.sampling import Draw, SurfaceChances, faces_within, normals_at, positions_at
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.stream import FrameSource
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.storage.npz_stream import Streamed, write_streamed

POINT_FILES = (".npz", ".ply")
BYTES = 2 * 12  # of a point's position and normal
PLACE_BYTES = 4 + 12  # of its face and weights

Blocks = Iterator[NDArray[Any]]


@dataclass(frozen=True, eq=False)
class PointsJob:
    """Save ``count`` points drawn evenly over the area of the head at ``frame``.

    An npz holds ``position (N, 3)`` float32 metres, ``normal (N, 3)`` float32 unit, ``face_index (N,)``
    int32, ``barycentric (N, 3)`` float32, ``seed``, ``frame``, ``fps`` and the model's labels. With
    ``all_frames`` the same points ride on the surface through the clip, and ``position`` and ``normal``
    are ``(T, N, 3)``. A PLY is a cloud of positions with normals. Points go to the file in blocks, so
    that their number costs no memory.
    """

    backend: Backend
    clip: FrameSource
    path: Path
    count: int
    seed: int = 0
    frame: int = 0
    all_frames: bool = False
    regions: Sequence[str] = ()  # names of regions that points may lie on; none: all of the head
    name: str = "Surface points"

    @property
    def frames(self) -> int:
        """How many frames are written."""
        return len(self.clip) if self.all_frames else 1

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format is not known or cannot hold all frames, there is no such region or
                no area in it, or it cannot be written.

        """
        suffix = check_format(self.path, POINT_FILES, "points")
        if suffix == ".ply" and self.all_frames:
            raise StudioError(
                f"{self.path.name} can hold one frame only; end the name in .npz for all of them."
            )
        check_target(self.path, self.count * (self.frames * BYTES + PLACE_BYTES))
        model = self.backend.model
        mask = region_mask(model, self.regions)
        vertices = self.backend.forward(self.clip.frame(self.frame)).vertices
        work = _Work(self, SurfaceChances(vertices, model.faces, mask), progress, cancelled)
        writer = {".npz": work.write_npz, ".ply": work.write_ply}[suffix]
        write_atomically(self.path, writer)
        return self.path


@dataclass(eq=False)
class _Work:
    """One run of a job: passes over the same points, each for one array."""

    job: PointsJob
    chances: SurfaceChances
    progress: Report
    cancelled: Cancelled
    done: int = 0

    @property
    def total(self) -> int:
        """How many points are drawn in all passes."""
        job = self.job
        return job.count * (2 * job.frames + 2 if job.path.suffix.lower() == ".npz" else 1)

    def write_npz(self, stream: IO[bytes]) -> None:
        write_streamed(stream, self._members())

    def write_ply(self, stream: IO[bytes]) -> None:
        job = self.job
        stream.write(ply_header(job.backend.model, job.count))
        surface = job.backend.forward(job.clip.frame(job.frame))
        faces = job.backend.model.faces
        for draw in self._draws():
            places = positions_at(draw, surface.vertices, faces)
            block = np.concatenate([places, normals_at(draw, surface.normals, faces)], axis=1)
            stream.write(block.astype("<f4").tobytes())

    def _members(self) -> Iterator[tuple[str, ArrayLike | Streamed]]:
        job, model = self.job, self.job.backend.model
        shape = (len(job.clip), job.count, 3) if job.all_frames else (job.count, 3)
        yield "position", Streamed("<f4", shape, self._placed(positions_at, "vertices"))
        yield "normal", Streamed("<f4", shape, self._placed(normals_at, "normals"))
        faces = (draw.face_index for draw in self._draws())
        yield "face_index", Streamed("<i4", (job.count,), faces)
        weights = (draw.barycentric for draw in self._draws())
        yield "barycentric", Streamed("<f4", (job.count, 3), weights)
        yield "seed", np.array(job.seed, np.uint64)
        yield "frame", np.array(job.frame)
        yield "fps", np.array(job.clip.fps)
        yield "model_name", np.array(model.name)
        yield "model_digest", np.array(model.digest)
        yield "licence", np.array(licence_note(model))

    def _placed(self, place: Callable[..., NDArray[np.float32]], name: str) -> Blocks:
        """Blocks of points on each frame; they are drawn again for each, rather than kept."""
        job = self.job
        for index in range(len(job.clip)) if job.all_frames else (job.frame,):
            values = getattr(job.backend.forward(job.clip.frame(index)), name)
            for draw in self._draws():
                yield place(draw, values, job.backend.model.faces)

    def _draws(self) -> Iterator[Draw]:
        for draw in self.chances.draws(self.job.count, self.job.seed):
            check(self.cancelled)
            yield draw
            self.done += len(draw.face_index)
            self.progress(Progress(self.done, self.total, "Drawing points"))


def region_mask(model: HeadModel, names: Sequence[str]) -> NDArray[np.bool_] | None:
    """The faces (F,) whose corners all lie in the regions ``names`` taken together; None for no names.

    Raises:
        StudioError: the model has no such region.

    """
    for name in names:
        if name not in model.regions:
            known = ", ".join(sorted(model.regions)) or "none; FLAME_masks.pkl beside the model brings some"
            raise StudioError(f"{model.name} has no region {name}; its regions are {known}.")
    return faces_within(model.faces, [model.regions[name] for name in names]) if names else None
