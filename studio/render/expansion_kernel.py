"""The per-frame work on the display mesh as compiled loops; imported on demand, because it loads numba."""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, TRIANGLES, compiled

Array = NDArray[np.float32]
Indices = NDArray[np.int32]

INDEX_ROW = types.Array(types.int32, 1, "C", readonly=True)
WEIGHT_ROW = types.Array(types.float32, 1, "C", readonly=True)
OUTPUT = types.Array(types.float32, 2, "C")


@compiled(INDEX_ROW, INDEX_ROW, WEIGHT_ROW, POINTS, OUTPUT)
def apply_stencils(starts: Indices, columns: Indices, weights: Array, vertices: Array, points: Array) -> None:
    """Write ``points`` (N, 3): row n sums weights times vertices over entries starts[n]..starts[n + 1]."""
    for row in range(points.shape[0]):
        x, y, z = np.float32(0.0), np.float32(0.0), np.float32(0.0)
        for entry in range(starts[row], starts[row + 1]):
            vertex, weight = columns[entry], weights[entry]
            x += weight * vertices[vertex, 0]
            y += weight * vertices[vertex, 1]
            z += weight * vertices[vertex, 2]
        points[row, 0], points[row, 1], points[row, 2] = x, y, z


@compiled(OUTPUT, TRIANGLES, OUTPUT)
def area_weighted_normals(points: Array, faces: Indices, normals: Array) -> None:
    """Write the unit ``normals`` (N, 3) of ``points`` (N, 3); (0, 0, 1) where the faces have no area."""
    normals[:] = np.float32(0.0)
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ux, uy, uz = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1], points[b, 2] - points[a, 2]
        vx, vy, vz = points[c, 0] - points[a, 0], points[c, 1] - points[a, 1], points[c, 2] - points[a, 2]
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            normals[corner, 0] += x
            normals[corner, 1] += y
            normals[corner, 2] += z
    for point in range(normals.shape[0]):
        x, y, z = normals[point, 0], normals[point, 1], normals[point, 2]
        length = math.sqrt(x * x + y * y + z * z)
        if length > 0.0:
            normals[point, 0] = x / length
            normals[point, 1] = y / length
            normals[point, 2] = z / length
        else:
            normals[point, 0], normals[point, 1], normals[point, 2] = 0.0, 0.0, 1.0


READY = True  # last, so that another thread never finds the module half loaded
