"""The published fit begins where it does, in its own units, and its second stage where the first ended."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fitting.gradient.published import PublishedSolver
from studio.fitting.problem import Problem
from studio.fitting.projection import project
from studio.fitting.recipe_file import shipped_recipe
from studio.fitting.state import FitState
from studio.flame.params import Params
from tests.fitting.gradient.photos import camera_near, photo_of


@pytest.fixture(scope="module")
def problem(head, torch_backend) -> Problem:
    params = Params.random(head, 3, 0.7, ("shape",)).replace(rotation=(0.05, 0.2, 0.0))
    truth = FitState(params, camera_near(), texture_key=head.textures[0].key)
    photo = photo_of(head, torch_backend, truth)
    return Problem(head, (photo,), shipped_recipe("published"), (truth,))


def test_it_begins_at_a_scale_of_five_with_the_light_out(head, problem, torch_backend):
    recipe = problem.recipe
    assert [stage.iterations for stage in recipe.stages] == [200, 800]
    assert (recipe.shape_count, recipe.expression_count, recipe.texture_count) == (100, 50, 50)
    solver = PublishedSolver(problem, recipe.stages[0], problem.start, torch_backend)
    (state,) = solver.states()
    assert not state.params.shape.any()
    assert not state.light.any()
    left, right = state.camera.cx - 1.0 / 5.0 * state.camera.scale, state.camera.cx
    half = right - left
    assert project(state.camera, np.array([[0.2, -0.2, 0.0]]))[0] == pytest.approx(
        np.array([[state.camera.cx + half, state.camera.cy + half]])
    )
    np.testing.assert_array_equal(solver.values["place"], [[5.0, 0.0, 0.0]])


def test_its_first_step_is_that_of_adam_with_its_landmarks_alone(problem, torch_backend):
    solver = PublishedSolver(problem, problem.recipe.stages[0], problem.start, torch_backend)
    costs = solver.step()
    assert set(costs) == {"landmarks", "decay"}
    assert costs["decay"] == pytest.approx(0.5 * 1e-4 * 25.0)
    moved = np.abs(solver.values["place"] - [[5.0, 0.0, 0.0]])
    np.testing.assert_allclose(moved, 5e-3, rtol=1e-3)
    assert not solver.values["shape"].any()


def test_the_landmarks_cost_their_mean_distance_in_halves_of_the_picture(head, problem, torch_backend):
    solver = PublishedSolver(problem, problem.recipe.stages[0], problem.start, torch_backend)
    (state,) = solver.states()
    vertices = torch_backend.forward(state.params)
    points = project(state.camera, vertices.landmarks[17:])[0]
    missed = np.linalg.norm(points - problem.observations[0].landmarks.points[17:], axis=1).mean()
    half = state.camera.scale / 5.0
    assert solver.step()["landmarks"] == pytest.approx(missed / half, rel=1e-4)


def test_its_second_stage_goes_on_where_the_first_ended(problem, torch_backend):
    first = PublishedSolver(problem, problem.recipe.stages[0], problem.start, torch_backend)
    for _ in range(4):
        first.step()
    second = PublishedSolver(problem, problem.recipe.stages[1], first.states(), torch_backend)
    np.testing.assert_allclose(second.values["place"], first.values["place"], atol=1e-9)
    np.testing.assert_allclose(second.values["jaw_pose"], first.values["jaw_pose"], atol=1e-7)
    before = {name: value.copy() for name, value in second.values.items()}
    costs = second.step()
    assert set(costs) == {"landmarks", "photo", "shape", "expression", "decay"}
    assert costs["photo"] > 0.0
    assert not second.values["texture"].any()  # in the dark no texture is seen yet
    assert (second.values["light"] != before["light"]).any()
    second.step()
    assert second.values["texture"].any()
