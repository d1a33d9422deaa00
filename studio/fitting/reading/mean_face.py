"""Where the landmarks of a face are that nothing is known of but a box around it: those of the mean head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera, likely_focal
from studio.fitting.observation import Box
from studio.fitting.projection import project
from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

_ACROSS = 0.82  # width of the 68 points in shares of the box that the cascade draws around their face
_BELOW = 0.19  # how far their middle is below that of the box, in shares of its height
_AWAY = 1.0  # metres from the camera, where perspective does what it does to usual portraits


def mean_points(model: HeadModel, box: Box, size: tuple[int, int]) -> NDArray[np.float64]:
    """The 68 landmarks (68, 2) of the mean head of ``model``, seen from the front, in ``box``.

    Args:
        model: with landmarks.
        box: left, top, right, bottom around a face, as a detector or a hand draws it, pixels.
        size: width and height of the photo.

    Raises:
        StudioError: the model has no landmarks.

    """
    marks = landmark_set(model, "68")
    if marks is None:
        raise StudioError(f"{model.name} has no landmarks to begin with; choose another model.")
    places = landmark_positions(model.v_template, marks, 0).astype(np.float64)
    places -= places.mean(axis=0) + np.array([0.0, 0.0, _AWAY])
    camera = PhotoCamera(*size, focal=likely_focal(*size))
    points, _ = project(camera, places)
    low, high = points.min(axis=0), points.max(axis=0)
    left, top, right, bottom = box
    factor = _ACROSS * (right - left) / max(high[0] - low[0], 1e-9)
    middle = np.array([0.5 * (left + right), 0.5 * (top + bottom) + _BELOW * (bottom - top)])
    found: NDArray[np.float64] = (points - 0.5 * (low + high)) * factor + middle
    return found
