"""Whether a mesh covers points, as a compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import TRIANGLES, compiled

PLACES = types.Array(types.float64, 2, "C", readonly=True)
COVERED = types.Array(types.boolean, 1, "C")


@compiled(PLACES, TRIANGLES, PLACES, types.boolean, types.float64, COVERED)
def mark_covered(
    places: NDArray[np.float64],
    faces: NDArray[np.int32],
    points: NDArray[np.float64],
    parallel: bool,
    lift: float,
    covered: NDArray[np.bool_],
) -> None:
    """Set ``covered`` (L,) where a face lies more than ``lift`` before a point.

    ``places`` (V, 3) and ``points`` (L, 3) are picture points with their distances along the axis, as
    ``project`` gives them; ``parallel``: distances, and not their inverses, are linear in the picture.
    """
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ax, ay, az = places[a, 0], places[a, 1], places[a, 2]
        bx, by, bz = places[b, 0], places[b, 1], places[b, 2]
        cx, cy, cz = places[c, 0], places[c, 1], places[c, 2]
        if az <= 0.0 or bz <= 0.0 or cz <= 0.0:
            continue
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area == 0.0:
            continue
        left, right = min(ax, bx, cx), max(ax, bx, cx)
        top, bottom = min(ay, by, cy), max(ay, by, cy)
        nearest = min(az, bz, cz)
        for point in range(points.shape[0]):
            x, y, z = points[point, 0], points[point, 1], points[point, 2]
            if covered[point] or x < left or x > right or y < top or y > bottom or nearest >= z - lift:
                continue
            u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
            v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
            w = 1.0 - u - v
            if u < 0.0 or v < 0.0 or w < 0.0:
                continue
            depth = u * az + v * bz + w * cz if parallel else 1.0 / (u / az + v / bz + w / cz)
            if depth < z - lift:
                covered[point] = True
