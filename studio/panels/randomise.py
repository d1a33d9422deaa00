"""Random components."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


def random_components(ranges: FloatArray, strength: float, rng: np.random.Generator) -> FloatArray:
    """Normal random values for components with ``ranges`` (N, 2) around 0, within them.

    Three standard deviations of strength 1 reach the end of a range, so that components in sigma
    with a range of -3..3 are drawn from N(0, strength).
    """
    draws = rng.standard_normal(len(ranges))
    reach = np.where(draws > 0.0, ranges[:, 1], -ranges[:, 0])
    values = draws * strength * reach / 3.0
    return np.clip(values, ranges[:, 0], ranges[:, 1]).astype(np.float32)
