"""What a fit under way is seen by: every cost, and now and then the head, taken from another thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from studio.fitting.run import FitRun, Iteration
from studio.fitting.state import FitState

PICTURES = 12.0  # heads a second, at most


@dataclass(frozen=True, eq=False)
class Seen:
    """What came since the last look."""

    iterations: tuple[Iteration, ...]
    states: tuple[FitState, ...] | None  # the newest; None: no newer ones


class FitWatch:
    """Hears of iterations on the fit's thread, is asked on any other one; of heads the newest is kept."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: deque[Iteration] = deque()
        self._states: tuple[FitState, ...] | None = None
        self._next = 0.0

    def hear(self, iteration: Iteration, run: FitRun) -> None:
        """An iteration was done; from time to time its heads are taken."""
        now = self._clock()
        states = run.states if now >= self._next or run.finished else None
        with self._lock:
            self._heard.append(iteration)
            if states is not None:
                self._states, self._next = states, now + 1.0 / PICTURES

    def take(self) -> Seen:
        """What came since the last call."""
        with self._lock:
            iterations, self._heard = tuple(self._heard), deque()
            states, self._states = self._states, None
        return Seen(iterations, states)
