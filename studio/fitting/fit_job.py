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
    from studio.fitting.late_backend import LateBackend

_POLL = 0.1  # seconds between looks at whether a paused fit goes on


class FitControl:
    """The hand on a fit under way. Used from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._steps = 0  # iterations to do although it is paused
        self._finish = False
        self._weights: dict[int | None, Mapping[Term, float]] = {}

    @property
    def paused(self) -> bool:
        """Whether it waits, or will once a single iteration is done."""
        return self._paused

    def pause(self) -> None:
        """Wait after the iteration that is under way."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._paused, self._steps = False, 0
            self._changed.notify_all()

    def single_step(self) -> None:
        """Do one iteration, or one more, and wait again."""
        with self._changed:
            self._paused = True
            self._steps += 1
            self._changed.notify_all()

    def finish(self) -> None:
        """End here: what is reached is the result."""
        with self._changed:
            self._finish = True
            self._changed.notify_all()

    def reweigh(self, weights: Mapping[Term, float], stage: int | None = None) -> None:
        """Go on with other weights from the next iteration, in the stage of that number of the recipe.

        None: in the stage that is under way then.
        """
        with self._changed:
            self._weights[stage] = dict(weights)

    def wait(self, run: FitRun, cancelled: Cancelled) -> bool:
        """Wait while paused; False when the fit is to end here.

        Raises:
            JobCancelled: it was asked to stop.

        """
        with self._changed:
            while self._paused and not self._steps and not self._finish:
                check(cancelled)
                self._changed.wait(_POLL)
            check(cancelled)
            self._steps = max(self._steps - 1, 0)
            weights, self._weights = self._weights, {}
            finish = self._finish
        for stage, changed in weights.items():
            run.reweigh(changed, stage)
        return not finish


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit came to."""

    problem: Problem
    states: tuple[FitState, ...]
    history: tuple[Iteration, ...]
    warning: str = ""  # one sentence, where it ended before its time or could not count a term


Tell = Callable[[Iteration, FitRun], None]


@dataclass(frozen=True, eq=False)
class FitJob:
    """Fits heads to photos; the backend is made when it runs.

    ``tell`` hears of each iteration on the job's thread; from the run it may take the states.
    """

    problem: Problem
    make_backend: Callable[[], Backend | LateBackend]
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
        return Fit(self.problem, run.states, tuple(run.history), warning or _without_mask(self.problem))


def _without_mask(problem: Problem) -> str:
    """One sentence where the recipe weighs the outline and no photo has a mask to hold it against."""
    weighed = any(stage.weight("silhouette") for stage in problem.recipe.stages)
    if not weighed or any(photo.mask is not None for photo in problem.observations):
        return ""
    return (
        f"The recipe {problem.recipe.name} weighs the outline, which did not count because there is no mask; "
        "load or paint one."
    )
