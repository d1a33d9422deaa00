"""MediaPipe's face landmarker: the optional package and the user's own file, behind one narrow door."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import UNITS
from studio.live.frame import Array
from studio.sequence.turns import from_matrices
from studio.storage.errors import StudioError

TASK = "face_landmarker.task"
WHERE_FROM = "https://ai.google.dev/edge/mediapipe/solutions/vision/face_landmarker#models"
INSTALL = "pip install 'flame-studio[live]'"
Mode = Literal["VIDEO", "IMAGE"]
_PLACES = {name: place for place, name in enumerate(UNITS)}


class Seen(NamedTuple):
    """A face in a picture."""

    units: Array  # (52,) in the order of UNITS
    head: Array  # (3,) axis-angle in radians


class Landmarker(Protocol):
    """Finds one face in pictures that follow one another."""

    def detect(self, picture: NDArray[np.uint8], milliseconds: int) -> Seen | None:
        """The face in ``picture`` (H, W, 3), sRGB, at a time that only goes on; None where there is none."""

    def close(self) -> None:
        """Give back what it holds."""


def find_task(folders: Iterable[Path]) -> Path:
    """The landmarker's file in one of ``folders``, the first of them first.

    Raises:
        StudioError: it is in none; the sentence says where it is to be had, and where to put it.

    """
    tried = list(folders)
    for folder in tried:
        found = sorted(folder.glob("face_landmarker*.task"))
        if found:
            return found[0]
    where = str(tried[0]) if tried else "the model folder"
    raise StudioError(f"A camera needs {TASK} in {where}; Google offers it at {WHERE_FROM}.")


def open_landmarker(path: Path) -> Landmarker:
    """MediaPipe's landmarker with the file at ``path``; takes seconds the first time.

    Raises:
        StudioError: the package is not installed, or the file is none of its.

    """
    module, made = create(path, "VIDEO")
    return MediaPipe(module, made)


def create(path: Path, mode: Mode, faces: int = 1) -> tuple[Any, Any]:
    """The package and its FaceLandmarker for at most ``faces``; films also tell units and turns.

    Raises:
        StudioError: as :func:`open_landmarker`.

    """
    try:
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision
    except ImportError as error:
        raise StudioError(f"A camera needs the package mediapipe; install it by {INSTALL}.") from error
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=vision.RunningMode[mode],
        num_faces=faces,
        output_face_blendshapes=mode == "VIDEO",
        output_facial_transformation_matrixes=mode == "VIDEO",
    )
    try:
        return mediapipe, vision.FaceLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise StudioError(
            f"{path.name} is no face landmarker of MediaPipe ({error}); get it again from {WHERE_FROM}."
        ) from error


class MediaPipe:
    """A :class:`Landmarker` over ``made``, a FaceLandmarker of the package ``module`` in video mode."""

    def __init__(self, module: Any, made: Any) -> None:
        self._module, self._made = module, made

    def detect(self, picture: NDArray[np.uint8], milliseconds: int) -> Seen | None:
        """The face in ``picture`` (H, W, 3), sRGB, at a time that only goes on; None where there is none."""
        data = np.ascontiguousarray(picture)
        image = self._module.Image(image_format=self._module.ImageFormat.SRGB, data=data)
        result = self._made.detect_for_video(image, milliseconds)
        if not result.face_blendshapes or not result.facial_transformation_matrixes:
            return None
        units = np.zeros(len(UNITS))
        for category in result.face_blendshapes[0]:
            place = _PLACES.get(category.category_name)  # there is a neutral one too, and no tongue
            if place is not None:
                units[place] = category.score
        matrix = np.asarray(result.facial_transformation_matrixes[0], np.float64)[:3, :3]
        if not (np.isfinite(units).all() and np.isfinite(matrix).all()):
            return None
        size = np.cbrt(np.linalg.det(matrix))
        turn = from_matrices(matrix / size) if size > 0.0 else np.full(3, np.nan)
        return Seen(units, turn) if np.isfinite(turn).all() else None

    def close(self) -> None:
        """Give back what it holds."""
        self._made.close()
