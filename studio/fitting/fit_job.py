"""A fit as a job: it can be paused, taken step by step, continued with other weights, and stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.fitting.problem import Problem
from studio.fitting.recipe import Term
from studio.fitting.run import Diverged, FitRun, Iteration
from studio.fitting.state import FitState
from studio.jobs.job import Cancelled, Progress, Report, check

if TYPE_CHECKING:
    from studio.backends.base import Backend

_POLL = 0.1  # seconds between looks at whether a paused fit goes on


class FitControl:
    """The hand on a fit under way. Used from any thread."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._go.set()
        self._single = False
        self._finish = False
        self._weights: Mapping[Term, float] | None = None

    @property
    def paused(self) -> bool:
        """Whether it waits."""
        return not self._go.is_set()

    def pause(self) -> None:
        """Wait after the iteration that is under way."""
        self._go.clear()

    def resume(self) -> None:
        """Go on."""
        self._go.set()

    def single_step(self) -> None:
        """Do one iteration and wait again."""
        self._single = True
        self._go.set()

    def finish(self) -> None:
        """End here: what is reached is the result."""
        self._finish = True
        self._go.set()

    def reweigh(self, weights: Mapping[Term, float]) -> None:
        """Go on with other weights, from the next iteration."""
        self._weights = dict(weights)

    def wait(self, run: FitRun, cancelled: Cancelled) -> bool:
        """Wait while paused; False when the fit is to end here.

        Raises:
            JobCancelled: it was asked to stop.

        """
        while not self._go.wait(_POLL):
            check(cancelled)
        check(cancelled)
        if self._single:
            self._single = False
            self._go.clear()
        weights, self._weights = self._weights, None
        if weights is not None:
            run.reweigh(weights)
        return not self._finish


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit came to."""

    problem: Problem
    states: tuple[FitState, ...]
    history: tuple[Iteration, ...]
    warning: str = ""  # one sentence, where it ended before its time


Tell = Callable[[Iteration, FitRun], None]


@dataclass(frozen=True, eq=False)
class FitJob:
    """Fits heads to photos; the backend is made when it runs.

    ``tell`` hears of each iteration on the job's thread; from the run it may take the states.
    """

    problem: Problem
    make_backend: Callable[[], Backend]
    tell: Tell = lambda _iteration, _run: None
    control: FitControl = field(default_factory=FitControl)

    @property
    def name(self) -> str:
        """What it is called."""
        return "Fit"

    def run(self, progress: Report, cancelled: Cancelled) -> Fit:
        """Go through the recipe. A fit that diverges ends with the best head before that, and a warning.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: it cannot be done with what is known.

        """
        total = self.problem.recipe.iterations
        progress(Progress(0, total, "Preparing"))
        run, warning = FitRun(self.problem, self.make_backend()), ""
        while not run.finished and self.control.wait(run, cancelled):
            stage = run.stage
            assert stage is not None
            try:
                done = run.step()
            except Diverged as problem:
                warning = str(problem)
                break
            progress(Progress(run.done, total, stage.name))
            self.tell(done, run)
        return Fit(self.problem, run.states, tuple(run.history), warning)
