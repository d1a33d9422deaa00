"""Which points near a surface the camera sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.flame.landmark_sets import LandmarkSet, landmark_positions
from studio.flame.model import HeadModel
from studio.render.camera import project

COVER = 0.008  # metres of surface before a landmark that is seen all the same: the rim of a lid, closed lips
OFF = 0.002  # metres off the surface, or it would hide the landmarks on its own outline


def seen_landmarks(
    model: HeadModel, surface: Surface, marks: LandmarkSet, camera: Camera
) -> NDArray[np.bool_]:
    """Which landmarks (L,) of ``surface``, one of the model's, are not behind the head."""
    points, normals = (
        landmark_positions(values, marks, surface.contour_row)
        for values in (surface.vertices, surface.normals)
    )
    return is_seen(points + OFF * normals, surface.vertices, model.faces, camera, COVER)


def is_seen(
    points: ArrayLike,
    vertices: NDArray[np.float32],
    faces: NDArray[np.int32],
    camera: Camera,
    lift: float,
) -> NDArray[np.bool_]:
    """Which of ``points`` (L, 3) are before the camera and not more than ``lift`` metres behind a face.

    Args:
        points: metres.
        vertices: (V, 3) metres.
        faces: (F, 3); both of their sides cover.
        camera: from where.
        lift: metres along the camera's axis that a point may lie behind the surface.

    """
    from studio.render.visibility_kernel import mark_covered  # loads numba

    size = (1, 1)  # what covers what does not depend on the scale
    seen = project(points, camera, size)
    covered = np.zeros(len(seen), dtype=bool)
    mark_covered(project(vertices, camera, size), faces, seen, camera.orthographic, lift, covered)
    before: NDArray[np.bool_] = (seen[:, 2] > 0.0) & ~covered
    return before
