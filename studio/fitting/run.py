"""A fit under way: from stage to stage, one iteration at a time, the best state kept."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage, Term
from studio.fitting.solver import Solver
from studio.fitting.solvers import make_solver
from studio.fitting.state import FitState
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.backends.base import Backend
    from studio.fitting.late_backend import LateBackend

SNAPSHOT = 10  # iterations between states that are kept to go back to


@dataclass(frozen=True)
class Iteration:
    """What one iteration was and cost."""

    stage: int
    number: int  # within its stage, from 0
    costs: Mapping[Term, float]
    seconds: float

    @property
    def total(self) -> float:
        """The sum of all costs."""
        return math.fsum(self.costs.values())


class Diverged(StudioError):  # noqa: N818 - it says what happened
    """A fit that ran away; what it had before is kept."""


@dataclass
class FitRun:
    """Goes through the stages of a recipe. Used from one thread."""

    problem: Problem
    backend: Backend | LateBackend
    history: list[Iteration] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin at the problem's start."""
        self._stage, self._number = 0, 0
        self._solver: Solver | None = None
        self._states = self.problem.start
        self._best: tuple[float, tuple[FitState, ...]] | None = None
        self._weights: dict[int, Mapping[Term, float]] = {}

    @property
    def recipe(self) -> Recipe:
        """What is followed."""
        return self.problem.recipe

    @property
    def stage(self) -> Stage | None:
        """The stage that comes next; None when all are done."""
        stages = self.recipe.stages
        if self._stage >= len(stages):
            return None
        stage = stages[self._stage]
        return stage.replace(weights=self._weights.get(self._stage, stage.weights))

    @property
    def done(self) -> int:
        """Iterations behind, those left out counted."""
        return sum(stage.iterations for stage in self.recipe.stages[: self._stage]) + self._number

    @property
    def finished(self) -> bool:
        """Whether all stages are done."""
        return self.stage is None

    @property
    def states(self) -> tuple[FitState, ...]:
        """Where the fit is, a state for each observation."""
        return self._states if self._solver is None else self._solver.states()

    def reweigh(self, weights: Mapping[Term, float], stage: int | None = None) -> None:
        """Go on with other weights in the stage of that number; None: in the one that is under way."""
        number = self._stage if stage is None else stage
        if self.stage is None:
            return
        self._weights[number] = dict(weights)
        if number != self._stage:
            return
        self._best = None  # its cost was by other weights
        if self._solver is not None:
            self._solver.reweigh(weights)

    def step(self) -> Iteration:
        """Go one iteration on.

        Raises:
            Diverged: a cost is not finite; :attr:`states` are the best ones before it.
            StudioError: the stage cannot be done with what is known.

        """
        stage = self.stage
        if stage is None:
            raise ValueError("All stages are done.")
        if self._solver is None:
            self._solver = make_solver(self.problem, stage, self._states, self.backend)
            self._best = None
        began = time.perf_counter()
        is_due = self._best is None or self._number % SNAPSHOT == 0
        before = self._solver.states() if is_due else None
        costs = self._solver.step()
        done = Iteration(self._stage, self._number, costs, time.perf_counter() - began)
        self._keep(done, before, stage)
        self.history.append(done)
        self._number += 1
        if self._number >= stage.iterations or self._solver.finished:
            self._end_stage()
        return done

    def _keep(self, done: Iteration, before: tuple[FitState, ...] | None, stage: Stage) -> None:
        """Remember the best states, and go back to them where the fit ran away."""
        worst = next((term for term, cost in done.costs.items() if not math.isfinite(cost)), None)
        if worst is not None:
            self._states, self._solver = (self._best or (0.0, self._states))[1], None
            self._stage, self._number = len(self.recipe.stages), 0
            raise Diverged(
                f"The fit ran away in the stage {stage.name}: its term {worst} is no number any more. "
                "The best head before that was kept; lower that weight or its steps and continue."
            )
        if before is not None and (self._best is None or done.total < self._best[0]):
            self._best = done.total, before

    def _end_stage(self) -> None:
        assert self._solver is not None
        self._states, self._solver = self._solver.states(), None
        self._stage, self._number = self._stage + 1, 0
