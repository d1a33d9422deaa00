"""Blinks over time, drawn by a seed: when they come and how lids close and open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Rates of one person vary as a log-normal distribution does (Bentivoglio et al. 1997, "Analysis of blink rate
# patterns in normal subjects"); so are the times between blinks drawn. The deviation of their logarithm.
INTERVAL_SPREAD = 0.55
SHORTEST_INTERVAL = 0.6  # seconds from one blink to the next
# Lids close about twice as fast as they open (Evinger, Manning and Sibony 1991, "Eyelid movements").
CLOSING, CLOSED, OPENING = 0.09, 0.04, 0.18  # seconds
_SPREAD_OF_LENGTH = 0.12  # of the logarithm of how long a blink takes


@dataclass(frozen=True, eq=False)
class Blinks:
    """N blinks: when each begins, seconds, and how many times the usual time it takes."""

    starts: Array  # (N,)
    lengths: Array  # (N,)


def drawn_blinks(seconds: float, a_minute: float, random: np.random.Generator) -> Blinks:
    """Blinks within ``seconds``, ``a_minute`` on average; none where that is 0.

    People blink 17 times a minute at rest, 26 in conversation and 4.5 reading (Bentivoglio et al. 1997).
    """
    if a_minute <= 0.0:
        return Blinks(np.zeros(0), np.zeros(0))
    mean = max(60.0 / a_minute, SHORTEST_INTERVAL + 0.05) - SHORTEST_INTERVAL
    middle = np.log(mean) - 0.5 * INTERVAL_SPREAD**2
    starts = [random.uniform(0.0, mean + SHORTEST_INTERVAL)]
    while starts[-1] < seconds:
        starts.append(starts[-1] + SHORTEST_INTERVAL + random.lognormal(middle, INTERVAL_SPREAD))
    kept = np.array(starts[:-1])
    return Blinks(kept, random.lognormal(0.0, _SPREAD_OF_LENGTH, len(kept)))


def closure(blinks: Blinks, times: Array) -> Array:
    """How far the lids are closed (T,) at ``times``, seconds: 0 open, 1 closed, eased at both ends."""
    closed = np.zeros(len(times))
    for start, length in zip(blinks.starts, blinks.lengths, strict=True):
        first, last = np.searchsorted(times, [start, start + length * (CLOSING + CLOSED + OPENING)])
        since = (times[first:last] - start) / length
        falling = np.clip(since / CLOSING, 0.0, 1.0)
        rising = np.clip((since - CLOSING - CLOSED) / OPENING, 0.0, 1.0)
        shape = _eased(falling) * (1.0 - _eased(rising))
        closed[first:last] = np.maximum(closed[first:last], shape)
    return closed


def _eased(amount: Array) -> Array:
    return amount * amount * (3.0 - 2.0 * amount)
