"""Where the landmarks of a film's frames come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.fitting.observation import Landmarks2D
from studio.fitting.reading.landmark_files import read_faces
from studio.fitting.reading.landmarks import landmarks_of, read_landmarks
from studio.fitting.reading.mesh_finding import find_meshes, landmarker_file
from studio.fitting.video.job import LandmarkSource
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError, UnfitFileError


def landmark_source(
    file: Path | None, model: HeadModel, face: int | None = None, folders: Sequence[Path] = ()
) -> LandmarkSource:
    """Landmarks from ``file``, of every frame or of the first alone, else by the landmarker in ``folders``.

    Frames of which neither knows anything are left to what their pixels do.

    Args:
        file: MMPose's JSON of a film has each frame; any file of landmarks has the first.
        model: the head.
        face: which of several, from 0; None: the largest.
        folders: where MediaPipe's landmarker is looked for.

    Raises:
        StudioError: the file cannot be read.

    """
    if file is not None:
        return _from_file(file, model, face)
    task = landmarker_file(folders)
    if task is None:
        return lambda _number, _pixels: None

    def found(_number: int, pixels: NDArray[np.uint8]) -> Landmarks2D | None:
        meshes = find_meshes(task, pixels)
        size = pixels.shape[1], pixels.shape[0]
        return landmarks_of(meshes, size, "frame", model, face).landmarks if meshes else None

    return found


def _from_file(file: Path, model: HeadModel, face: int | None) -> LandmarkSource:
    every = _has_frames(file)

    def read(number: int, pixels: NDArray[np.uint8]) -> Landmarks2D | None:
        if number and not every:
            return None
        size = pixels.shape[1], pixels.shape[0]
        try:
            return read_landmarks(file, size, model, face, frame=number).landmarks
        except UnfitFileError:
            if number == 0:
                raise
            return None  # a frame without a face

    return read


def _has_frames(file: Path) -> bool:
    """Whether the file tells of more than one frame.

    Raises:
        StudioError: it cannot be read.

    """
    first = read_faces(file, 0)
    try:
        second = read_faces(file, 1)
    except StudioError:
        return False
    return len(first) != len(second) or any(
        not np.array_equal(one.points, other.points, equal_nan=True)
        for one, other in zip(first, second, strict=True)
    )
