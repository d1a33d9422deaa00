"""Rotations as compiled loops; imported on demand, because they load numba.

The same formulas as in :mod:`studio.flame.rotations`, for few rotations at a time, where calling NumPy takes
longer than computing.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled

Array = NDArray[np.float64]
Four = tuple[float, float, float, float]

_ROWS = types.Array(types.float64, 2, "C", readonly=True)
_AMOUNTS = types.Array(types.float64, 1, "C", readonly=True)
_OUT = types.Array(types.float64, 2, "C")
_NUMBER = types.float64
_FOUR = types.UniTuple(types.float64, 4)
_SMALL = 1e-8  # below, sin(x) / x is 1 to the last digit


@compiled(_NUMBER)
def _sinc(x: float) -> float:
    return 1.0 if abs(x) < _SMALL else math.sin(x) / x


@compiled(_ROWS, types.int64)
def quaternion_of(rows: Array, row: int) -> Four:
    """The unit quaternion, scalar first, of the axis-angle vector ``rows[row]``."""
    x, y, z = rows[row, 0], rows[row, 1], rows[row, 2]
    half = 0.5 * math.sqrt(x * x + y * y + z * z)
    factor = 0.5 * _sinc(half)
    return math.cos(half), factor * x, factor * y, factor * z


@compiled(_OUT, types.int64, _FOUR)
def put_vector(out: Array, row: int, q: Four) -> None:
    """Write the axis-angle vector, of length at most pi, of a unit quaternion into ``out[row]``."""
    w, x, y, z = q
    if w < 0.0:
        w, x, y, z = -w, -x, -y, -z
    sine = math.sqrt(x * x + y * y + z * z)
    factor = 2.0 * math.atan2(sine, w) / sine if sine > 1e-12 else 2.0
    out[row, 0], out[row, 1], out[row, 2] = factor * x, factor * y, factor * z


@compiled(_FOUR, _FOUR)
def product(p: Four, q: Four) -> Four:
    """Hamilton's product: ``q`` is applied before ``p``."""
    return (
        p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3],
        p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2],
        p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1],
        p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0],
    )


@compiled(_FOUR, _FOUR, _NUMBER)
def arc(a: Four, b: Four, amount: float) -> Four:
    """The quaternion at ``amount`` of the shorter great arc from ``a`` to ``b``."""
    sign = -1.0 if a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0.0 else 1.0
    apart, together = 0.0, 0.0
    for place in range(4):
        apart += (a[place] - sign * b[place]) ** 2
        together += (a[place] + sign * b[place]) ** 2
    angle = 2.0 * math.atan2(math.sqrt(apart), math.sqrt(together))
    rest = 1.0 - amount
    of_a, of_b = rest * _sinc(rest * angle), sign * amount * _sinc(amount * angle)
    w, x = of_a * a[0] + of_b * b[0], of_a * a[1] + of_b * b[1]
    y, z = of_a * a[2] + of_b * b[2], of_a * a[3] + of_b * b[3]
    size = math.sqrt(w * w + x * x + y * y + z * z)
    return w / size, x / size, y / size, z / size


@compiled(_ROWS, _ROWS, _OUT)
def compose_rows(outer: Array, inner: Array, out: Array) -> None:
    """Write ``inner`` (N, 3) applied first, then ``outer`` (N, 3), into ``out``."""
    for row in range(len(out)):
        put_vector(out, row, product(quaternion_of(outer, row), quaternion_of(inner, row)))


@compiled(_ROWS, _ROWS, _OUT)
def relative_rows(base: Array, target: Array, out: Array) -> None:
    """Write the inner rotations with ``compose(base, it) == target`` (N, 3) into ``out``."""
    for row in range(len(out)):
        w, x, y, z = quaternion_of(base, row)
        put_vector(out, row, product((w, -x, -y, -z), quaternion_of(target, row)))


@compiled(_ROWS, _ROWS, _AMOUNTS, _OUT)
def slerp_rows(start: Array, end: Array, amounts: Array, out: Array) -> None:
    """Write what lies at ``amounts`` (N,) of the arcs from ``start`` to ``end`` (N, 3) into ``out``."""
    for row in range(len(out)):
        put_vector(out, row, arc(quaternion_of(start, row), quaternion_of(end, row), amounts[row]))


READY = True
