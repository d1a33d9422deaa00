"""Medians of values that count differently."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted_median(values: Array, weights: Array) -> float:
    """The smallest of ``values`` (N,) up to which half of ``weights`` (N,) lie; 0 where nothing counts."""
    order = np.argsort(values)
    summed = np.cumsum(weights[order])
    if not len(summed) or not summed[-1] > 0.0:
        return 0.0
    return float(values[order[np.searchsorted(summed, 0.5 * summed[-1])]])
