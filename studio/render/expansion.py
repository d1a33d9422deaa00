"""The per-frame work on the display mesh, by NumPy, as :mod:`studio.render.expansion_kernel` does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int32]


def apply_stencils(starts: Indices, columns: Indices, weights: Array, vertices: Array, points: Array) -> None:
    """Write ``points`` (N, 3): row n sums weights times vertices over entries starts[n]..starts[n + 1]."""
    last = starts[len(points)]
    entries = vertices[columns[:last]] * weights[:last, None]
    np.add.reduceat(entries, starts[: len(points)], axis=0, out=points)


def area_weighted_normals(points: Array, faces: Indices, normals: Array) -> None:
    """Write the unit normals (N, 3) of ``points`` on ``faces`` (F, 3); (0, 0, 1) where there is no area."""
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    u, v = (b - a).T, (c - a).T
    across = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    corners = faces.ravel()
    for axis in range(3):
        normals[:, axis] = np.bincount(corners, np.repeat(across[axis], 3), minlength=len(points))
    length = np.linalg.norm(normals, axis=1)
    flat = length <= 0.0
    normals[flat] = (0.0, 0.0, 1.0)
    normals /= np.where(flat, 1.0, length)[:, None]
