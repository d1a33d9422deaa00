"""What one iteration of the photometric fit costs, on both array libraries."""

from __future__ import annotations

import resource
from functools import partial
from importlib.util import find_spec

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from studio.backends.choice import create_backend
from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.solver import GradientSolver
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.problem import Problem
from studio.fitting.projection import project
from studio.fitting.recipe_file import usual_recipe
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import Params

PART = "Iterations of a fit"
AT_MOST, RATIO = 25.0, 1.5  # milliseconds; of MLX to PyTorch
SIDE = 512
THREADS = 2


def measure() -> list[Measure]:
    """The last stage of the usual recipe, on a grey photo that the open head fills."""
    model = load_open_head()
    measures, costs = [], {}
    for name in ("torch", "mlx"):
        if find_spec(name) is None:
            continue
        solver = _solver(model, name)
        costs[name] = median_milliseconds(partial(_step, solver))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        note = f"{len(solver.frames.covered[0].face)} covered pixels; the process took {memory:.0f} MB"
        limit = AT_MOST if name == "torch" else RATIO * costs.get("torch", AT_MOST)
        measures.append(Measure(PART, f"256 px, {name}, CPU", costs[name], limit, note))
    return measures


def _solver(model: HeadModel, name: str) -> GradientSolver:
    backend = create_backend(name, model, "cpu", THREADS)
    camera = PhotoCamera(SIDE, SIDE, "perspective", 1000.0, 0.0, SIDE / 2, SIDE / 2, (0.0, 0.0, -0.6))
    state = FitState(Params.neutral(model), camera)
    points, _ = project(camera, backend.forward(state.params).landmarks)
    pixels = np.full((SIDE, SIDE, 3), 150, np.uint8)
    photo = Observation("grey", pixels, Landmarks2D(points, np.ones(len(points))))
    recipe = usual_recipe()
    problem = Problem(model, (photo,), recipe, (state,))
    return GradientSolver(problem, recipe.stages[-1], (state,), backend)


def _step(solver: GradientSolver, _: int) -> object:
    return solver.step()
