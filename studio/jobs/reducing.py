"""The job that makes a dense clip few keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.backends.base import Backend
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip
from studio.sequence.reducing import Reduced, Wish, reduce

_STEPS = 1000


@dataclass(frozen=True, eq=False)
class ReduceJob:
    """Reduces ``clip`` on ``model``; the backend is made when it runs."""

    clip: Clip
    model: HeadModel
    make_backend: Callable[[], Backend]
    wish: Wish

    @property
    def name(self) -> str:
        """What it is called."""
        return "Reduce to keys"

    def run(self, progress: Report, cancelled: Cancelled) -> Reduced:
        """The keys of the clip.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: the clip cannot be reduced.

        """

        def told(done: float) -> None:
            check(cancelled)
            progress(Progress(round(_STEPS * done), _STEPS, "Finding keys"))

        told(0.0)
        return reduce(self.clip, self.model, self.make_backend(), self.wish, told)
