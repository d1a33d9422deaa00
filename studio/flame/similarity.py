"""Similarities: the rotation, size and shift that lay points best onto others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LEAST_SIZE = 1e-6


def similarity(points: Array, wanted: Array, weights: Array | None = None) -> tuple[Array, Array]:
    """Scaled rotation (3, 3) and shift (3,) that take ``points`` (N, 3) nearest to ``wanted``.

    A point p goes to ``turn @ p + shift``. Least squares, without reflections (Umeyama 1991).
    """
    share = np.full(len(points), 1.0 / len(points)) if weights is None else weights / weights.sum()
    centre, aim = share @ points, share @ wanted
    arms, targets = points - centre, wanted - aim
    left, sizes, right = np.linalg.svd((targets * share[:, None]).T @ arms)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    spread = float(share @ (arms * arms).sum(axis=1))
    scale = float(sizes @ flip) / spread if spread > 0.0 else 1.0
    turn = max(scale, _LEAST_SIZE) * (left * flip) @ right
    return turn, aim - turn @ centre
