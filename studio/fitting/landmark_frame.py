"""The landmarks of one photo as least squares: what a head misses, and how that changes with its unknowns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.head_part import HeadPart, PosedPart
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
from studio.fitting.medians import weighted_median
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import project
from studio.fitting.projection_slopes import by_point, by_zoom
from studio.fitting.recipe import Term
from studio.fitting.state import FitState
from studio.fitting.unknowns import Layout, camera_of, pose_of
from studio.flame.model import HeadModel
from studio.flame.params import full_pose
from studio.flame.rotations import to_matrices
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

_ROBUST = 3.0  # times the median miss, where landmarks begin to count for outliers
_LEAST_ROBUST = 0.04  # of the outer-eye distance, likewise
EXPECTED = 0.01  # of the outer-eye distance, by which detected landmarks miss; the unit of what that costs
FEWEST = 4  # landmarks from which a head can be placed


@dataclass(frozen=True, eq=False)
class View:
    """How the landmarks are looked at during one iteration."""

    row: int  # of the set's tables
    weights: Array  # (L,) of the square of what each misses
    scale: float  # of the robust norm, in outer-eye distances


class LandmarkFrame:
    """One photo's landmarks and the head before it."""

    def __init__(self, model: HeadModel, observation: Observation, start: FitState, layout: Layout) -> None:
        """Prepare.

        Raises:
            StudioError: there are too few landmarks, or the model lacks their set.

        """
        self.landmarks = landmarks_of(observation)
        if len(self.landmarks.points) != len(marks_of(model, self.landmarks.set_name).landmarks):
            raise StudioError(
                f"{observation.name} has {len(self.landmarks.points)} landmarks that are called "
                f"{self.landmarks.set_name}; load them again."
            )
        self._model, self._start, self._layout = model, start, layout
        self._marks = marks_of(model, self.landmarks.set_name)
        self._unit = eye_pixels(model, self._marks, start.camera)
        self._pose = full_pose(start.params).astype(np.float64)
        self._wanted = np.where(self.landmarks.known[:, None], self.landmarks.points, 0.0)
        self._outwards = outwards(model, self._marks)
        self._parts: dict[int, HeadPart] = {}

    def view(self, values: Array, weights: Mapping[Term, float]) -> View:
        """How the head with ``values`` (P,) is looked at: contour, visibility, and what are outliers."""
        camera, pose = self._camera(values), pose_of(self._layout, values, self._pose)
        row, turn = row_before(self._marks, camera, pose[:3], pose[3:6]), self._turn(pose)
        sight = view_of(camera.place, camera)
        yaw = yaw_before(camera, pose[:3], pose[3:6])
        seen = visibility(self._marks, yaw, self._outwards @ turn.T @ sight)
        confidence = self.landmarks.confidence
        plain = confidence * factors(self._marks, weights) * seen / (confidence.sum() * EXPECTED)
        missed = np.linalg.norm(self.residuals(values, row), axis=1)
        scale = max(_LEAST_ROBUST, _ROBUST * weighted_median(missed, plain))
        return View(row, plain, scale)

    def residuals(self, values: Array, row: int) -> Array:
        """What each landmark (L, 2) misses, in shares of the outer-eye distance."""
        return (project(self._camera(values), self._points(values, row))[0] - self._wanted) / self._unit

    def missed(self, values: Array) -> float:
        """What the landmarks miss on average, by their confidence, pixels."""
        camera, pose = self._camera(values), pose_of(self._layout, values, self._pose)
        row = row_before(self._marks, camera, pose[:3], pose[3:6])
        distances = np.linalg.norm(self.residuals(values, row), axis=1) * self._unit
        return float(np.average(distances, weights=self.landmarks.confidence))

    def cost(self, values: Array, view: View) -> float:
        """The sum of the weighted robust squares (Geman and McClure 1987) of what the landmarks miss."""
        squares = (self.residuals(values, view.row) ** 2).sum(axis=1)
        return float(view.weights @ (squares * view.scale**2 / (view.scale**2 + squares)))

    def equations(self, values: Array, view: View) -> tuple[Array, Array]:
        """Half the Gauss-Newton matrix (P, P) of the cost, and the slope down (P,).

        Robust weights as of iteratively reweighted least squares.
        """
        missed = self.residuals(values, view.row)
        squares = (missed**2).sum(axis=1)
        robust = view.weights * (view.scale**2 / (view.scale**2 + squares)) ** 2
        jacobian = self.jacobian(values, view.row)
        weighted = (jacobian * robust[:, None, None]).reshape(-1, jacobian.shape[2])
        return weighted.T @ jacobian.reshape(weighted.shape), -weighted.T @ missed.reshape(-1)

    def jacobian(self, values: Array, row: int) -> Array:
        """How the residuals change with the unknowns (L, 2, P)."""
        layout, camera, part = self._layout, self._camera(values), self._part(row)
        posed = self._posed(values, row)
        corners = part.derivatives(posed).reshape(len(self._marks.landmarks), 3, 3, layout.head)
        weights = self._marks.barycentric[row].astype(np.float64)
        moved = np.einsum("lc,lcip->lip", weights, corners)
        points = self._points_of(posed.vertices, row)
        falls = by_point(camera, points)
        found = np.empty((len(points), 2, layout.count))
        found[..., : layout.head] = falls @ moved
        found[..., layout.head : layout.head + len(layout.place)] = falls[..., layout.place]
        if layout.zoom:
            found[..., -1] = by_zoom(camera, points)
        return found / self._unit

    def _camera(self, values: Array) -> PhotoCamera:
        return camera_of(self._layout, values, self._start.camera)

    def _turn(self, pose: Array) -> Array:
        root, neck = to_matrices(pose[:6].reshape(2, 3))
        return np.asarray(root @ neck)

    def _points(self, values: Array, row: int) -> Array:
        return self._points_of(self._posed(values, row).vertices, row)

    def _points_of(self, vertices: Array, row: int) -> Array:
        """The landmarks (L, 3) of the corners ``vertices`` (3 L, 3), at the head's own translation."""
        corners = vertices.reshape(-1, 3, 3) * self._marks.barycentric[row][..., None]
        return np.asarray(corners.sum(axis=1) + self._start.params.translation)

    def _posed(self, values: Array, row: int) -> PosedPart:
        pose = pose_of(self._layout, values, self._pose)
        return self._part(row).posed(values[: self._layout.blends.count], pose)

    def _part(self, row: int) -> HeadPart:
        if row not in self._parts:
            corners = self._marks.corners[row].reshape(-1).astype(np.intp)
            self._parts[row] = HeadPart(
                self._model, self._start.params, corners, self._layout.blends, self._layout.turned
            )
        return self._parts[row]


def landmarks_of(observation: Observation) -> Landmarks2D:
    """The landmarks of ``observation``.

    Raises:
        StudioError: there are too few.

    """
    landmarks = observation.landmarks
    if landmarks is None or int(landmarks.known.sum()) < FEWEST:
        raise StudioError(
            f"{observation.name} has too few landmarks for a head; load some, or set them by hand."
        )
    return landmarks
