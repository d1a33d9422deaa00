"""Least squares on landmarks finds heads, keeps within what heads can do, and follows its derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares

from studio.fitting.landmark_frame import LandmarkFrame
from studio.fitting.landmark_solver import LandmarkSolver
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Stage
from studio.fitting.run import FitRun
from studio.fitting.starting import start_state
from studio.fitting.unknowns import layout_of, vector_of
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.fitting.heads import MOVES, PLACING, WEIGHTS, apart, photographed, recipe, surface

EVERYTHING = (*MOVES, "focal", "neck_pose", "eyes_pose", "eyelids")
PROJECTIONS = ("perspective", "orthographic")


@pytest.fixture
def model(head_model):
    return head_model


def head(model, seed: int, yaw: float = 0.0, **fields) -> Params:
    drawn = Params.random(model, seed, fields=("shape", "expr"))
    return drawn.replace(rotation=(0.05, np.radians(yaw), -0.04), **fields)


def fitted(model, truth, followed=None, **problem):
    followed = followed or recipe(truth.camera.projection)
    start = start_state(model, truth.observation.replace(focal=truth.camera.focal), followed)
    run = FitRun(Problem(model, (truth.observation,), followed, (start,), **problem), None)
    while not run.finished:
        run.step()
    return run.states[0], run.history[-1].costs


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_the_jacobian_is_that_of_finite_differences(model, projection):
    turned = head(model, 3, 25.0, jaw_pose=(0.2, 0.03, 0.0), neck_pose=(0.1, 0.0, 0.02), eyelids=(0.2, 0.1))
    truth = photographed(model, turned, projection, noise=0.02)
    followed = recipe(projection, EVERYTHING)
    stage = followed.stages[1]
    layout = layout_of(model, followed, stage)
    start = fitted(model, truth)[0].replace(params=turned)
    frame = LandmarkFrame(model, truth.observation, start, layout)
    values = vector_of(layout, start)
    found = frame.jacobian(values, 7)
    assert found.shape == (68, 2, layout.count)
    for column in range(layout.count):
        step = np.zeros(layout.count)
        step[column] = 1e-6
        slope = (frame.residuals(values + step, 7) - frame.residuals(values - step, 7)) / 2e-6
        np.testing.assert_allclose(found[..., column], slope, atol=2e-7)


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_it_ends_where_scipy_ends(model, projection):
    truth = photographed(model, head(model, 4, 10.0), projection, noise=0.01)
    followed = recipe(projection, ("place", "rotation", "shape")).replace(shape_count=8)
    stage = followed.stages[1]
    start = start_state(model, truth.observation.replace(focal=711.0), followed)
    problem = Problem(model, (truth.observation,), followed, (start,))
    solver = LandmarkSolver(problem, stage, (start,))
    while not solver.finished:
        costs = solver.step()
    layout = layout_of(model, followed, stage)
    frame = LandmarkFrame(model, truth.observation, start, layout)
    values = vector_of(layout, solver.states()[0])
    view = frame.view(values, WEIGHTS)

    def rows(x):
        squares = (frame.residuals(x, view.row) ** 2).sum(axis=1)
        lasting = np.sqrt(view.weights * squares * view.scale**2 / (view.scale**2 + squares))
        return np.concatenate([lasting, np.sqrt(WEIGHTS["shape"]) * x[:8]])

    other = least_squares(rows, values + 0.2 * (np.arange(layout.count) < 8), x_scale="jac", xtol=1e-12)
    assert (rows(values) ** 2).sum() == pytest.approx(sum(costs.values()), rel=1e-4)
    assert (rows(values) ** 2).sum() <= 2.0 * other.cost * (1.0 + 1e-5)
    np.testing.assert_allclose(values[:8], other.x[:8], atol=0.02)


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("yaw", [0.0, -25.0, 40.0, -65.0])
def test_heads_are_found_from_noisy_landmarks(model, projection, yaw):
    truth = photographed(model, head(model, 5, yaw), projection, noise=0.01, seed=6)
    state, _ = fitted(model, truth)
    mean = surface(model, Params.neutral(model))
    error = apart(model, truth.vertices, surface(model, state.params))
    assert error < min(2.6e-3, 0.75 * apart(model, truth.vertices, mean))
    assert state.params.rotation == pytest.approx(truth.params.rotation, abs=0.08)


def test_exact_landmarks_are_met(model):
    truth = photographed(model, head(model, 8, 15.0))
    stages = (PLACING, Stage("all", MOVES, 60, "least squares", weights={"landmarks": 1.0, "shape": 1e-7}))
    _, costs = fitted(model, truth, recipe().replace(stages=stages))
    assert costs["landmarks"] < 1e-4


def test_one_wild_landmark_hardly_counts(model):
    truth = photographed(model, head(model, 9, 0.0), noise=0.005)
    points = truth.observation.landmarks.points.copy()
    points[30] += (80.0, -60.0)
    wild = truth.observation.replace(landmarks=Landmarks2D(points, np.ones(68)))
    state, _ = fitted(model, truth)
    start = start_state(model, wild, recipe())
    run = FitRun(Problem(model, (wild,), recipe(), (start,)), None)
    while not run.finished:
        run.step()
    moved = surface(model, run.states[0].params) - surface(model, state.params)
    assert np.linalg.norm(moved[model.regions["face"]], axis=1).mean() < 1.5e-3


def test_a_landmark_without_confidence_does_not_count(model):
    truth = photographed(model, head(model, 9, 0.0))
    points, confidence = truth.observation.landmarks.points.copy(), np.ones(68)
    points[30], confidence[30] = np.nan, 0.0
    blind = truth.observation.replace(landmarks=Landmarks2D(points, confidence))
    start = start_state(model, blind, recipe())
    solver = LandmarkSolver(Problem(model, (blind,), recipe(), (start,)), recipe().stages[1], (start,))
    assert np.isfinite(sum(solver.step().values()))


def test_ranges_and_joint_limits_are_never_left(model):
    truth = photographed(model, head(model, 10, 0.0, jaw_pose=(0.5, 0.0, 0.0)), noise=0.03)
    loose = {"landmarks": 1.0}
    stages = (PLACING, Stage("all", EVERYTHING, 25, "least squares", weights=loose))
    state, _ = fitted(model, truth, recipe().replace(stages=stages))
    params = state.params
    assert (params.expr >= model.expression_ranges[:, 0]).all()
    assert (params.expr <= model.expression_ranges[:, 1]).all()
    assert (np.abs(params.shape) <= 3.0 + 1e-6).all()
    jaw = FIELD_RANGES["jaw_pose"]
    assert ((params.jaw_pose >= jaw[:, 0] - 1e-6) & (params.jaw_pose <= jaw[:, 1] + 1e-6)).all()


def test_locked_components_stay(model):
    truth = photographed(model, head(model, 11, 0.0))
    locks = frozenset({("shape", 0), ("expr", 2), ("jaw_pose", 1)})
    state, _ = fitted(model, truth, locks=locks)
    assert state.params.shape[0] == state.params.expr[2] == state.params.jaw_pose[1] == 0.0
    assert np.abs(state.params.shape[1:]).max() > 0.1


def test_the_set_of_51_is_fitted_without_a_contour(model):
    truth = photographed(model, head(model, 12, 20.0), set_name="51", noise=0.005)
    state, costs = fitted(model, truth)
    assert costs["landmarks"] < 2e-2
    assert state.params.rotation == pytest.approx(truth.params.rotation, abs=0.08)


def test_photos_of_one_person_share_their_shape(model):
    shape = Params.random(model, 13, fields=("shape",)).shape
    truths = [
        photographed(model, head(model, 20 + i, yaw).replace(shape=shape), noise=0.01, seed=i)
        for i, yaw in enumerate((-35.0, 0.0, 35.0))
    ]
    observations = tuple(truth.observation.replace(focal=711.0) for truth in truths)
    followed = recipe()
    start = tuple(start_state(model, one, followed) for one in observations)
    run = FitRun(Problem(model, observations, followed, start, one_identity=True), None)
    while not run.finished:
        run.step()
    shapes = [state.params.shape for state in run.states]
    np.testing.assert_array_equal(shapes[0], shapes[2])
    assert not np.array_equal(run.states[0].params.expr, run.states[1].params.expr)
    neutral, wanted = Params.neutral(model), Params.neutral(model).replace(shape=shape)
    alone = fitted(model, truths[1])[0].params.shape
    together, single = (
        apart(model, surface(model, wanted), surface(model, neutral.replace(shape=one)))
        for one in (shapes[0], alone)
    )
    assert together < single


def test_too_few_landmarks_are_told_in_a_sentence(model):
    landmarks = Landmarks2D(np.full((68, 2), np.nan), np.zeros(68))
    observation = Observation("holiday.jpg", np.zeros((90, 120, 3), np.uint8), landmarks)
    start = start_state(model, observation, recipe())
    with pytest.raises(StudioError, match=r"holiday.jpg has too few landmarks"):
        LandmarkSolver(Problem(model, (observation,), recipe(), (start,)), PLACING, (start,))
