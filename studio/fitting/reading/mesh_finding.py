"""Landmarks of the faces in a photo by MediaPipe's landmarker, where the user has its package and file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.reading.landmark_layouts import FacePoints
from studio.live.landmarker import create, find_task
from studio.storage.errors import StudioError

MOST_FACES = 40


def landmarker_file(folders: Iterable[Path]) -> Path | None:
    """The landmarker's file in one of ``folders``; None where there is none, or no package to read it."""
    from importlib.util import find_spec

    try:
        return find_task(folders) if find_spec("mediapipe") else None
    except StudioError:
        return None


def find_meshes(path: Path, pixels: NDArray) -> tuple[FacePoints, ...]:
    """The faces that the landmarker at ``path`` finds in a photo (H, W, 3) sRGB, 478 points each in pixels.

    Raises:
        StudioError: the file is no landmarker.

    """
    module, made = create(path, "IMAGE", MOST_FACES)
    with closing(made):
        return meshes_of(module, made, pixels)


def meshes_of(module: Any, made: Any, pixels: NDArray) -> tuple[FacePoints, ...]:
    """As :func:`find_meshes`, by ``made``, a FaceLandmarker of the package ``module`` for still pictures."""
    if pixels.dtype != np.uint8:
        pixels = np.clip(pixels * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    image = module.Image(image_format=module.ImageFormat.SRGB, data=np.ascontiguousarray(pixels))
    whole = pixels.shape[1], pixels.shape[0]
    faces = []
    for marks in made.detect(image).face_landmarks:
        points = np.array([(mark.x, mark.y) for mark in marks], np.float64).reshape(-1, 2)
        faces.append(FacePoints.of(points * whole))
    return tuple(faces)
