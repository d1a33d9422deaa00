"""A clip's parameters, and what the forward pass makes of them, as npz files."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend, ContourSign, Surface
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.flame.landmark_sets import LandmarkSet, landmark_positions
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from studio.storage.arrays import FIXED_DATE
from studio.storage.atomic import write_atomically


@dataclass(frozen=True, eq=False)
class ParametersJob:
    """Save ``clip``, shown on ``model``, as a ``flame_param.npz`` file."""

    model: HeadModel
    clip: Clip
    path: Path
    name: str = "Parameters"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the name does not end in .npz, or it cannot be written.

        """
        check_format(self.path, (".npz",), "parameters")
        check_target(self.path)
        progress(Progress(0, 1, "Writing the parameters"))
        check(cancelled)
        write_clip(self.path, self.clip, self.model)
        progress(Progress(1, 1, "Parameters saved"))
        return self.path


@dataclass(frozen=True, eq=False)
class ForwardJob:
    """Save the surfaces of every frame of ``clip``.

    ``vertices (T, V, 3)``, ``landmarks (T, 68, 3)``, ``joints (T, 5, 3)`` float32 in metres,
    ``contour_row (T,)`` int32, ``faces (F, 3)``, ``fps``, and the model's labels. With ``marks``,
    ``landmarks (T, L, 3)`` are those, and ``landmark_index (L,)`` int32 their numbers. Frames go to
    the file as they come, so that length costs no memory.
    """

    backend: Backend
    clip: Clip
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
        write_atomically(self.path, lambda stream: self._write(stream, progress, cancelled))
        return self.path

    def _write(self, stream: IO[bytes], progress: Report, cancelled: Cancelled) -> None:
        model, count = self.backend.model, len(self.clip)
        small: list[Surface] = []
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            with _member(archive, "vertices") as member:
                header = {"descr": "<f4", "fortran_order": False, "shape": (count, model.vertex_count, 3)}
                np.lib.format.write_array_header_1_0(member, header)
                for index, surface in enumerate(self.backend.frames(self.clip.frames(), self.contour)):
                    check(cancelled)
                    member.write(surface.vertices.astype("<f4").tobytes())
                    small.append(_without_vertices(surface, self.marks))
                    progress(Progress(index + 1, count, "Computing frames"))
            for name, values in self._rest(model, small).items():
                with _member(archive, name) as member:
                    np.lib.format.write_array(member, values, allow_pickle=False)

    def _rest(self, model: HeadModel, surfaces: list[Surface]) -> dict[str, NDArray]:
        return {
            "landmarks": np.stack([surface.landmarks for surface in surfaces]),
            "joints": np.stack([surface.joints for surface in surfaces]),
            "contour_row": np.array([surface.contour_row for surface in surfaces], np.int32),
            "faces": model.faces,
            "fps": np.array(self.clip.fps),
            "model_name": np.array(model.name),
            "model_digest": np.array(model.digest),
            "licence": np.array(licence_note(model)),
        } | ({} if self.marks is None else {"landmark_index": self.marks.indices})


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    return archive.open(zipfile.ZipInfo(f"{name}.npy", FIXED_DATE), "w", force_zip64=True)


def _without_vertices(surface: Surface, marks: LandmarkSet | None) -> Surface:
    """What is small of ``surface``, with the landmarks of ``marks`` in place of its own."""
    nothing, landmarks = np.zeros((0, 3), np.float32), surface.landmarks
    if marks is not None:
        landmarks = landmark_positions(surface.vertices, marks, surface.contour_row)
    return Surface(nothing, nothing, landmarks, surface.joints, surface.contour_row)
