"""A clip's parameters, and what the forward pass makes of them, as npz files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.backends.base import FRAMES_AT_A_TIME, Backend, ContourSign, Surfaces
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.flame.landmark_sets import LandmarkSet, landmark_positions
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from studio.sequence.stream import FrameSource
from studio.sequence.writers import ClipLayout, layout_of
from studio.storage.atomic import write_atomically
from studio.storage.npz_stream import Streamed, write_streamed


@dataclass(frozen=True, eq=False)
class ParametersJob:
    """Save ``clip``, shown on ``model``, in the layout that ``path`` ends in (:func:`write_clip`)."""

    model: HeadModel
    clip: Clip
    path: Path
    name: str = "Parameters"
    backend: Backend | None = None  # computes vertices where they are asked for; None: one is made
    layout: ClipLayout | None = None  # None: that of the ending
    notices: list[str] = field(default_factory=list)  # what the layout has no place for, once it is written

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: there is no layout for the ending, or it cannot be written.

        """
        layout = self.layout or layout_of(self.path)
        check_target(self.path, _vertices_size(self.clip, self.model) if layout == "vertices" else 0)

        def watch(done: int, count: int) -> None:
            check(cancelled)
            progress(Progress(done, count, "Writing the parameters"))

        watch(0, len(self.clip))
        self.notices[:] = write_clip(self.path, self.clip, self.model, self.backend, layout, watch)
        progress(Progress(len(self.clip), len(self.clip), "Parameters saved"))
        return self.path


def _vertices_size(clip: Clip, model: HeadModel) -> int:
    return 12 * len(clip) * model.vertex_count


@dataclass(frozen=True, eq=False)
class ForwardJob:
    """Save the surfaces of every frame of ``clip``.

    ``vertices (T, V, 3)``, ``landmarks (T, 68, 3)``, ``joints (T, 5, 3)`` float32 in metres,
    ``contour_row (T,)`` int32, ``faces (F, 3)``, ``fps``, and the model's labels. With ``marks``,
    ``landmarks (T, L, 3)`` are those, and ``landmark_index (L,)`` int32 their numbers. Frames go to
    the file as they come, so that length costs no memory.
    """

    backend: Backend
    clip: FrameSource
    path: Path
    contour: ContourSign = "screen"
    marks: LandmarkSet | None = None  # None: the 68
    name: str = "Forward pass"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the name does not end in .npz, or it cannot be written.

        """
        check_format(self.path, (".npz",), "vertices")
        check_target(self.path, 12 * len(self.clip) * self.backend.model.vertex_count)
        members = self._members(progress, cancelled)
        write_atomically(self.path, lambda stream: write_streamed(stream, members))
        return self.path

    def _members(self, progress: Report, cancelled: Cancelled) -> Iterator[tuple[str, ArrayLike | Streamed]]:
        small: list[Surfaces] = []
        shape = (len(self.clip), self.backend.model.vertex_count, 3)
        yield "vertices", Streamed("<f4", shape, self._vertices(small, progress, cancelled))
        yield from self._rest(self.backend.model, small).items()

    def _vertices(
        self, small: list[Surfaces], progress: Report, cancelled: Cancelled
    ) -> Iterator[NDArray[np.float32]]:
        """The vertices of some frames at a time; what else there is of them goes to ``small``."""
        done, count = 0, len(self.clip)
        batches = (block.batch() for block in self.clip.blocks(FRAMES_AT_A_TIME))
        for surfaces in self.backend.stream(batches, self.contour):
            check(cancelled)
            yield surfaces.vertices
            small.append(_without_vertices(surfaces, self.marks))
            done += len(surfaces)
            progress(Progress(done, count, "Computing frames"))

    def _rest(self, model: HeadModel, surfaces: list[Surfaces]) -> dict[str, NDArray]:
        return {
            "landmarks": np.concatenate([part.landmarks for part in surfaces]),
            "joints": np.concatenate([part.joints for part in surfaces]),
            "contour_row": np.concatenate([part.contour_row for part in surfaces]),
            "faces": model.faces,
            "fps": np.array(self.clip.fps),
            "model_name": np.array(model.name),
            "model_digest": np.array(model.digest),
            "licence": np.array(licence_note(model)),
        } | ({} if self.marks is None else {"landmark_index": self.marks.indices})


def _without_vertices(surfaces: Surfaces, marks: LandmarkSet | None) -> Surfaces:
    """A copy of what is small of ``surfaces``, with the landmarks of ``marks`` in place of their own."""
    landmarks = surfaces.landmarks.copy()
    if marks is not None:
        heads = zip(surfaces.vertices, surfaces.contour_row, strict=True)
        landmarks = np.stack([landmark_positions(vertices, marks, int(row)) for vertices, row in heads])
    nothing = np.zeros((len(surfaces), 0, 3), np.float32)
    return Surfaces(nothing, landmarks, surfaces.joints.copy(), surfaces.contour_row.copy())
