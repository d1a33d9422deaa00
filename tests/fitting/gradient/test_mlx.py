"""MLX gives the gradient that PyTorch gives, and steps where PyTorch cannot be imported."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from studio.backends import create_backend
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.state import FitState
from studio.flame.params import Params
from tests.fitting.gradient.photos import camera_near, photo_of

pytest.importorskip("mlx.core")

MOVES = ("place", "rotation", "jaw_pose", "shape", "expression", "texture", "light")
WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import numpy as np
from studio.backends import create_backend
from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.state import FitState
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
head = load_open_head()
camera = PhotoCamera(64, 64, "perspective", 130.0, 0.0, 32.0, 32.0, (0.0, 0.0, -0.6))
photo = Observation("grey", np.full((64, 64, 3), 128, np.uint8))
stage = Stage("all", ("shape", "texture", "light"), 2, size=64, weights={"photo": 1.0})
state = FitState(Params.neutral(head), camera)
problem = Problem(head, (photo,), Recipe("test", "", (stage,)), (state,))
solver = GradientSolver(problem, stage, (state,), create_backend("mlx", head, "cpu"))
assert solver.step()["photo"] > solver.step()["photo"]
"""


def test_the_gradient_is_that_of_torch(head, torch_backend):
    params = Params.random(head, 3, 0.5).replace(rotation=(0.0, 0.2, 0.0))
    truth = FitState(params, camera_near(), texture_key=head.textures[0].key, texture=np.full(15, 0.3))
    photo = photo_of(head, torch_backend, truth)
    begin = truth.replace(params=params.replace(rotation=(0.02, 0.25, 0.0)), texture=np.zeros(15))
    weights = {"landmarks": 1.0, "photo": 20.0, "shape": 3e-4, "expression": 2e-3, "light": 1e-2}
    stage = Stage("all", MOVES, 3, size=96, weights=weights)
    problem = Problem(head, (photo,), Recipe("test", "", (stage,)), (begin,))
    found = {}
    for backend in (torch_backend, create_backend("mlx", head, "cpu")):
        solver = GradientSolver(problem, stage, (begin,), backend)
        moving = {name: solver.values[name] for name in solver.moving}
        found[backend.name] = solver.arrays.gradient(solver.objective, moving)[1]
    for name, slopes in found["torch"].items():
        assert np.abs(found["mlx"][name] - slopes).max() < 1e-4 * np.abs(slopes).max(), name


def test_it_steps_where_torch_cannot_be_imported():
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
