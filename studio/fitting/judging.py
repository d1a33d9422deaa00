"""How near a fitted head comes to its photo, in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.fitting.marks import marks_of, outer_eyes
from studio.fitting.observation import Landmarks2D
from studio.fitting.projection import project
from studio.fitting.shown import Shown
from studio.fitting.state import FitState
from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.render.colours import to_linear, to_srgb

if TYPE_CHECKING:
    from studio.backends.base import Surface
    from studio.flame.model import HeadModel


@dataclass(frozen=True, eq=False)
class LandmarkError:
    """Distances of the landmarks from those of the photo."""

    pixels: NDArray[np.float64]  # (L,) NaN where one is not known
    eye_distance: float  # pixels between the outer corners of the eyes, of the head where the photo has none

    @property
    def mean(self) -> float:
        """In shares of the distance between the outer corners of the eyes."""
        return float(np.nanmean(self.pixels)) / self.eye_distance


@dataclass(frozen=True)
class PhotoError:
    """Difference between the head's picture and the photo, over its skin that is seen."""

    absolute: float  # mean of linear light 0..1
    psnr: float  # decibels, of sRGB 0..1
    pixels: int


def fitted_landmarks(
    model: HeadModel, surface: Surface, state: FitState, landmarks: Landmarks2D
) -> NDArray[np.float64] | None:
    """Where the head's own landmarks fall on the photo (L, 2); None where the model has no such set."""
    marks = landmark_set(model, landmarks.set_name)
    if marks is None:
        return None
    points, _ = project(state.camera, landmark_positions(surface.vertices, marks, surface.contour_row))
    return points


def landmark_error(
    model: HeadModel, surface: Surface, state: FitState, landmarks: Landmarks2D
) -> LandmarkError | None:
    """How far the landmarks are off; None where none can be compared."""
    found = fitted_landmarks(model, surface, state, landmarks)
    if found is None or not landmarks.known.any():
        return None
    pixels = np.where(landmarks.known, np.linalg.norm(found - landmarks.points, axis=1), np.nan)
    corners = outer_eyes(marks_of(model, landmarks.set_name))
    if corners is None:
        return None
    first, second = corners
    both = landmarks.known[[first, second]].all()
    eyes = landmarks.points if both else found
    distance = float(np.linalg.norm(eyes[first] - eyes[second]))
    return LandmarkError(pixels, distance) if distance > 0.0 else None


def photo_error(shown: Shown, pixels: NDArray, skin: NDArray) -> PhotoError | None:
    """How far the head's picture is from the photo.

    Args:
        shown: the head at the photo's size.
        pixels: (H, W, 3) sRGB.
        skin: (H, W) 0..1, where the head's skin is seen.

    """
    weights = skin[shown.covered].astype(np.float64)
    total = float(weights.sum())
    if total <= 0.0:
        return None
    scale = 255.0 if pixels.dtype == np.uint8 else 1.0
    seen = pixels[shown.covered] / scale
    absolute = np.abs(shown.light - to_linear(seen)).mean(axis=1)
    squares = ((to_srgb(shown.light) - seen) ** 2).mean(axis=1)
    mean = max(float(weights @ squares) / total, 1e-12)
    return PhotoError(float(weights @ absolute) / total, -10.0 * math.log10(mean), int((weights > 0.5).sum()))
