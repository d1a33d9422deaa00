"""The compiled loop behind :mod:`studio.flame.normals`; imported on demand."""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, TRIANGLES, compiled

SUMS = types.Array(types.float64, 2, "C")
NORMALS = types.Array(types.float32, 2, "C")

ONE = np.float32(1.0)
SMALLEST, LARGEST = 1e-36, 1e36  # squared lengths between which a float32 root is good to its last digit


@compiled(POINTS, TRIANGLES, SUMS, NORMALS, fused=True)
def area_weighted(
    vertices: NDArray[np.float32],
    faces: NDArray[np.int32],
    sums: NDArray[np.float64],
    normals: NDArray[np.float32],
) -> None:
    """Unit ``normals`` (V, 3) of ``vertices`` (V, 3) on ``faces`` (F, 3), summed in ``sums`` (V, 3)."""
    count = vertices.shape[0]
    sums[:] = 0.0
    for face in range(faces.shape[0]):
        # Unsigned, they are not looked at for counting from the end.
        a, b, c = np.uint32(faces[face, 0]), np.uint32(faces[face, 1]), np.uint32(faces[face, 2])
        x, y, z = np.float64(vertices[a, 0]), np.float64(vertices[a, 1]), np.float64(vertices[a, 2])
        ux, uy, uz = vertices[b, 0] - x, vertices[b, 1] - y, vertices[b, 2] - z
        vx, vy, vz = vertices[c, 0] - x, vertices[c, 1] - y, vertices[c, 2] - z
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            sums[corner, 0] += nx
            sums[corner, 1] += ny
            sums[corner, 2] += nz
    for vertex in range(count):
        x, y, z = sums[vertex, 0], sums[vertex, 1], sums[vertex, 2]
        squared = x * x + y * y + z * z
        if not 0.0 < squared < math.inf:
            normals[vertex, 0], normals[vertex, 1], normals[vertex, 2] = 0.0, 0.0, 1.0
            continue
        if SMALLEST < squared < LARGEST:
            scale = float(ONE / math.sqrt(np.float32(squared)))
        else:
            scale = 1.0 / math.sqrt(squared)
        normals[vertex, 0], normals[vertex, 1], normals[vertex, 2] = x * scale, y * scale, z * scale
