"""Many curves at one frame as a compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled
from studio.flame.rotation_kernel import arc, put_vector, quaternion_of

Array = NDArray[np.float64]

_NUMBER = types.float64
_TIMES = types.Array(types.float64, 1, "C", readonly=True)
_ROWS = types.Array(types.float64, 2, "C", readonly=True)
_PLACES = types.Array(types.int64, 1, "C", readonly=True)
_KINDS = types.Array(types.uint8, 1, "C", readonly=True)
_OUT = types.Array(types.float64, 2, "C")
_STEPPED, _LINEAR = 0, 1  # places in studio.sequence.curves.INTERPOLATIONS
_ROUNDS = 60
_NEAR = 1e-12


@compiled(_NUMBER, _NUMBER, _NUMBER)
def _solve(share: float, first: float, second: float) -> float:
    """As ``parameter_at`` of :mod:`studio.sequence.curve_segments`, for one number."""
    low, high, t = 0.0, 1.0, share
    for _ in range(_ROUNDS):
        rest = 1.0 - t
        wrong = 3.0 * rest * t * (rest * first + t * second) + t**3 - share
        if abs(wrong) <= _NEAR:
            break
        if wrong < 0.0:
            low = t
        else:
            high = t
        slope = 3.0 * (rest**2 * first + 2.0 * rest * t * (second - first) + t**2 * (1.0 - second))
        step = t - wrong / slope if slope > 0.0 else low
        t = step if low < step < high else 0.5 * (low + high)
    return t


@compiled(_NUMBER, _PLACES, _PLACES, _TIMES, _ROWS, _KINDS, _TIMES, _TIMES, _ROWS, _ROWS, types.boolean, _OUT)
def values_at(
    frame: float,
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    frames: Array,
    values: Array,
    kinds: NDArray[np.uint8],
    first_frame: Array,
    second_frame: Array,
    first: Array,
    second: Array,
    turns: bool,
    out: Array,
) -> None:
    """Write the values of C curves at ``frame`` into ``out`` (C, W).

    Args:
        frame: fractional; held before the first and after the last key of each curve.
        starts: (C,) the place of each curve's first key.
        lengths: (C,) how many keys each has.
        frames: (K,) of all keys.
        values: (K, W).
        kinds: (K,) interpolation after each key.
        first_frame: (K,) of the control point after each key.
        second_frame: (K,) of the control point before the next key.
        first: (K, W).
        second: (K, W).
        turns: whether values are rotations.
        out: what is written.

    """
    width = values.shape[1]
    for curve in range(len(starts)):
        low, high = starts[curve], starts[curve] + lengths[curve] - 1
        end = high
        if frame <= frames[low]:
            high = low
        elif frame >= frames[high]:
            low = high
        while high - low > 1:
            middle = (low + high) // 2
            if frames[middle] <= frame:
                low = middle
            else:
                high = middle
        if low == high or frames[low] == frame or (kinds[low] == _STEPPED and low < end):
            for place in range(width):
                out[curve, place] = values[low, place]
            continue
        gap = frames[low + 1] - frames[low]
        t = (frame - frames[low]) / gap
        bent = kinds[low] > _LINEAR
        if bent:
            t = _solve(t, (first_frame[low] - frames[low]) / gap, (second_frame[low] - frames[low]) / gap)
        rest = 1.0 - t
        if turns:
            a, d = quaternion_of(values, low), quaternion_of(values, low + 1)
            if bent:
                b, c = quaternion_of(first, low), quaternion_of(second, low)
                ab, bc, cd = arc(a, b, t), arc(b, c, t), arc(c, d, t)
                put_vector(out, curve, arc(arc(ab, bc, t), arc(bc, cd, t), t))
            else:
                put_vector(out, curve, arc(a, d, t))
            continue
        for place in range(width):
            start, stop = values[low, place], values[low + 1, place]
            if bent:
                inner = 3.0 * rest * t * (rest * first[low, place] + t * second[low, place])
                out[curve, place] = rest**3 * start + inner + t**3 * stop
            else:
                out[curve, place] = rest * start + t * stop


READY = True
