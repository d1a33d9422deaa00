"""Looking points up in a depth map, as a compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, compiled

OFFSETS = types.Array(types.float32, 2, "C", readonly=True)
SHARES = types.Array(types.float32, 1, "C")


@compiled(POINTS, POINTS, OFFSETS, types.float32, SHARES)
def count_seen(
    depths: NDArray[np.float32],
    places: NDArray[np.float32],
    offsets: NDArray[np.float32],
    tolerance: float,
    shares: NDArray[np.float32],
) -> None:
    """Fill ``shares`` (N,): at how many of ``offsets`` around each point nothing is before it.

    ``depths`` (S, S) are larger towards the light; ``places`` (N, 3) hold column and row in texels, and
    depth; ``offsets`` (T, 2) are added to column and row.
    """
    side, taps = depths.shape[0], offsets.shape[0]
    for point in range(places.shape[0]):
        x, y, limit = places[point, 0], places[point, 1], places[point, 2] + tolerance
        seen = 0
        for tap in range(taps):
            column, row = int(x + offsets[tap, 0]), int(y + offsets[tap, 1])
            column, row = min(max(column, 0), side - 1), min(max(row, 0), side - 1)
            if depths[row, column] <= limit:
                seen += 1
        shares[point] = np.float32(seen) / np.float32(taps)


READY = True  # last, so that another thread never finds the module half loaded
