"""Few keys for many frames: where a channel needs a key so that its curve keeps near to its frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.rotations import relative
from studio.sequence.curves import Curve, Interpolation

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def fitted(
    values: ArrayLike,
    allowed: ArrayLike,
    interpolation: Interpolation = "smooth",
    turns: bool = False,
    wanted: ArrayLike = (),
) -> Curve:
    """A curve with keys at some of the T frames that is nowhere farther from ``values`` than ``allowed``.

    Keys come where the curve is farthest off, in every segment at once, until it is near enough: the
    refinement of Douglas and Peucker (1973), with the curve's own interpolation in place of straight lines.
    A key is exact, so that this ends at the latest with a key at every frame. What never goes away from its
    first frame has one key.

    Args:
        values: (T, W).
        allowed: (T,) or one number, in the unit of ``values``; of rotations the angle between them.
        interpolation: of every key.
        turns: whether the values are rotations.
        wanted: frames that get a key in any case.

    """
    numbers = np.asarray(values, np.float64).reshape(len(np.atleast_1d(values)), -1)
    count = len(numbers)
    limit = np.broadcast_to(np.asarray(allowed, np.float64), (count,))
    keys = np.unique(np.append(np.asarray(wanted, np.intp), 0))
    frames = np.arange(count, dtype=np.float64)
    while True:
        curve = Curve.of(keys, numbers[keys], interpolation, turns)
        more = _farthest_off(apart(curve.at(frames), numbers, turns), limit, keys)
        if not len(more):
            return curve
        keys = np.union1d(keys, more)


def apart(first: Array, second: Array, turns: bool) -> Array:
    """How far values (T, W) are apart (T,): by the angle between rotations, by the distance of others."""
    steps = relative(first, second) if turns else first - second
    return np.linalg.norm(steps, axis=1)


def _farthest_off(off: Array, limit: Array, keys: Places) -> Places:
    """The frame of each segment that is the most beyond its limit, of those that have one."""
    over = off - limit
    over[keys] = -np.inf
    beyond = np.flatnonzero(over > 1e-9)
    if not len(beyond):
        return beyond
    segment = np.searchsorted(keys, beyond)
    order = np.lexsort((over[beyond], segment))
    last = np.append(np.diff(segment[order]) > 0, True)
    return beyond[order[last]]
