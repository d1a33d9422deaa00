"""How much of a surface each of its vertices stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def areas(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float64]:
    """A third of the area around each vertex (V,), square metres."""
    a, b, c = (vertices[faces[:, corner]].astype(np.float64) for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6.0
    summed = np.bincount(faces.T.ravel(), np.tile(area, 3), minlength=len(vertices))
    return summed.astype(np.float64)
