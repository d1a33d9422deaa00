"""A number that depends on what is solved with it: its fixed point by the secant method."""

from __future__ import annotations

import math

STEEPEST = 0.9  # of the secants that are followed
LEAST = 1e-9  # by which a number has to move to have a secant


class FixedPoint:
    """Finds x = g(x) for a g that rises less steeply than x, one evaluation at a time."""

    def __init__(self, value: float) -> None:
        """Begin at ``value``."""
        self.value = value
        self._before, self._found = math.nan, math.nan

    def step(self, found: float) -> float:
        """The next value, where g of the one before was ``found``: where the secant meets the diagonal."""
        moved, slope = self.value - self._before, 0.0
        if abs(moved) > LEAST:  # no number at the first step, which has no secant
            slope = min(max((found - self._found) / moved, 0.0), STEEPEST)
        self._before, self._found = self.value, found
        self.value += (found - self.value) / (1.0 - slope)
        return self.value
