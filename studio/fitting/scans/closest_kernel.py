"""The nearest points on a mesh, as a compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import TRIANGLES, compiled

PLACES = types.Array(types.float64, 2, "C", readonly=True)
ROWS = types.Array(types.int64, 2, "C", readonly=True)
NUMBERS = types.Array(types.int64, 1, "C", readonly=True)
FOUND = types.Array(types.int64, 1, "C")
WEIGHTS = types.Array(types.float64, 2, "C")
SQUARES = types.Array(types.float64, 1, "C")


@compiled(PLACES, TRIANGLES, NUMBERS, NUMBERS, PLACES, ROWS, FOUND, WEIGHTS, SQUARES)
def nearest_on_faces(
    vertices: NDArray[np.float64],
    faces: NDArray[np.int32],
    starts: NDArray[np.int64],
    around: NDArray[np.int64],
    points: NDArray[np.float64],
    candidates: NDArray[np.int64],
    found: NDArray[np.int64],
    weights: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> None:
    """The nearest point to each of ``points`` (N, 3) on the faces around its ``candidates`` (N, K).

    Each triangle's nearest point is told by the region of its plane (Ericson 2005, "Real-Time Collision
    Detection", 5.1.5).

    Args:
        vertices: (V, 3).
        faces: (F, 3).
        starts: (V + 1,) where the faces of each vertex begin in ``around``.
        around: numbers of faces.
        points: (N, 3).
        candidates: (N, K) vertices.
        found: (N,) written: the face.
        weights: (N, 3) written: of its corners.
        squares: (N,) written: squared distance.

    """
    for point in range(points.shape[0]):
        px, py, pz = points[point, 0], points[point, 1], points[point, 2]
        squares[point] = np.inf
        for column in range(candidates.shape[1]):
            vertex = candidates[point, column]
            for entry in range(starts[vertex], starts[vertex + 1]):
                face = around[entry]
                a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
                ax, ay, az = vertices[a, 0], vertices[a, 1], vertices[a, 2]
                ux, uy, uz = vertices[b, 0] - ax, vertices[b, 1] - ay, vertices[b, 2] - az
                vx, vy, vz = vertices[c, 0] - ax, vertices[c, 1] - ay, vertices[c, 2] - az
                wx, wy, wz = px - ax, py - ay, pz - az
                d1, d2 = ux * wx + uy * wy + uz * wz, vx * wx + vy * wy + vz * wz
                d3, d4 = (
                    d1 - (ux * ux + uy * uy + uz * uz),
                    d2 - (ux * vx + uy * vy + uz * vz),
                )
                d5, d6 = (
                    d1 - (ux * vx + uy * vy + uz * vz),
                    d2 - (vx * vx + vy * vy + vz * vz),
                )
                first, second, third = d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2
                if d1 <= 0.0 and d2 <= 0.0:
                    s, t = 0.0, 0.0
                elif d3 >= 0.0 and d4 <= d3:
                    s, t = 1.0, 0.0
                elif d6 >= 0.0 and d5 <= d6:
                    s, t = 0.0, 1.0
                elif third <= 0.0 and d1 >= 0.0 and d3 <= 0.0:
                    s, t = d1 / (d1 - d3), 0.0
                elif second <= 0.0 and d2 >= 0.0 and d6 <= 0.0:
                    s, t = 0.0, d2 / (d2 - d6)
                elif first <= 0.0 and d4 >= d3 and d5 >= d6:
                    t = (d4 - d3) / ((d4 - d3) + (d5 - d6))
                    s = 1.0 - t
                else:
                    total = first + second + third
                    if total <= 0.0:
                        continue
                    s, t = second / total, third / total
                x, y, z = wx - s * ux - t * vx, wy - s * uy - t * vy, wz - s * uz - t * vz
                squared = x * x + y * y + z * z
                if squared < squares[point]:
                    squares[point] = squared
                    found[point] = face
                    weights[point, 0], weights[point, 1], weights[point, 2] = 1.0 - s - t, s, t
