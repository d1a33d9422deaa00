"""The compiled loops behind :mod:`studio.flame.texture_blend`; imported on demand."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled

STATE = types.Array(types.float32, 3, "C")
WHOLE = types.Array(types.int16, 3, "C", readonly=True)
ROW = types.Array(types.float32, 1, "C", readonly=True)
TABLE = types.Array(types.uint8, 1, "C", readonly=True)
IMAGE = types.Array(types.uint8, 3, "C")
INDEX = types.int64
NUMBER = types.float32


@compiled(STATE, INDEX, INDEX, WHOLE, ROW, ROW, NUMBER)
def add_component(
    state: NDArray[np.float32],
    top: int,
    left: int,
    whole: NDArray[np.int16],
    steps: NDArray[np.float32],
    tint: NDArray[np.float32],
    amount: np.float32,
) -> None:
    """Add ``amount`` times a component to its window of ``state`` (H, W, 3)."""
    width = whole.shape[1]
    for row in range(whole.shape[0]):
        factor = amount * steps[row]
        red, green, blue = factor * tint[0], factor * tint[1], factor * tint[2]
        if whole.shape[2] == 1:
            for column in range(width):
                value = np.float32(whole[row, column, 0])
                if value != np.float32(0.0):
                    state[top + row, left + column, 0] += red * value
                    state[top + row, left + column, 1] += green * value
                    state[top + row, left + column, 2] += blue * value
        else:
            for column in range(width):
                state[top + row, left + column, 0] += red * np.float32(whole[row, column, 0])
                state[top + row, left + column, 1] += green * np.float32(whole[row, column, 1])
                state[top + row, left + column, 2] += blue * np.float32(whole[row, column, 2])


@compiled(STATE, IMAGE, TABLE, NUMBER, NUMBER, INDEX, INDEX, INDEX, INDEX)
def show_values(
    state: NDArray[np.float32],
    image: NDArray[np.uint8],
    table: NDArray[np.uint8],
    low: np.float32,
    scale: np.float32,
    top: int,
    bottom: int,
    left: int,
    right: int,
) -> None:
    """Write the display values of a window of ``state`` into ``image`` (H, W, 3)."""
    most = np.float32(table.shape[0] - 1)
    for row in range(top, bottom):
        for column in range(left, right):
            for channel in range(3):
                place = (state[row, column, channel] - low) * scale + np.float32(0.5)
                place = min(max(place, np.float32(0.0)), most)
                image[row, column, channel] = table[np.int32(place)]
