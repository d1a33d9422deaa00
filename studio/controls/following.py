"""Angles for which a point of the head is seen where the pointer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP = 1e-3  # radians, of the differences
ROUNDS = 10
ENOUGH = 2e-4  # radians, of a step after which nothing more is gained
REST = 0.03  # pull back to the start, in shares of how far an angle moves the point
STIFF = 2.0  # the same beyond a range: a point then follows at a fifth of the pointer's way
BEYOND = 0.3  # of a range's width that an angle may leave it by


@dataclass(frozen=True, eq=False)
class Freedom:
    """How far N angles may go, and how dear each is beside the others."""

    low: Array  # (N,) radians
    high: Array  # (N,)
    cost: Array  # (N,) 1: as ready to turn as any

    @classmethod
    def of(cls, ranges: NDArray, cost: tuple[float, ...], start: Array) -> Freedom:
        """Within ``ranges`` (N, 2), and where ``start`` has left them, as far as there."""
        low, high = np.asarray(ranges, np.float64).T
        return cls(np.minimum(low, start), np.maximum(high, start), np.asarray(cost, np.float64))


def follow(seen: Callable[[Array], Array], start: Array, target: Array, freedom: Freedom) -> Array:
    """The angles (N,) for which ``seen(angles)`` (2,) is nearest to ``target`` (2,), both in pixels.

    Of many, those with the least turn from ``start``. Levenberg-Marquardt on the distance, the turn, and
    what the angles leave their ranges by, which is held back softly and ends at ``BEYOND``.
    """
    first = seen(start)
    scale = float(np.abs(_slope(seen, start, first)).max(initial=0.0))
    if scale < 1e-6:
        return start.copy()
    rest = REST * scale * freedom.cost
    stiff = STIFF * scale
    width = BEYOND * (freedom.high - freedom.low)
    lowest, highest = freedom.low - width, freedom.high + width

    def residuals(at: Array, place: Array) -> Array:
        excess = at - np.clip(at, freedom.low, freedom.high)
        return np.concatenate([place - target, rest * (at - start), stiff * excess])

    angles, place, damping = start.copy(), first, 1e-4
    current = residuals(angles, place)
    for _ in range(ROUNDS):
        outside = (angles < freedom.low) | (angles > freedom.high)
        slope = np.vstack([_slope(seen, angles, place), np.diag(rest), np.diag(stiff * outside)])
        normal = slope.T @ slope
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), -slope.T @ current)
        tried = np.clip(angles + step, lowest, highest)
        there = seen(tried)
        value = residuals(tried, there)
        if float(value @ value) >= float(current @ current):
            damping = max(100.0 * damping, 1e-2)
            continue
        moved = float(np.abs(tried - angles).max())
        angles, place, current, damping = tried, there, value, 0.1 * damping
        if moved < ENOUGH:
            break
    return angles


def _slope(seen: Callable[[Array], Array], angles: Array, place: Array) -> Array:
    """The derivative (2, N) of ``seen``, which is ``place`` at ``angles``."""
    columns = [(seen(angles + shift) - place) / STEP for shift in STEP * np.eye(len(angles))]
    return np.stack(columns, axis=1)
