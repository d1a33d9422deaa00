"""Distances of the landmarks on a photo from those of the head, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.marks import (
    eye_pixels,
    factors,
    marks_of,
    outwards,
    row_before,
    view_of,
    visibility,
    yaw_before,
)
from studio.fitting.observation import Landmarks2D
from studio.fitting.recipe import Stage
from studio.flame.landmark_sets import LandmarkSet
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import to_matrices

FAR = 0.12  # of the outer-eye distance: errors beyond it count hardly more
USUAL = 0.01  # of it: an error of this costs as much as it is
EYES = (68, 69)  # numbers of the irises


@dataclass(frozen=True, eq=False)
class Points:
    """The landmarks of a photo that count, and which points of the head they are just now."""

    corners: NDArray[np.int64]  # (3 L,) vertices of the model: all first corners, then all second, all third
    shares: NDArray[np.float64]  # (3, L)
    targets: NDArray[np.float64]  # (2, L) pixels of the photo from the principal point, y up
    weights: NDArray[np.float64]  # (L,) they sum up to 1, or are all 0
    gaze: NDArray[np.float64]  # (L,) likewise, of the irises alone
    unit: float  # pixels: the outer-eye distance


def points_of(
    model: HeadModel,
    landmarks: Landmarks2D,
    stage: Stage,
    params: Params,
    camera: PhotoCamera,
) -> Points:
    """Which points of the head ``landmarks`` are, for its pose before ``camera``.

    Args:
        model: the head model.
        landmarks: on the photo.
        stage: whose factors tell how much contour, eyes and mouth count.
        params: of the head.
        camera: of the photo.

    Raises:
        StudioError: the model does not have these landmarks.

    """
    marks = marks_of(model, landmarks.set_name)
    row = row_before(marks, camera, params.rotation, params.neck_pose)
    corners, shares = marks.corners[row], marks.barycentric[row].astype(np.float64)
    root, neck = to_matrices(np.stack([params.rotation, params.neck_pose]))
    facing = outwards(model, marks) @ (root @ neck).T @ view_of(camera.place, camera)
    yaw = yaw_before(camera, params.rotation, params.neck_pose)
    weights = landmarks.confidence * factors(marks, stage.weights)
    weights = weights * visibility(marks, yaw, facing)
    known = np.flatnonzero(landmarks.known)
    irises = _irises(marks)[known]
    targets = landmarks.points[known] - (camera.cx, camera.cy)
    return Points(
        np.ascontiguousarray(corners[known].T).reshape(-1).astype(np.int64),
        np.ascontiguousarray(shares[known].T),
        np.ascontiguousarray((targets * (1.0, -1.0)).T),
        _normalised(weights[known] * ~irises),
        _normalised(landmarks.confidence[known] * irises),
        eye_pixels(model, marks, camera),
    )


def row_of(model: HeadModel, landmarks: Landmarks2D, params: Params, camera: PhotoCamera) -> int:
    """The row of the landmarks' table for this pose; see :func:`points_of`."""
    return row_before(marks_of(model, landmarks.set_name), camera, params.rotation, params.neck_pose)


def errors(xp: Any, points: Any, shares: Any, targets: Any, unit: float) -> Any:
    """What missing the targets costs (L,): squares in shares of ``unit`` over USUAL, large ones bounded.

    By Geman and McClure (1987): with r in units of FAR, FAR^2 r^2 / (1 + r^2).

    Args:
        xp: the namespace.
        points: (3, 3 L) homogeneous, the corners of the landmarks.
        shares: (3, L).
        targets: (2, L) pixels.
        unit: pixels.

    """
    corners = points.reshape(3, 3, -1)
    at = corners[:, 0] * shares[0] + corners[:, 1] * shares[1] + corners[:, 2] * shares[2]
    off = (at[:2] / at[2:3] - targets) * (1.0 / unit)
    squared = (off * off).sum(0)
    return squared * (1.0 / USUAL) / (1.0 + squared * (1.0 / FAR**2))


def _irises(marks: LandmarkSet) -> NDArray[np.bool_]:
    return np.isin(marks.indices, EYES) & (marks.name == "70")


def _normalised(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(weights.sum())
    return weights / total if total > 0.0 else np.zeros_like(weights)
