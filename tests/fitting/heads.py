"""Heads before photos whose landmarks are known exactly, for tests of fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.document.photo_camera import PhotoCamera
from studio.fitting.head_part import Blends, HeadPart
from studio.fitting.marks import eye_pixels, marks_of, row_before
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import project
from studio.fitting.recipe import Recipe, Stage
from studio.flame.landmark_sets import landmark_positions
from studio.flame.model import HeadModel
from studio.flame.params import Params

NONE = np.zeros(0, np.intp)
WEIGHTS = {"landmarks": 1.0, "shape": 3e-4, "expression": 3e-3, "jaw": 3e-3, "joints": 3e-2}
MOVES = ("place", "rotation", "jaw_pose", "shape", "expression")
PLACING = Stage("placing", ("place", "rotation"), 10, "least squares", weights={"landmarks": 1.0})


@dataclass(frozen=True, eq=False)
class Truth:
    """A head, its camera, and what a photo knows of it."""

    params: Params
    camera: PhotoCamera
    vertices: np.ndarray
    observation: Observation


def surface(model: HeadModel, params: Params) -> np.ndarray:
    """The posed vertices (V, 3), in float64."""
    part = HeadPart(model, params, None, Blends(NONE, NONE, NONE), NONE)
    return part.posed(np.zeros(0), params.pose.astype(np.float64)).vertices + params.translation


def photographed(
    model: HeadModel,
    params: Params,
    projection: str = "perspective",
    noise: float = 0.0,
    set_name: str = "68",
    seed: int = 0,
    place: tuple[float, float, float] = (0.03, 0.02, -0.6),
) -> Truth:
    """``params`` before a camera of 512 pixels; landmarks off by ``noise`` of the outer-eye distance."""
    camera = PhotoCamera(512, 512, projection, 711.0, 1185.0, 256.0, 256.0, place)
    vertices = surface(model, params)
    marks = marks_of(model, set_name)
    row = row_before(marks, camera, params.rotation, params.neck_pose)
    points, _ = project(camera, landmark_positions(vertices.astype(np.float32), marks, row))
    shaken = np.random.default_rng(seed).normal(size=points.shape) * noise * eye_pixels(model, marks, camera)
    landmarks = Landmarks2D(points + shaken, np.ones(len(points)), set_name)
    photo = np.zeros((512, 512, 3), np.uint8)
    return Truth(params, camera, vertices, Observation("photo", photo, landmarks))


def recipe(projection: str = "perspective", moves: tuple = MOVES, iterations: int = 40) -> Recipe:
    """Placing, then everything in ``moves``."""
    stages = (PLACING, Stage("all", moves, iterations, "least squares", weights=WEIGHTS))
    return Recipe("test", "", stages, projection)


def apart(model: HeadModel, here: np.ndarray, there: np.ndarray) -> float:
    """How far the faces of two heads are from each other on average, metres, after similarity alignment."""
    face = model.regions["face"]
    a, b = here[face] - here[face].mean(axis=0), there[face] - there[face].mean(axis=0)
    u, sizes, vt = np.linalg.svd(a.T @ b)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    turned = b @ (u @ np.diag(signs) @ vt).T * (sizes @ signs / (b**2).sum())
    return float(np.linalg.norm(a - turned, axis=1).mean())
