"""Every term and factor of a recipe has an effect: what it weighs is counted, and the head goes elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.observation import Landmarks2D
from studio.fitting.problem import Problem
from studio.fitting.recipe import TERMS, Recipe, Stage
from studio.fitting.state import FitState
from studio.flame.landmark_sets import landmark_set
from studio.flame.params import Params
from tests.fitting.gradient.photos import camera_near, photo_of

ALL = ("place", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "shape", "expression", "texture", "light")
FACTORS = ("contour", "eyes", "mouth")
ELSEWHERE = ("prior", "decay")  # of the diffusion prior and of the published recipe, with tests of their own
OF_TEXELS = ("smooth", "symmetry", "offset")


@pytest.fixture(scope="module")
def problem(head, torch_backend):
    """Two photos of one person, masked, with irises; begun away from the truth in all that moves."""
    rng = np.random.default_rng(5)
    photos, begins = [], []
    for yaw in (0.25, -0.2):
        params = Params.random(head, 3, 0.6, ("shape",)).replace(rotation=(0.0, yaw, 0.0))
        truth = FitState(params, camera_near(), texture_key=head.textures[0].key, texture=np.full(15, 0.3))
        photo = photo_of(head, torch_backend, truth)
        irises = photo.landmarks.points[[36, 39, 42, 45]].reshape(2, 2, 2).mean(axis=1)
        marks = Landmarks2D(np.concatenate([photo.landmarks.points, irises]), np.ones(70), "70")
        mask = (photo.pixels.astype(int).sum(axis=2) > 190).astype(np.float32)
        photos.append(photo.replace(landmarks=marks, mask=mask))
        begin = Params.neutral(head).replace(
            rotation=(0.02, yaw + 0.05, 0.0),
            jaw_pose=(0.6, 0.05, 0.02),
            neck_pose=(0.05, 0.05, 0.0),
            eyes_pose=(0.05, 0.1, 0.0, 0.02, 0.1, 0.0),
            shape=0.3 * rng.standard_normal(head.shape_count),
            expr=0.05 * rng.random(head.expression_count) * (1.0 + yaw),
        )
        light = truth.light + 0.1 * rng.standard_normal((9, 3))
        offset = 0.05 * rng.random((256, 256, 3)).astype(np.float32)
        place = (0.004, 0.003, -0.61 + 0.05 * yaw)
        begins.append(
            truth.replace(
                params=begin, camera=camera_near().replace(place=place), light=light, albedo_offset=offset
            )
        )
    return Problem(head, tuple(photos), Recipe("test", "", ()), tuple(begins), one_identity=True)


def stepped(problem, backend, term, weights):
    moves = (*ALL, "albedo") if term in OF_TEXELS else ALL
    stage = Stage("all", moves, 10, size=48, weights=weights)
    solver = GradientSolver(problem, stage, problem.start, backend)
    return [solver.step() for _ in range(2)], solver.values


def test_the_model_has_irises(head):
    assert landmark_set(head, "70") is not None


@pytest.mark.parametrize("term", [term for term in TERMS if term not in ELSEWHERE])
def test_weighing_a_term_changes_costs_and_steps(problem, torch_backend, term):
    base = {"landmarks": 1.0, "photo": 1.0, "light": 1e-3}
    without = {name: weight for name, weight in base.items() if name != term}
    weight = 3.0 if term in FACTORS else 1e3
    plain, there = stepped(problem, torch_backend, term, without)
    costs, here = stepped(problem, torch_backend, term, {**without, term: weight})
    if term in FACTORS:
        assert costs[0]["landmarks"] != plain[0]["landmarks"]
    else:
        assert term not in plain[0]
        assert costs[0][term] > 0.0
    assert any(not np.array_equal(here[name], there[name]) for name in there)
