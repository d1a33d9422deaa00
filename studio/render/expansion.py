"""The per-frame work on the display mesh, by NumPy, as :mod:`studio.render.expansion_kernel` does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.topology import Stencils

Array = NDArray[np.float32]


def apply_stencils(stencils: Stencils, vertices: Array, points: Array) -> None:
    """Write the points (N, 3) that ``stencils`` make of ``vertices`` (V, 3)."""
    entries = vertices[stencils.vertices] * stencils.weights[:, None]
    np.add.reduceat(entries, stencils.starts[:-1], axis=0, out=points)


def area_weighted_normals(points: Array, faces: NDArray[np.int32], normals: Array) -> None:
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
