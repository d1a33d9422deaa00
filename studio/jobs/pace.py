"""How fast a job goes, and how long it still takes, in words."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SETTLE = 1.0  # seconds before a pace is told
WINDOW = 10.0  # seconds that it is the mean of


class Pace:
    """Told how far a job is, it tells the pace of the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steps: deque[tuple[float, int]] = deque([(clock(), 0)])
        self._total = 0

    def step(self, done: int, total: int) -> None:
        """``done`` of ``total`` steps are made; a total of 0: not known."""
        now = self._clock()
        if done < self._steps[-1][1] or total != self._total:
            self._steps = deque([(now, done)])
        else:
            self._steps.append((now, done))
            while len(self._steps) > 2 and self._steps[1][0] <= now - WINDOW:
                self._steps.popleft()
        self._total = total

    @property
    def rate(self) -> float:
        """Steps a second, lately; 0 while that cannot be told."""
        (began, first), (ended, last) = self._steps[0], self._steps[-1]
        return (last - first) / (ended - began) if ended - began >= SETTLE else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at that rate; None while that cannot be told."""
        ended, done = self._steps[-1]
        rate = self.rate
        if rate <= 0.0 or not 0 < done < self._total:
            return None
        return max((self._total - done) / rate - (self._clock() - ended), 0.0)

    @property
    def left(self) -> str:
        """How long the rest takes, for people; empty while that cannot be told."""
        seconds = self.seconds_left
        return "" if seconds is None else left_in_words(seconds)


def left_in_words(seconds: float) -> str:
    """``seconds`` that something still takes, as exactly as such a guess can be."""
    if seconds < 57.5:
        step = 1 if seconds < 15 else 5
        return f"about {max(step * round(seconds / step), 1)} s left"
    minutes = max(round(seconds / 60), 1)
    if minutes < 60:
        return f"about {minutes} min left"
    return f"about {minutes // 60} h {minutes % 60} min left"
