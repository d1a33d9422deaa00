"""A stage by Adam brings a head nearer to the photo, within limits, and leaves alone what is locked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.fitting.gradient.appearance import appearance_of, to_light
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.observation import Landmarks2D
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.solvers import make_solver
from studio.fitting.state import FitState, even_light
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.fitting.gradient.photos import camera_near, photo_of

PRIORS = {"shape": 3e-4, "expression": 2e-3, "jaw": 0.1, "texture": 3e-4, "light": 1e-2}
POSE = ("place", "rotation", "jaw_pose")
ALL = (*POSE, "shape", "expression", "texture", "light")


@pytest.fixture(scope="module")
def truth(head) -> FitState:
    light = even_light() * 0.8
    light[1:4] = [[0.25], [0.2], [0.3]]
    params = Params.random(head, 3, 0.7, ("shape",)).replace(rotation=(0.05, 0.3, 0.0), jaw_pose=(0.15, 0, 0))
    return FitState(params, camera_near(), light, head.textures[0].key, np.array([0.8, 0.5] + [0.0] * 13))


@pytest.fixture(scope="module")
def photo(head, torch_backend, truth):
    return photo_of(head, torch_backend, truth)


def run(problem: Problem, backend):
    states, costs = problem.start, []
    for stage in problem.recipe.stages:
        solver = make_solver(problem, stage, states, backend)
        costs.append([dict(solver.step()) for _ in range(stage.iterations)])
        states = solver.states()
    return states, costs


def problem_of(head, photo, truth, *stages: Stage, **more) -> Problem:
    begin = FitState(Params.neutral(head), truth.camera.replace(place=(0.01, 0.005, -0.65)))
    return Problem(head, (photo,), Recipe("test", "", stages), (begin,), **more)


def face_error(head, backend, state: FitState, truth: FitState) -> float:
    """Millimetres, where both stand before their cameras."""
    face = head.regions["face"]
    places = [
        backend.forward(one.params).vertices[face].astype(np.float64) + one.camera.place
        for one in (state, truth)
    ]
    return 1000.0 * float(
        np.linalg.norm((places[0] - places[0].mean(0)) - (places[1] - places[1].mean(0)), axis=1).mean()
    )


def test_landmarks_and_then_the_photo_bring_the_head_nearer(head, torch_backend, truth, photo):
    stages = (
        Stage(
            "placing",
            ("place", "rotation"),
            60,
            weights={"landmarks": 1.0},
            steps={"place": 0.005, "rotation": 0.02},
        ),
        Stage("landmarks", ALL[:5], 60, weights={"landmarks": 1.0, **PRIORS}),
        Stage(
            "look",
            ("texture", "light"),
            40,
            size=96,
            weights={"photo": 30.0, **PRIORS},
            steps={"texture": 0.1},
        ),
        Stage("photo", ALL, 60, size=128, weights={"landmarks": 1.0, "photo": 30.0, **PRIORS}),
    )
    problem = problem_of(head, photo, truth, *stages)
    (state,), costs = run(problem, torch_backend)
    assert costs[0][-1]["landmarks"] < 0.25 * costs[0][0]["landmarks"]
    assert costs[3][-1]["photo"] < 0.5 * costs[2][0]["photo"]
    mean = FitState(Params.neutral(head).replace(rotation=truth.params.rotation), truth.camera)
    assert face_error(head, torch_backend, state, truth) < 0.75 * face_error(head, torch_backend, mean, truth)
    assert state.params.validate(head) == []
    assert state.texture_key == head.textures[0].key
    assert state.texture[0] == pytest.approx(0.8, abs=0.4)


def test_what_is_locked_stays(head, torch_backend, truth, photo):
    locks = frozenset([("shape", 0), ("shape", 4), ("jaw_pose", 1), ("texture", 2)])
    stage = Stage("all", ALL, 4, size=64, weights={"landmarks": 1.0, "photo": 5.0})
    (state,), _ = run(problem_of(head, photo, truth, stage, locks=locks), torch_backend)
    held = [state.params.shape[0], state.params.shape[4], state.params.jaw_pose[1], state.texture[2]]
    assert held == [0.0] * 4
    assert (state.params.shape[[1, 2, 3]] != 0.0).all()
    assert state.texture[0] != 0.0


def test_only_as_many_components_move_as_the_recipe_says(head, torch_backend, truth, photo):
    stage = Stage("all", ("shape", "texture"), 3, size=64, weights={"landmarks": 1.0, "photo": 5.0})
    problem = problem_of(head, photo, truth, stage)
    recipe = problem.recipe.replace(shape_count=7, texture_count=2)
    begin = problem.start[0].replace(params=problem.start[0].params.replace(shape=np.full(100, 0.5)))
    (state,), _ = run(Problem(head, (photo,), recipe, (begin,)), torch_backend)
    assert (state.params.shape[:7] != 0.5).all()
    assert (state.params.shape[7:] == 0.5).all()
    assert len(state.texture) == 2


def test_photos_of_one_person_share_shape_and_texture(head, torch_backend, truth, photo):
    other = truth.replace(params=truth.params.replace(rotation=(0.0, -0.4, 0.0)))
    photos = (photo, photo_of(head, torch_backend, other))
    begin = truth.replace(params=Params.neutral(head), texture=np.zeros(15))
    begins = (begin, begin.replace(params=begin.params.replace(rotation=(0.0, -0.3, 0.0))))
    stage = Stage("all", ALL, 5, size=64, weights={"landmarks": 1.0, "photo": 5.0, "temporal": 1e-3})
    problem = Problem(head, photos, Recipe("test", "", (stage,)), begins, one_identity=True)
    states, costs = run(problem, torch_backend)
    assert costs[0][1]["temporal"] > 0.0
    assert states[0].params.shape.any()
    np.testing.assert_array_equal(states[0].params.shape, states[1].params.shape)
    np.testing.assert_array_equal(states[0].texture, states[1].texture)
    assert (states[0].light != states[1].light).any()
    assert (states[0].params.expr != states[1].params.expr).any()


def test_a_stage_that_nothing_counts_in_says_so(head, torch_backend, truth, photo):
    stage = Stage("look", ("texture", "light"), 3, size=64, weights={"photo": 5.0})
    hidden = photo.replace(mask=np.zeros(photo.pixels.shape[:2], np.float32))
    solver = GradientSolver(problem_of(head, hidden, truth, stage), stage, (truth,), torch_backend)
    with pytest.raises(StudioError, match="counts nothing: no landmark and no skin"):
        solver.step()


def test_a_stage_in_which_everything_is_locked_says_so(head, torch_backend, truth, photo):
    stage = Stage("jaw", ("jaw_pose",), 3, weights={"landmarks": 1.0})
    locks = frozenset(("jaw_pose", index) for index in range(3))
    with pytest.raises(StudioError, match="Nothing moves in the stage jaw"):
        GradientSolver(problem_of(head, photo, truth, stage, locks=locks), stage, (truth,), torch_backend)


def test_factors_of_landmarks_act_as_soon_as_they_change(head, torch_backend, truth, photo):
    points = photo.landmarks.points + np.where(np.arange(68) < 17, 4.0, 0.0)[:, None]
    off = photo.replace(landmarks=Landmarks2D(points, np.ones(68)))
    stage = Stage("rest", ("light", "place"), 9, weights={"landmarks": 1.0}, steps={"place": 1e-9})
    solver = GradientSolver(problem_of(head, off, truth, stage), stage, (truth,), torch_backend)
    assert solver.step()["landmarks"] > 1e-3
    solver.reweigh({"landmarks": 1.0, "contour": 0.0})
    assert solver.step()["landmarks"] < 1e-4


@pytest.mark.parametrize("weights", [{}, {"landmarks": 0.0}, {"texture": 1.0}])
def test_a_stage_in_which_nothing_counts_says_so(head, torch_backend, truth, photo, weights):
    stage = Stage("idle", ("place",), 3, weights=weights)
    with pytest.raises(StudioError, match="The stage idle counts nothing"):
        run(problem_of(head, photo, truth, stage), torch_backend)


def test_a_head_stays_where_it_is_once_its_only_weight_is_taken_away(head, torch_backend, truth, photo):
    stage = Stage("all", ("rotation",), 9, weights={"landmarks": 1.0})
    problem = problem_of(head, photo, truth, stage)
    solver = GradientSolver(problem, stage, problem.start, torch_backend)
    solver.step()
    solver.reweigh({"landmarks": 0.0})
    assert solver.step() == {}


def test_light_alone_does_not_know_of_landmarks(head, torch_backend, truth, photo):
    stage = Stage("light", ("light",), 2, weights={"landmarks": 1.0})
    problem = problem_of(head, photo, truth, stage)
    (state,), costs = run(problem, torch_backend)
    assert costs[0][0]["landmarks"] > 0.0
    np.testing.assert_allclose(state.light, problem.start[0].light)


def test_states_that_are_held_stay(head, torch_backend, truth, photo):
    begin = truth.replace(params=Params.neutral(head), texture=np.zeros(15))
    stage = Stage("all", ALL, 4, size=64, weights={"landmarks": 1.0, "photo": 5.0, "temporal": 0.1})
    problem = Problem(
        head,
        (photo, photo),
        Recipe("test", "", (stage,)),
        (truth, begin),
        frames_per_second=25.0,
        held=frozenset([0]),
    )
    states, _ = run(problem, torch_backend)
    for name in ("rotation", "jaw_pose", "expr", "shape"):
        kept, moved = getattr(states[0].params, name), getattr(states[1].params, name)
        np.testing.assert_allclose(kept, getattr(truth.params, name), atol=1e-6)
        assert (moved != getattr(begin.params, name)).any()
    np.testing.assert_allclose(states[0].light, truth.light, atol=1e-6)


def test_a_head_without_a_texture_is_judged_by_the_grey_it_was_fitted_with(head, torch_backend, truth):
    from studio.fitting.shown import show

    plain = replace(head, uv=None, uv_faces=None)
    look = appearance_of(plain, "", 50, np.ones(len(head.faces), bool))
    state = truth.replace(texture_key=look.key, texture=np.zeros(0))
    shown = show(plain, torch_backend.forward(state.params), state)
    np.testing.assert_allclose(shown.albedo, to_light(np, look.mean, look.space)[0, 0], atol=0.01)
