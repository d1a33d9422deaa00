"""The outline of the head goes to the mask's edge, and its gradient is that of the distances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt, map_coordinates

from studio.backends import create_backend
from studio.fitting.fit_job import FitJob
from studio.fitting.gradient.crops import Crop
from studio.fitting.gradient.outline import distance_field
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.gradient.variables import HEAD, states_of
from studio.fitting.marks import eye_pixels, marks_of
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.projection import clip_positions, project
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.state import FitState
from studio.flame.params import Params
from studio.render.rasterizer import find_visible
from tests.fitting.gradient.photos import camera_near

MOVES = ("place", "focal", "rotation", "jaw_pose", "shape")
EPSILON = 1e-6


def mask_of(head, backend, state: FitState) -> np.ndarray:
    """Where the camera of ``state`` sees the head."""
    vertices, camera = backend.forward(state.params).vertices, state.camera
    clip = clip_positions(camera, vertices)
    return (find_visible(clip, head.faces, camera.width, camera.height).faces >= 0).astype(np.float32)


def solver_of(head, backend, mask, state: FitState, moves=MOVES, steps=None, precision="float64"):
    photo = Observation("photo", np.full((*mask.shape, 3), 99, np.uint8), mask=mask)
    stage = Stage("outline", moves, 40, size=160, weights={"silhouette": 1.0}, steps=steps or {})
    problem = Problem(head, (photo,), Recipe("test", "", (stage,)), (state,))
    return GradientSolver(problem, stage, (state,), backend, precision=precision)


@pytest.fixture(scope="module")
def begin(head):
    params = Params.random(head, 4, 0.4, ("shape",)).replace(rotation=(0.05, 0.3, 0.0))
    return FitState(params, camera_near())


@pytest.fixture(scope="module")
def mask(head, torch_backend):
    return mask_of(head, torch_backend, FitState(Params.neutral(head), camera_near()))


def slow_cost(solver, head, backend, values) -> float:
    """The term by SciPy's look-ups in the field, in float64, for any values of what moves."""
    import torch

    pose = np.concatenate([values[name] for name in HEAD[2:6]], axis=1)
    arguments = [values["shape"], values["expr"], pose, np.zeros((1, 3)), values["eyelids"]]
    vertices = backend.decoder("float64")(*map(torch.tensor, arguments))[0][0].numpy()
    anchor = solver.anchor.weights @ vertices[solver.anchor.vertices]
    state = states_of(values, solver.states(), anchor[None])[0]
    outline, picture = solver.objective.frames[0].outline, solver.frames.crops[0]
    corners = solver._part.vertices[outline.corners.numpy().reshape(3, -1)]
    points = (vertices[corners] * outline.shares.numpy()[..., None]).sum(axis=0)
    column, row = project(picture.camera(state.camera), points)[0].T - 1.0
    field = outline.field.numpy().reshape(outline.side, outline.side)
    squared = map_coordinates(field, [row, column], order=1) ** 2
    return float((squared / 0.01 / (1.0 + squared / 0.12**2)).mean())


def test_the_gradient_is_that_of_the_distances(head, torch_backend, mask, begin):
    solver = solver_of(head, torch_backend, mask, begin)
    moving = {name: solver.values[name] for name in solver.moving}
    found, slopes = solver.arrays.gradient(solver.objective, moving)
    assert float(found["cost silhouette"]) == pytest.approx(
        slow_cost(solver, head, torch_backend, solver.values), rel=1e-6
    )
    rng = np.random.default_rng(1)
    for name in moving:
        direction = rng.standard_normal(moving[name].shape)
        ahead, behind = (
            slow_cost(
                solver,
                head,
                torch_backend,
                {**solver.values, name: moving[name] + sign * EPSILON * direction},
            )
            for sign in (1.0, -1.0)
        )
        derived = float((slopes[name] * direction).sum())
        assert derived == pytest.approx((ahead - behind) / (2.0 * EPSILON), rel=1e-3, abs=1e-7), name


def test_mlx_gives_the_gradient_of_torch(head, torch_backend, mask, begin):
    pytest.importorskip("mlx.core")
    found = {}
    for backend in (torch_backend, create_backend("mlx", head, "cpu")):
        solver = solver_of(head, backend, mask, begin, precision="float32")
        moving = {name: solver.values[name] for name in solver.moving}
        found[backend.name] = solver.arrays.gradient(solver.objective, moving)[1]
    for name, slope in found["torch"].items():
        np.testing.assert_allclose(found["mlx"][name], slope, atol=2e-3 * np.abs(slope).max(), err_msg=name)


def test_a_head_beside_its_mask_goes_there(head, torch_backend, mask):
    place = (0.006, -0.004, -0.6)
    begin = FitState(Params.neutral(head), camera_near().replace(place=place))
    solver = solver_of(head, torch_backend, mask, begin, ("place",))
    costs = [solver.step()["silhouette"] for _ in range(40)]
    assert costs[-1] < 0.1 * costs[0]
    assert solver.states()[0].camera.place[:2] == pytest.approx((0.0, 0.0), abs=0.0012)


def test_hair_over_the_edge_of_the_skin_hardly_counts(head, torch_backend, mask):
    hidden = mask.copy()
    rows = np.flatnonzero(mask.any(axis=1))
    hidden[: rows[0] + len(rows) // 3] = 0.0
    begin = FitState(Params.neutral(head), camera_near())
    solver = solver_of(head, torch_backend, hidden, begin, ("place",))
    for _ in range(40):
        solver.step()
    assert solver.states()[0].camera.place[:2] == pytest.approx((0.0, 0.0), abs=0.003)


def test_distances_are_those_of_the_mask_and_the_border_of_the_photo_is_no_edge():
    mask = np.zeros((60, 80), np.float32)
    mask[20:, :50] = 1.0
    light = np.zeros((64, 64, 3), np.float32)
    field = distance_field(mask, Crop(light, light[..., 0], -4, 8, 1.0))
    # independent: distances between the centres of pixels, of the mask gone on to the left and below
    whole = np.zeros((64, 64), bool)
    whole[12:, :54] = True
    wanted = np.where(whole, 0.5 - distance_transform_edt(whole), distance_transform_edt(~whole) - 0.5)
    np.testing.assert_allclose(field, wanted, atol=0.01)


def test_a_mask_without_an_edge_pulls_nowhere(head, torch_backend, mask, begin):
    solver = solver_of(head, torch_backend, np.ones_like(mask), begin, ("place",))
    unit = eye_pixels(head, marks_of(head, "68"), begin.camera)
    assert solver.step()["silhouette"] <= (0.5 / unit / solver.frames.crops[0].factor) ** 2 / 0.01 * 1.01
    assert solver.states()[0].camera.place == pytest.approx(begin.camera.place, abs=1e-9)


def test_an_outline_without_a_mask_is_told(head, torch_backend, begin):
    photo = Observation("photo", np.full((160, 160, 3), 99, np.uint8))
    stage = Stage("outline", ("place", "shape"), 2, size=64, weights={"silhouette": 1.0, "shape": 1.0})
    problem = Problem(head, (photo,), Recipe("By hand", "", (stage,)), (begin,))
    fit = FitJob(problem, lambda: torch_backend).run(lambda _: None, lambda: False)
    assert "no mask" in fit.warning
    assert not any("silhouette" in done.costs for done in fit.history)
