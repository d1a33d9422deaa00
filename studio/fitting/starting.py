"""Where a fit begins: a mean head placed by its landmarks, by the box around the face, or in the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera, likely_focal
from studio.fitting.landmark_frame import landmarks_of
from studio.fitting.landmark_solver import LandmarkSolver
from studio.fitting.marks import marks_of, mean_points
from studio.fitting.observation import Box, Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.state import FitState
from studio.flame.landmark_sets import LandmarkSet, landmark_set
from studio.flame.landmarks import row_of_yaw
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import compose, to_matrices

Array = NDArray[np.float64]

_YAWS = tuple(math.radians(yaw) for yaw in (0.0, -35.0, 35.0, -70.0, 70.0))
_STEPS = 12
_STAGE = Stage("Placing", ("place", "rotation"), _STEPS)
_BOX_HEIGHT = 1.35  # boxes of faces in heights from brows to chin
_FACE_IN_PHOTO = 0.4  # of the shorter side, where nothing is known
_FACE_HEIGHT = 0.12  # metres from brows to chin, of heads without landmarks


def start_state(model: HeadModel, observation: Observation, recipe: Recipe) -> FitState:
    """A neutral mean head where ``observation`` has its face, before a camera as ``recipe`` wants it.

    With at least four landmarks its root is turned and placed by them, several sides tried; else it looks
    straight on from the middle of the box, or of the photo.
    """
    camera = _camera(observation, recipe)
    landmarks = observation.landmarks
    marks = None if landmarks is None else landmark_set(model, landmarks.set_name)
    enough = landmarks is not None and int(landmarks.known.sum()) >= 4
    if marks is None or not enough:
        return FitState(Params.neutral(model), _camera_by_box(model, camera, observation.box))
    landmarks_of(observation)
    starts = [_turned(model, observation, camera, marks, yaw) for yaw in _YAWS]
    return min(
        (_placed(model, observation, recipe, start) for start in starts), key=lambda one: one.cost
    ).state


@dataclass(frozen=True, eq=False)
class _Tried:
    state: FitState
    cost: float


def _camera(observation: Observation, recipe: Recipe) -> PhotoCamera:
    width, height = observation.size
    focal = observation.focal or likely_focal(width, height)
    return PhotoCamera(width, height, recipe.projection, focal, 0.0, 0.5 * width, 0.5 * height)


def _turned(
    model: HeadModel, observation: Observation, camera: PhotoCamera, marks: LandmarkSet, yaw: float
) -> FitState:
    """The mean head turned by ``yaw``, rolled, sized and moved to the landmarks in closed form.

    In the plane of the photo that is a similarity: complex numbers, linear least squares.
    """
    landmarks = landmarks_of(observation)
    known, weights = landmarks.known, landmarks.confidence[landmarks.known]
    turn = to_matrices((0.0, yaw, 0.0))
    points = (mean_points(model, marks, marks.row(int(row_of_yaw(np.asarray(yaw))))) @ turn.T)[known]
    wanted = landmarks.points[known]
    here, there = points[:, 0] + 1j * points[:, 1], wanted[:, 0] - 1j * wanted[:, 1]
    here_mean, there_mean = np.average(here, weights=weights), np.average(there, weights=weights)
    here, there = here - here_mean, there - there_mean
    spread = max(float(weights @ np.abs(here) ** 2), 1e-12)
    factor = complex((weights * here.conj()) @ there) / spread
    scale = max(abs(factor), 1e-3)  # pixels a metre
    roll = math.atan2(factor.imag, factor.real)
    shift = there_mean - scale * np.exp(1j * roll) * here_mean
    rotation = compose((0.0, 0.0, roll), (0.0, yaw, 0.0))
    place = _seen_at(camera, scale, shift.real, -shift.imag, float(points[:, 2].mean()))
    return FitState(Params.neutral(model).replace(rotation=rotation), place)


def _seen_at(camera: PhotoCamera, scale: float, x: float, y: float, depth: float) -> PhotoCamera:
    """``camera`` with the head's origin at the pixel (``x``, ``y``), a plane ``depth`` before it in scale."""
    if camera.projection == "orthographic":
        place = ((x - camera.cx) / scale, (camera.cy - y) / scale, 0.0)
        return camera.replace(scale=scale, place=place)
    away = camera.focal / scale
    place = ((x - camera.cx) / scale, (camera.cy - y) / scale, -max(away, 0.15) - depth)
    return camera.replace(place=place)


def _placed(model: HeadModel, observation: Observation, recipe: Recipe, start: FitState) -> _Tried:
    """``start`` after some steps of least squares on place and rotation, and what it costs then."""
    problem = Problem(model, (observation,), recipe, (start,))
    solver = LandmarkSolver(problem, _STAGE, (start,))
    for _ in range(_STEPS):
        solver.step()
        if solver.finished:
            break
    return _Tried(solver.states()[0], solver.missed()[0])


def _camera_by_box(model: HeadModel, camera: PhotoCamera, box: Box | None) -> PhotoCamera:
    """``camera`` with a head that looks straight on in ``box``, or in the middle of the photo."""
    face, middle = _FACE_HEIGHT, np.zeros(3)
    if model.landmarks is not None:
        points = mean_points(model, marks_of(model, "68"), 0)
        face, middle = float(np.ptp(points[:, 1])), 0.5 * (points.min(axis=0) + points.max(axis=0))
    if box is None:
        pixels, x, y = _FACE_IN_PHOTO * min(camera.size), 0.5 * camera.width, 0.5 * camera.height
    else:
        pixels = max(box[3] - box[1], 1.0) / _BOX_HEIGHT
        x, y = 0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3])
    scale = pixels / face
    return _seen_at(camera, scale, x - scale * middle[0], y + scale * middle[1], float(middle[2]))
