"""Which solver goes through which stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.fitting.late_backend import LateBackend, made
from studio.fitting.problem import Problem
from studio.fitting.recipe import Method, Stage
from studio.fitting.solver import Solver
from studio.fitting.state import FitState

if TYPE_CHECKING:
    from studio.backends.base import Backend

Maker = Callable[[Problem, Stage, tuple[FitState, ...], "Backend | LateBackend"], Solver]


def _least_squares(
    problem: Problem, stage: Stage, states: tuple[FitState, ...], _: Backend | LateBackend
) -> Solver:
    from studio.fitting.landmark_solver import LandmarkSolver

    return LandmarkSolver(problem, stage, states)


def _adam(
    problem: Problem, stage: Stage, states: tuple[FitState, ...], backend: Backend | LateBackend
) -> Solver:
    backend = made(backend)
    if problem.recipe.published:
        from studio.fitting.gradient.published import PublishedSolver

        return PublishedSolver(problem, stage, states, backend)
    from studio.fitting.gradient.solver import GradientSolver

    return GradientSolver(problem, stage, states, backend)


_MAKERS: dict[Method, Maker] = {"least squares": _least_squares, "adam": _adam}


def make_solver(
    problem: Problem, stage: Stage, states: tuple[FitState, ...], backend: Backend | LateBackend
) -> Solver:
    """The solver of ``stage``, begun at ``states``; a late backend is waited for only where it is needed.

    Raises:
        StudioError: the stage cannot be done with what is known.

    """
    return _MAKERS[stage.method](problem, stage, states, backend)
