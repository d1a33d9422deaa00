"""The compiled loops behind :mod:`studio.render.maps`; imported on demand."""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, TRIANGLES, compiled

FACES_SHOWN = types.Array(types.int32, 2, "C", readonly=True)
WEIGHTS = types.Array(types.float32, 3, "C", readonly=True)
SIGNS = types.Array(types.float32, 1, "C", readonly=True)
IDS = types.Array(types.int32, 1, "C", readonly=True)
VALUE_IMAGE = types.Array(types.float32, 3, "C")
ID_IMAGE = types.Array(types.int16, 2, "C")


@compiled(FACES_SHOWN, WEIGHTS, TRIANGLES, POINTS, VALUE_IMAGE)
def interpolate(
    shown: NDArray[np.int32],
    weights: NDArray[np.float32],
    corners: NDArray[np.int32],
    values: NDArray[np.float32],
    image: NDArray[np.float32],
) -> None:
    """The weighted mean of the corners' ``values`` at each pixel that shows a face.

    Args:
        shown: (H, W) face of each pixel, -1 where there is none.
        weights: (H, W, 3) barycentric.
        corners: (T, 3) rows of ``values``.
        values: (N, K).
        image: (H, W, K) written where there is a face.
    """
    for row in range(shown.shape[0]):
        for column in range(shown.shape[1]):
            face = shown[row, column]
            if face < 0:
                continue
            a, b, c = corners[face, 0], corners[face, 1], corners[face, 2]
            on_a = np.float64(weights[row, column, 0])
            on_b = np.float64(weights[row, column, 1])
            on_c = np.float64(weights[row, column, 2])
            for entry in range(values.shape[1]):
                image[row, column, entry] = (
                    on_a * values[a, entry] + on_b * values[b, entry] + on_c * values[c, entry]
                )


@compiled(FACES_SHOWN, SIGNS, POINTS, VALUE_IMAGE)
def straighten(
    shown: NDArray[np.int32],
    signs: NDArray[np.float32],
    toward: NDArray[np.float32],
    image: NDArray[np.float32],
) -> None:
    """Give the vectors of ``image`` (H, W, 3) length 1 and the sign (T,) of their face, in place.

    A vector without a length becomes the first row of ``toward``.
    """
    for row in range(shown.shape[0]):
        for column in range(shown.shape[1]):
            face = shown[row, column]
            if face < 0:
                continue
            x = np.float64(image[row, column, 0])
            y = np.float64(image[row, column, 1])
            z = np.float64(image[row, column, 2])
            length = math.sqrt(x * x + y * y + z * z)
            if length > 0.0:
                scale = signs[face] / length
                image[row, column, 0], image[row, column, 1] = x * scale, y * scale
                image[row, column, 2] = z * scale
            else:
                for axis in range(3):
                    image[row, column, axis] = toward[0, axis]


@compiled(FACES_SHOWN, WEIGHTS, TRIANGLES, IDS, ID_IMAGE)
def pick(
    shown: NDArray[np.int32],
    weights: NDArray[np.float32],
    corners: NDArray[np.int32],
    ids: NDArray[np.int32],
    image: NDArray[np.int16],
) -> None:
    """The id (N,) of the corner with the largest weight, into ``image`` (H, W) where there is a face."""
    for row in range(shown.shape[0]):
        for column in range(shown.shape[1]):
            face = shown[row, column]
            if face < 0:
                continue
            heaviest = 0
            for corner in range(1, 3):
                if weights[row, column, corner] > weights[row, column, heaviest]:
                    heaviest = corner
            image[row, column] = ids[corners[face, heaviest]]
