"""The gradient of the image term is that of the rendered picture, by barycentrics and by normals."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.appearance import to_light
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.gradient.variables import HEAD, states_of
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.state import FitState, even_light
from studio.flame.params import Params
from studio.flame.textures import PLAIN
from tests.fitting.gradient.slow_picture import slow_pixels

MOVES = (
    "place",
    "focal",
    "rotation",
    "neck_pose",
    "jaw_pose",
    "eyelids",
    "shape",
    "expression",
    "texture",
    "light",
)
SIDE = 72
EPSILON = 1e-7  # what a step of this moves across an edge of texels or faces is nothing


def side_light():
    light = even_light()
    light[1:4] = [[0.2, 0.1, 0.1], [0.1, 0.2, 0.1], [0.2, 0.2, 0.3]]
    light[4:] = 0.05
    return light


def cameras():
    near = PhotoCamera(SIDE, SIDE, "perspective", 150.0, 0.0, 35.0, 37.0, (0.01, -0.01, -0.6))
    return {"perspective": near, "orthographic": near.replace(projection="orthographic", scale=260.0)}


def solver_of(head, backend, camera, light, key) -> GradientSolver:
    rng = np.random.default_rng(2)
    photo = Observation("photo", rng.integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8))
    params = Params.random(head, 4, 0.6).replace(rotation=(0.1, 0.3, 0.05))
    stage = Stage("all", MOVES, 10, size=SIDE, weights={"photo": 1.0})
    state = FitState(params, camera, light, key)
    problem = Problem(head, (photo,), Recipe("test", "", (stage,)), (state,))
    return GradientSolver(problem, stage, (state,), backend, precision="float64")


class Slow:
    """The image term of a solver by the slow picture, for any values of what moves."""

    def __init__(self, solver: GradientSolver, head, backend) -> None:
        self.solver, self.head = solver, head
        self.decode = backend.decoder("float64")
        self.covered = solver.frames.covered[0]
        self.look = solver.objective.appearance

    def __call__(self, values) -> float:
        import torch

        pose = np.concatenate([values[name] for name in HEAD[2:6]], axis=1)
        arguments = [values["shape"], values["expr"], pose, np.zeros((1, 3)), values["eyelids"]]
        vertices = self.decode(*map(torch.tensor, arguments))[0][0].numpy()
        anchor = self.solver.anchor.weights @ vertices[self.solver.anchor.vertices]
        state = states_of(values, self.solver.states(), anchor[None])[0]
        picture = self.solver.frames.crops[0]
        shown = slow_pixels(
            self.head,
            vertices,
            picture.camera(state.camera),
            self.texels(values["texture"][0]),
            values["light"][0],
            self.covered.places,
        )
        squared = ((shown - self.covered.light.T) ** 2).sum(axis=1)
        scale = self.solver.frames.data[0].scale
        return float((squared / (1.0 + squared / scale**2)).mean())

    def texels(self, coefficients):
        look = self.look
        flat = np.zeros((3, look.side**2))
        values = look.mean.astype(np.float64).ravel() + coefficients @ look.basis.astype(np.float64)
        import torch

        flat[:, look.places] = to_light(torch, torch.tensor(values.reshape(3, -1)), look.space).numpy()
        return flat.T.reshape(look.side, look.side, 3)


CASES = {
    "texture alone": ("perspective", even_light(), ""),
    "normals alone": ("perspective", side_light(), PLAIN),
    "both": ("perspective", side_light(), ""),
    "orthographic": ("orthographic", side_light(), ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_gradient_is_that_of_the_rendered_picture(head, torch_backend, case):
    projection, light, key = CASES[case]
    solver = solver_of(head, torch_backend, cameras()[projection], light, key)
    slow = Slow(solver, head, torch_backend)
    values = {name: value.copy() for name, value in solver.values.items()}
    moving = {name: values[name] for name in solver.moving}
    found, slopes = solver.arrays.gradient(solver.objective, moving)
    assert float(found["cost photo"]) == pytest.approx(slow(values), rel=1e-7)
    rng = np.random.default_rng(1)
    for name in moving:
        direction = rng.standard_normal(values[name].shape)
        ahead = slow({**values, name: values[name] + EPSILON * direction})
        behind = slow({**values, name: values[name] - EPSILON * direction})
        measured = (ahead - behind) / (2.0 * EPSILON)
        derived = float((slopes[name] * direction).sum())
        assert derived == pytest.approx(measured, rel=1e-4, abs=1e-8), name
