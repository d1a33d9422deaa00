"""The nearest face along a ray, as a compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, TRIANGLES, compiled

VECTOR = types.Array(types.float64, 1, "C", readonly=True)
AXES = types.Array(types.float64, 2, "C", readonly=True)
HIT = types.Array(types.float64, 1, "C")
ROOM = types.Array(types.float64, 2, "C")


@compiled(POINTS, TRIANGLES, VECTOR, AXES, types.float64, ROOM, HIT)
def nearest_face(
    vertices: NDArray[np.float32],
    faces: NDArray[np.int32],
    origin: NDArray[np.float64],
    axes: NDArray[np.float64],
    nearest: float,
    places: NDArray[np.float64],
    hit: NDArray[np.float64],
) -> int:
    """The face that a ray meets first, -1 where there is none.

    In the frame of the ray a face is hit where its three edges run around the origin the same way, so
    that faces that share an edge leave no gap (Woop, Benthin and Wald 2013, "Watertight ray/triangle
    intersection").

    Args:
        vertices: (V, 3) metres.
        faces: (F, 3); both of their sides are met.
        origin: (3,) of the ray, metres.
        axes: (3, 3) rows: two directions across the ray, and the ray's own.
        nearest: lengths of the ray's direction before which nothing is met.
        places: (V, 3) room for the vertices in the frame of the ray.
        hit: (4,) written: lengths of the direction up to the face, and the weights of its corners.

    """
    length = axes[2, 0] * axes[2, 0] + axes[2, 1] * axes[2, 1] + axes[2, 2] * axes[2, 2]
    for vertex in range(vertices.shape[0]):
        x = np.float64(vertices[vertex, 0]) - origin[0]
        y = np.float64(vertices[vertex, 1]) - origin[1]
        z = np.float64(vertices[vertex, 2]) - origin[2]
        places[vertex, 0] = axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z
        places[vertex, 1] = axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z
        places[vertex, 2] = (axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z) / length
    found = -1
    hit[0] = np.inf
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ax, ay, bx, by, cx, cy = (
            places[a, 0],
            places[a, 1],
            places[b, 0],
            places[b, 1],
            places[c, 0],
            places[c, 1],
        )
        u, v, w = cx * by - cy * bx, ax * cy - ay * cx, bx * ay - by * ax
        if (u < 0.0 or v < 0.0 or w < 0.0) and (u > 0.0 or v > 0.0 or w > 0.0):
            continue
        total = u + v + w
        if total == 0.0 or not np.isfinite(total):
            continue
        along = (u * places[a, 2] + v * places[b, 2] + w * places[c, 2]) / total
        if nearest <= along < hit[0]:
            found = face
            hit[0], hit[1], hit[2], hit[3] = along, u / total, v / total, w / total
    return found
