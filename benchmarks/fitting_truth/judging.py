"""How far a fitted head is from the one that was photographed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting_truth.photographs import Photograph
from benchmarks.fitting_truth.shown import shown_light
from studio.backends.base import Backend
from studio.fitting.projection import clip_positions, project
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.texture_spaces import to_srgb
from studio.render.rasterizer import find_visible

Array = NDArray[np.float64]

HAIR_BREADTH = 1e-4  # radians beyond a limit that are rounding


@dataclass(frozen=True)
class Judged:
    """One fit beside the truth; distances after the visible face was laid over the true one."""

    seed: int
    yaw: float  # degrees
    face: float  # millimetres, mean over the visible face
    face_95: float  # 95th percentile
    head: float  # mean over all vertices, laid over by themselves
    landmarks: float | None = None  # percent of the outer-eye distance, to the points without noise
    jaw_beyond: bool = False
    psnr: float | None = None  # dB, sRGB over the visible face where nothing stands before it
    seconds: float = 0.0
    iterations: int = 0
    warning: str = ""


def judge(
    model: HeadModel,
    backend: Backend,
    photograph: Photograph,
    state: FitState,
    seconds: float,
    iterations: int,
) -> Judged:
    """``state`` beside the truth."""
    surface = backend.forward(state.params)
    points, _ = project(state.camera, surface.landmarks)
    missed = np.linalg.norm(points - photograph.landmarks, axis=1).mean() / photograph.eye_distance
    low, high = FIELD_RANGES["jaw_pose"].T
    jaw = state.params.jaw_pose
    return Judged(
        photograph.person.seed,
        photograph.person.yaw,
        *distances(model, photograph, surface.vertices),
        landmarks=100.0 * float(missed),
        jaw_beyond=bool(((jaw < low - HAIR_BREADTH) | (jaw > high + HAIR_BREADTH)).any()),
        psnr=psnr(model, backend, photograph, state),
        seconds=seconds,
        iterations=iterations,
    )


def judge_mean_head(model: HeadModel, photograph: Photograph) -> Judged:
    """The mean head without any fit, turned, moved and sized as well as can be."""
    person = photograph.person
    return Judged(person.seed, person.yaw, *distances(model, photograph, model.v_template))


def visible_face(model: HeadModel, photograph: Photograph) -> NDArray[np.intp]:
    """The vertices of the face that the photo shows, or would where something stands before it."""
    camera = photograph.person.camera
    clip = clip_positions(camera, photograph.surface.vertices)
    seen = find_visible(clip, model.faces, camera.width, camera.height).faces
    corners = np.unique(model.faces[np.unique(seen[seen >= 0])])
    return np.intersect1d(corners, model.regions["face"])


def distances(model: HeadModel, photograph: Photograph, vertices: NDArray) -> tuple[float, float, float]:
    """Millimetres: mean and 95th percentile over the visible face, mean over the whole head."""
    truth = photograph.surface.vertices.astype(np.float64)
    face = visible_face(model, photograph)
    off = 1000.0 * np.linalg.norm(laid_over(vertices[face], truth[face]) - truth[face], axis=1)
    whole = 1000.0 * np.linalg.norm(laid_over(vertices, truth) - truth, axis=1)
    return float(off.mean()), float(np.percentile(off, 95.0)), float(whole.mean())


def laid_over(points: NDArray, target: NDArray) -> Array:
    """``points`` (N, 3) turned, moved and sized onto ``target`` by least squares.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
    """
    here, there = points.astype(np.float64), target.astype(np.float64)
    here_mean, there_mean = here.mean(axis=0), there.mean(axis=0)
    here, there = here - here_mean, there - there_mean
    u, s, vt = np.linalg.svd(there.T @ here)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    scale = (s * signs).sum() / (here**2).sum()
    return np.asarray(scale * here @ ((u * signs) @ vt).T + there_mean)


def psnr(model: HeadModel, backend: Backend, photograph: Photograph, state: FitState) -> float | None:
    """How near the fitted head's picture is to the photo, where both show the face; None: nowhere."""
    camera = photograph.person.camera
    clip = clip_positions(camera, photograph.surface.vertices)
    true = find_visible(clip, model.faces, camera.width, camera.height).faces
    face = np.zeros(model.vertex_count, bool)
    face[model.regions["face"]] = True
    wanted = (true >= 0) & face[model.faces[true]].all(axis=-1) & ~photograph.covered
    light, covered = shown_light(model, backend, state)
    both = wanted & covered
    if not both.any():
        return None
    off = to_srgb(light[both]) - photograph.observation.pixels[both] / 255.0
    return float(-10.0 * np.log10((off**2).mean()))
