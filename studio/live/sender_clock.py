"""When a frame was seen, by the clock of who sends it: networks deliver in bursts, cameras see evenly."""

from __future__ import annotations

_DRIFT = 0.002  # seconds in a second by which the two clocks may part
_FARTHEST = 0.25  # seconds from the arrival; beyond, the sender's clock has been set
_WINDOW = 1.0  # seconds in which it is seen whether the sender's clock goes as time does
_SLACK = 0.1  # of a window, by which it may differ: packets come late


class SenderClock:
    """Times on this machine's clock for the times that a sender tells.

    A packet is at least as late as the fastest one, so that the smallest difference of the two clocks is
    the one to keep; it rises slowly, as clocks drift apart. A sender that counts otherwise than time goes,
    or whose clock stands still or leaps, is timed by when its packets come, as everyone is in the beginning.
    """

    def __init__(self) -> None:
        self._apart: float | None = None  # this machine's time less the sender's; None: it is not trusted
        self._told = self._last = 0.0
        self._window: tuple[float, float] | None = None  # what was told and when it came, at its beginning

    def time(self, told: float, now: float) -> float:
        """When the frame was seen that says ``told`` and came ``now``, seconds; never before the last one."""
        step, apart = told - self._told, now - told
        self._told = told
        self._look(told, now)
        if self._apart is not None:
            leaps = step <= 0.0 or abs(apart - self._apart) > _FARTHEST
            self._apart = None if leaps else min(apart, self._apart + _DRIFT * step)
        seen = now if self._apart is None else told + self._apart
        self._last = max(seen, self._last)
        return self._last

    def _look(self, told: float, now: float) -> None:
        """See at the end of each window whether the sender's clock can be trusted in the next one."""
        if self._window is None:
            self._window = told, now
            return
        passed = now - self._window[1]
        if passed < _WINDOW:
            return
        goes = abs((told - self._window[0]) / passed - 1.0) < _SLACK
        self._window = told, now
        if not goes:
            self._apart = None
        elif self._apart is None:
            self._apart = now - told
