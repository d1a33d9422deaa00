"""Rotations as other programs write them, brought to axis-angle vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.rotations import from_quaternions, multiply

Array = NDArray[np.float64]

LEAST = 1e-6  # length of a row, or of what it has across the other, below which there is no rotation
_ORTHOGONAL = 0.05  # how far a matrix may be from a rotation


def matrices_of_rows(rows: ArrayLike) -> Array:
    """Rotation matrices (..., 3, 3) whose first two rows are ``rows`` (..., 6); NaN where these are none.

    Zhou et al. 2019, "On the Continuity of Rotation Representations in Neural Networks": the first row is
    made a unit vector, the second one across it, the third is their cross product. The six numbers are the
    rows, as PyTorch3D has them.
    """
    values = np.asarray(rows, np.float64)
    first = _unit(values[..., :3])
    second = values[..., 3:] - (first * values[..., 3:]).sum(axis=-1, keepdims=True) * first
    second = _unit(second)
    return np.stack([first, second, np.cross(first, second)], axis=-2)


def _unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(length > LEAST, vectors / length, np.nan)


def from_rows(rows: ArrayLike) -> Array:
    """Axis-angle vectors (..., 3) of 6-D rotations (..., 6); NaN where these are none."""
    return from_matrices(matrices_of_rows(rows))


def from_matrices(matrices: ArrayLike) -> Array:
    """Axis-angle vectors (..., 3), of length at most pi, of rotation matrices (..., 3, 3); NaN for others.

    By quaternions, dividing by the largest of their four numbers (Shepperd 1978), so that half turns keep
    their digits.
    """
    m = np.asarray(matrices, np.float64)
    product = m @ np.swapaxes(m, -1, -2) - np.eye(3)
    with np.errstate(invalid="ignore"):
        sane = (np.abs(product).max(axis=(-1, -2)) < _ORTHOGONAL) & (np.linalg.det(m) > 0.0)
    m = np.where(sane[..., None, None], m, np.eye(3))
    x, y, z = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    sums = np.stack([x + y + z, x - y - z, y - x - z, z - x - y], axis=-1)
    largest = np.argmax(sums, axis=-1)
    a, b, c = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    d, e, f = m[..., 1, 0] + m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 2, 1] + m[..., 1, 2]
    rows = np.stack(
        [
            np.stack([1.0 + sums[..., 0], a, b, c], axis=-1),
            np.stack([a, 1.0 + sums[..., 1], d, e], axis=-1),
            np.stack([b, d, 1.0 + sums[..., 2], f], axis=-1),
            np.stack([c, e, f, 1.0 + sums[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    chosen = np.take_along_axis(rows, largest[..., None, None], axis=-2)[..., 0, :]
    vectors = from_quaternions(chosen / np.linalg.norm(chosen, axis=-1, keepdims=True))
    return np.where(sane[..., None], vectors, np.nan)


def from_eulers(angles: ArrayLike, axes: str) -> Array:
    """Axis-angle vectors (..., 3) of turns by ``angles`` (..., K) radians about ``axes`` such as "ZXY".

    The matrices are multiplied in that order, R = Z X Y: the last turn is done first, about axes at rest.
    """
    turns = np.asarray(angles, np.float64)
    whole = np.zeros((*turns.shape[:-1], 4))
    whole[..., 0] = 1.0
    for place, axis in enumerate(axes):
        one = np.zeros_like(whole)
        one[..., 0] = np.cos(0.5 * turns[..., place])
        one[..., 1 + "XYZ".index(axis)] = np.sin(0.5 * turns[..., place])
        whole = multiply(whole, one)
    return from_quaternions(whole)
