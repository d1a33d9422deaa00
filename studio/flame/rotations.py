"""Rotations as axis-angle vectors, in float64 NumPy: for interpolation and composition of poses."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# The cross-product matrix of each axis.
_GENERATORS: Array = np.array(
    [
        [[0.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]],
        [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [-1.0, 0.0, 0.0]],
        [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ]
)
KERNEL = "studio.flame.rotation_kernel"
_FEW = 64  # rotations; NumPy is as fast for more
_SERIES_BELOW = 1e-4  # radians squared; beyond, the differences in the formulas keep twelve digits


def to_quaternions(rotations: ArrayLike) -> Array:
    """Unit quaternions (..., 4), scalar first, of axis-angle ``rotations`` (..., 3) in radians.

    Exact near zero: sin(a/2)/a is taken from numpy's sinc.
    """
    vectors = np.asarray(rotations, dtype=np.float64)
    angle = np.linalg.norm(vectors, axis=-1, keepdims=True)
    half_sine_over_angle = 0.5 * np.sinc(angle / (2.0 * np.pi))
    return np.concatenate([np.cos(0.5 * angle), vectors * half_sine_over_angle], axis=-1)


def to_matrices(rotations: ArrayLike) -> Array:
    """Rotation matrices (..., 3, 3) of axis-angle ``rotations`` (..., 3) in radians.

    Rodrigues: I + sin(a)/a K + (1 - cos(a))/a^2 K^2 with K the cross-product matrix of the vector,
    exact near zero and at half turns.
    """
    vectors = np.asarray(rotations, dtype=np.float64)
    angle = np.sqrt((vectors * vectors).sum(axis=-1))[..., None, None]
    cross = np.zeros((*vectors.shape, 3))
    cross[..., 2, 1], cross[..., 0, 2], cross[..., 1, 0] = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    cross -= np.swapaxes(cross, -1, -2)
    first = np.sinc(angle / np.pi)
    half = np.sinc(angle / (2.0 * np.pi))
    return np.eye(3) + first * cross + (0.5 * half * half) * (cross @ cross)


def from_quaternions(quaternions: ArrayLike) -> Array:
    """Axis-angle vectors (..., 3) in radians, of length at most pi, of unit ``quaternions`` (..., 4)."""
    q = np.asarray(quaternions, dtype=np.float64)
    q = np.where(q[..., :1] < 0.0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, q[..., :1])
    factor = np.where(sine > 1e-12, angle / np.maximum(sine, 1e-300), 2.0)
    return q[..., 1:] * factor


def multiply(first: Array, second: Array) -> Array:
    """Hamilton product (..., 4) of quaternions, scalar first: ``second`` is applied before ``first``."""
    w1, x1, y1, z1 = (first[..., place] for place in range(4))
    w2, x2, y2, z2 = (second[..., place] for place in range(4))
    product = np.empty(np.broadcast_shapes(first.shape, second.shape))
    product[..., 0] = w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2
    product[..., 1] = w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2
    product[..., 2] = w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2
    product[..., 3] = w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2
    return product


def inverse(quaternions: Array) -> Array:
    """Conjugates (..., 4) of unit ``quaternions``."""
    return quaternions * np.array([1.0, -1.0, -1.0, -1.0])


def compose(outer: ArrayLike, inner: ArrayLike) -> Array:
    """Axis-angle (..., 3) of ``inner`` applied first, then ``outer``."""
    few = _few(outer, inner)
    if few is not None:
        loops, first, second = few
        made = np.empty_like(first)
        loops.compose_rows(first, second, made)
        return made
    return from_quaternions(multiply(to_quaternions(outer), to_quaternions(inner)))


def relative(base: ArrayLike, target: ArrayLike) -> Array:
    """The inner rotation (..., 3) with ``compose(base, it) == target``."""
    few = _few(base, target)
    if few is not None:
        loops, first, second = few
        made = np.empty_like(first)
        loops.relative_rows(first, second, made)
        return made
    return from_quaternions(multiply(inverse(to_quaternions(base)), to_quaternions(target)))


def slerp(start: ArrayLike, end: ArrayLike, amount: ArrayLike) -> Array:
    """Axis-angle (..., 3) on the shorter arc between two rotations.

    ``amount`` broadcasts over the leading dimensions; 0 is ``start``, 1 is ``end``. Shoemake 1985.
    """
    few = _few(start, end)
    if few is not None:
        loops, first, second = few
        made = np.empty_like(first)
        loops.slerp_rows(first, second, np.full(len(first), amount, np.float64), made)
        return made
    a, b = to_quaternions(start), to_quaternions(end)
    amount = np.asarray(amount, dtype=np.float64)[..., None]
    b = np.where(np.sum(a * b, axis=-1, keepdims=True) < 0.0, -b, b)
    apart = np.linalg.norm(a - b, axis=-1, keepdims=True)
    together = np.linalg.norm(a + b, axis=-1, keepdims=True)
    turns = 2.0 * np.arctan2(apart, together) / np.pi
    rest = 1.0 - amount
    blended = rest * np.sinc(rest * turns) * a + amount * np.sinc(amount * turns) * b
    return from_quaternions(blended / np.linalg.norm(blended, axis=-1, keepdims=True))


def load_kernels() -> None:
    """Load, or at the very first time compile, the loops for few rotations: not while a frame waits."""
    import_module(KERNEL)


def _few(first: ArrayLike, second: ArrayLike) -> tuple[Any, Array, Array] | None:
    """The compiled loops with two equally many rotations (N, 3), where they are loaded and few enough."""
    loops = sys.modules.get(KERNEL)
    if loops is None or not getattr(loops, "READY", False):
        return None
    one, other = np.ascontiguousarray(first, np.float64), np.ascontiguousarray(second, np.float64)
    if one.ndim != 2 or one.shape != other.shape or len(one) > _FEW:
        return None
    return loops, one, other


def with_derivatives(rotation: ArrayLike) -> tuple[Array, Array]:
    """The matrix (3, 3) of an axis-angle ``rotation`` (3,), and its derivative by each component (3, 3, 3).

    Rodrigues' formula differentiated; its coefficients by their series near zero.
    """
    vector = np.asarray(rotation, dtype=np.float64)
    squared = float(vector @ vector)
    angle = np.sqrt(squared)
    cross = np.tensordot(vector, _GENERATORS, 1)
    if squared < _SERIES_BELOW:
        first, second = 1.0 - squared / 6.0, 0.5 - squared / 24.0
        first_slope, second_slope = squared / 30.0 - 1.0 / 3.0, squared / 180.0 - 1.0 / 12.0
    else:
        first, second = np.sin(angle) / angle, (1.0 - np.cos(angle)) / squared
        first_slope, second_slope = (np.cos(angle) - first) / squared, (first - 2.0 * second) / squared
    twice = cross @ cross
    by_axis = first * _GENERATORS + second * (_GENERATORS @ cross + cross @ _GENERATORS)
    by_axis += vector[:, None, None] * (first_slope * cross + second_slope * twice)
    return np.eye(3) + first * cross + second * twice, by_axis
