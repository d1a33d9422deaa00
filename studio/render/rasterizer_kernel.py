"""The rasterizer's compiled loop; imported on demand, because it loads numba."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import TRIANGLES, compiled

FIXED = types.Array(types.int64, 2, "C", readonly=True)
SCALES = types.Array(types.float64, 1, "C", readonly=True)
FACE_IMAGE = types.Array(types.int32, 2, "C")
WEIGHT_IMAGE = types.Array(types.float32, 3, "C")
DEPTH_IMAGE = types.Array(types.float32, 2, "C")

SUBPIXELS = 256  # steps of the grid that corners are snapped to, along a pixel
HALF = SUBPIXELS // 2


@compiled(FIXED, SCALES, SCALES, TRIANGLES, types.int64, types.int64, FACE_IMAGE, WEIGHT_IMAGE, DEPTH_IMAGE)
def rasterize_rows(
    corners: NDArray[np.int64],
    depths: NDArray[np.float64],
    inverse_w: NDArray[np.float64],
    faces: NDArray[np.int32],
    first_row: int,
    last_row: int,
    face_image: NDArray[np.int32],
    weight_image: NDArray[np.float32],
    depth_image: NDArray[np.float32],
) -> None:
    """Draw ``faces`` into the rows ``first_row`` up to ``last_row`` of the three images.

    Corners are on an integer grid and a point on an edge belongs to one side only, so that faces which
    share an edge leave neither a gap nor an overlap (J. Pineda, "A parallel algorithm for polygon
    rasterization", 1988).

    Args:
        corners: (N, 2) x to the right and y down, in 1/256 pixel.
        depths: (N,) normalised device depth, smaller is nearer.
        inverse_w: (N,) 1 / w of the clip position; not positive: the vertex is behind the eye.
        faces: (T, 3).
        first_row: where to begin.
        last_row: where to end.
        face_image: (H, W) index of the face, prefilled with -1.
        weight_image: (H, W, 3) perspective-correct barycentric weights.
        depth_image: (H, W) prefilled with infinity.
    """
    width = face_image.shape[1]
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        if inverse_w[a] <= 0.0 or inverse_w[b] <= 0.0 or inverse_w[c] <= 0.0:
            continue
        ax, ay, bx, by = corners[a, 0], corners[a, 1], corners[b, 0], corners[b, 1]
        cx, cy = corners[c, 0], corners[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area == 0:
            continue
        swapped = area < 0
        if swapped:
            b, c = c, b
            bx, by, cx, cy = cx, cy, bx, by
            area = -area
        top = max((min(ay, by, cy) + HALF - 1) // SUBPIXELS, first_row)
        bottom = min((max(ay, by, cy) - HALF) // SUBPIXELS, last_row - 1)
        left = max((min(ax, bx, cx) + HALF - 1) // SUBPIXELS, 0)
        right = min((max(ax, bx, cx) - HALF) // SUBPIXELS, width - 1)
        ties_a = 0 if (cy > by or (cy == by and cx > bx)) else 1
        ties_b = 0 if (ay > cy or (ay == cy and ax > cx)) else 1
        ties_c = 0 if (by > ay or (by == ay and bx > ax)) else 1
        for row in range(top, bottom + 1):
            y = row * SUBPIXELS + HALF
            for column in range(left, right + 1):
                x = column * SUBPIXELS + HALF
                to_a = (cx - bx) * (y - by) - (cy - by) * (x - bx)
                to_b = (ax - cx) * (y - cy) - (ay - cy) * (x - cx)
                to_c = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
                if to_a < ties_a or to_b < ties_b or to_c < ties_c:
                    continue
                weight_a, weight_b, weight_c = to_a / area, to_b / area, to_c / area
                depth = np.float32(weight_a * depths[a] + weight_b * depths[b] + weight_c * depths[c])
                if not depth < depth_image[row, column]:
                    continue
                depth_image[row, column] = depth
                face_image[row, column] = face
                in_a, in_b, in_c = weight_a * inverse_w[a], weight_b * inverse_w[b], weight_c * inverse_w[c]
                total = in_a + in_b + in_c
                weight_image[row, column, 0] = in_a / total
                weight_image[row, column, 2 if swapped else 1] = in_b / total
                weight_image[row, column, 1 if swapped else 2] = in_c / total
