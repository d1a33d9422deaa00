"""The compiled loop that sums columns with the same index; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled

SINGLE = types.Array(types.float32, 2, "C", readonly=True), types.Array(types.float32, 2, "C")
DOUBLE = types.Array(types.float64, 2, "C", readonly=True), types.Array(types.float64, 2, "C")
INDEX = types.Array(types.int64, 1, "C", readonly=True)


@compiled(SINGLE[0], INDEX, SINGLE[1], also=(DOUBLE[0], INDEX, DOUBLE[1]))
def add_columns(columns: NDArray, index: NDArray[np.int64], sums: NDArray) -> None:
    """Add each of the ``columns`` (C, N) to the column ``index`` (N,) of ``sums`` (C, R)."""
    for channel in range(columns.shape[0]):
        row, target = columns[channel], sums[channel]
        for place in range(index.shape[0]):
            target[np.uint64(index[place])] += row[place]
