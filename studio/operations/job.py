"""An operation as a job: with progress, and stopped when asked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from studio.jobs.job import Cancelled, Progress, Report, check
from studio.operations.row import Desk, Operation, Outcome
from studio.operations.running import Range, measured, operate
from studio.sequence.clip import Clip


@dataclass(frozen=True, eq=False)
class OperationJob:
    """Do ``operation`` to ``clip``."""

    operation: Operation
    clip: Clip
    given: Mapping[str, Any]
    desk: Desk
    span: Range | None = None
    measures: bool = False  # whether the jitter of the mesh is told, too

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.operation.title

    def run(self, progress: Report, cancelled: Cancelled) -> Outcome:
        """What comes of it.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: it cannot be done.

        """

        def step(done: int, count: int) -> None:
            check(cancelled)
            progress(Progress(done, count, self.operation.title))

        step(0, len(self.clip))
        outcome = operate(self.operation, self.clip, self.given, replace(self.desk, step=step), self.span)
        check(cancelled)
        if self.measures and self.operation.measured:
            told = measured(self.clip, outcome.clip, self.desk)
            outcome = replace(outcome, facts={**outcome.facts, "jitter": told})
        return outcome
