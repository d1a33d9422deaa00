"""Landmarks of a head before a photo: which points they are as the head turns, and how much each counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection_slopes import NEAREST
from studio.fitting.recipe import Term
from studio.flame.landmark_sets import LandmarkSet, SetName, landmark_set
from studio.flame.landmarks import CONTOUR_COUNT, row_of_yaw
from studio.flame.model import HeadModel
from studio.flame.rotations import to_matrices
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

OUTER_EYES = 36, 45  # iBUG
_OUTER_EYES: dict[SetName, tuple[int, int]] = {"mediapipe": (33, 263)}  # in its own scheme
_USUAL_EYES = 0.09  # metres between the outer corners, where a model's set lacks them
_LIPS = ("outer lips", "inner lips")
_FADES = np.radians((40.0, 65.0))  # of yaw: where the far side of the contour begins and ends to fade
_LEAST = 0.05  # of the weight of points that are hidden
_SEEN = (-0.1, 0.25)  # cosine of normal and view: hidden below, wholly seen above


def marks_of(model: HeadModel, name: SetName) -> LandmarkSet:
    """The landmarks called ``name`` on ``model``.

    Raises:
        StudioError: the model does not have them.

    """
    found = landmark_set(model, name)
    if found is None:
        raise StudioError(
            f"{model.name} has no landmarks of the set {name}, and cannot be fitted to them; "
            "put its landmark embedding beside the model's file."
        )
    return found


def view_of(place: tuple[float, float, float], camera: PhotoCamera) -> Array:
    """The direction (3,) from the head to the camera, of length 1."""
    if camera.projection == "orthographic" or -place[2] < NEAREST:
        return np.array([0.0, 0.0, 1.0])
    towards = -np.asarray(place, np.float64)
    return np.asarray(towards / np.linalg.norm(towards))


def yaw_before(camera: PhotoCamera, rotation: NDArray, neck_pose: NDArray) -> float:
    """How far the head is turned to its left as the camera sees it, radians.

    It is the yaw of :func:`studio.flame.landmarks.contour_row` in axes whose Z is the line of sight.
    """
    sight = view_of(camera.place, camera)
    across = np.array([sight[2], 0.0, -sight[0]]) / np.hypot(sight[0], sight[2])
    axes = np.stack([across, np.cross(sight, across), sight])
    root, neck = to_matrices(np.stack([rotation, neck_pose]))
    side = axes @ (root @ neck)[:, 0]
    return float(np.arctan2(-side[2], np.hypot(side[0], side[1])))


def row_before(marks: LandmarkSet, camera: PhotoCamera, rotation: NDArray, neck_pose: NDArray) -> int:
    """The row of ``marks`` whose contour lies at the outline of the head before ``camera``."""
    return marks.row(int(row_of_yaw(np.asarray(yaw_before(camera, rotation, neck_pose)))))


def factors(marks: LandmarkSet, weights: Mapping[Term, float]) -> Array:
    """What each landmark counts (L,) by the factors contour, eyes and mouth of a recipe."""
    found = np.ones(len(marks.landmarks))
    for index, mark in enumerate(marks.landmarks):
        if mark.region == "jaw line":
            found[index] = weights.get("contour", 1.0)
        elif mark.region.endswith(" eye"):
            found[index] = weights.get("eyes", 1.0)
        elif mark.region in _LIPS:
            found[index] = weights.get("mouth", 1.0)
    return found


def visibility(marks: LandmarkSet, yaw: float, facing: Array) -> Array:
    """How much of each landmark (L,) is to be believed, 0..1, on a head turned by ``yaw``.

    Points that face away count little. A contour that follows the view lies at the outline by itself;
    beyond the turns of its table its far side lies behind the face, and fades.

    Args:
        marks: the landmarks.
        yaw: radians to the head's left, as the camera sees it.
        facing: (L,) cosine between the directions :func:`outwards` and the line of sight.

    """
    low, high = _SEEN
    seen = _ramp((facing - low) / (high - low))
    if len(marks.corners) > 1:
        far = float(_ramp(np.asarray((abs(yaw) - _FADES[0]) / (_FADES[1] - _FADES[0]))))
        middle, side = CONTOUR_COUNT // 2, np.arange(CONTOUR_COUNT)
        seen[:CONTOUR_COUNT] = np.where((side > middle) if yaw > 0.0 else (side < middle), 1.0 - far, 1.0)
    return np.asarray(_LEAST + (1.0 - _LEAST) * seen)


def outwards(model: HeadModel, marks: LandmarkSet) -> Array:
    """Where the landmarks face (L, 3) on the mean head, as on a barrel around it, of length 1.

    The surface's own normals would not do: those of lids and inner lips point anywhere.
    """
    points = mean_points(model, marks, 0)
    across = eye_distance(model, marks)
    middle = points.mean(axis=0)
    away = points - (0.0, middle[1], points[:, 2].max() - 1.1 * across)
    away[:, 1] *= 0.5
    return np.asarray(away / np.linalg.norm(away, axis=1, keepdims=True))


def mean_points(model: HeadModel, marks: LandmarkSet, row: int) -> Array:
    """The landmarks (L, 3) on the mean head, metres."""
    corners = model.v_template[marks.corners[row]].astype(np.float64)
    return np.asarray((corners * marks.barycentric[row][..., None]).sum(axis=1))


def eye_distance(model: HeadModel, marks: LandmarkSet) -> float:
    """Between the outer corners of the eyes of the mean head, metres."""
    places = outer_eyes(marks)
    if places is None:
        return _USUAL_EYES
    right, left = mean_points(model, marks, 0)[list(places)]
    return float(np.linalg.norm(left - right))


def outer_eyes(marks: LandmarkSet) -> tuple[int, int] | None:
    """Which of the landmarks are the outer corners of the right and of the left eye; None without both."""
    numbers = list(marks.indices)
    right, left = _OUTER_EYES.get(marks.name, OUTER_EYES)
    if right not in numbers or left not in numbers:
        return None
    return numbers.index(right), numbers.index(left)


def eye_pixels(model: HeadModel, marks: LandmarkSet, camera: PhotoCamera) -> float:
    """The outer-eye distance in pixels, as a mean head at the camera's place has it seen from the front.

    Errors on the photo are told in shares of it; it does not shrink as the head turns.
    """
    distance = eye_distance(model, marks)
    if camera.projection == "orthographic":
        return distance * camera.scale
    return distance * camera.focal / max(-camera.place[2], NEAREST)


def _ramp(values: Array) -> Array:
    """A smooth step from 0 to 1."""
    inside = np.clip(values, 0.0, 1.0)
    return np.asarray(inside * inside * (3.0 - 2.0 * inside))
