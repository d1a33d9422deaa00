"""Cutting off what lies before the near plane or far beside the picture; imported on demand."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import TRIANGLES, compiled
from studio.render.rasterizer_kernel import BEHIND, BROKEN, CLIP, CODES, GUARD, SMALLEST_W

POSITION = types.Array(types.float64, 1, "C")
PLANES = 6
MOST_CORNERS = 3 + PLANES  # of a triangle after it was cut by every plane


@compiled(POSITION, types.int64, types.float64, types.float64)
def _distance(position: NDArray[np.float64], plane: int, reach_x: float, reach_y: float) -> float:
    """How far inside of ``plane`` a clip-space ``position`` (4,) lies, in a measure of its own."""
    x, y, z, w = position[0], position[1], position[2], position[3]
    if plane == 0:
        return z + w
    if plane == 1:
        return w - SMALLEST_W
    if plane == 2:
        return reach_x * w - x
    if plane == 3:
        return reach_x * w + x
    if plane == 4:
        return reach_y * w - y
    return reach_y * w + y


@compiled(CLIP, TRIANGLES, CODES, types.float64, types.float64)
def clip_faces(
    clip: NDArray[np.float64],
    faces: NDArray[np.int32],
    codes: NDArray[np.uint8],
    width: float,
    height: float,
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
    """The same surface without what cannot be drawn.

    Faces are cut by the near plane, and by planes so far beside the picture that numbers stay small
    (I. Sutherland and G. Hodgman, "Reentrant polygon clipping", 1974). A cut is always reckoned from
    the inside outwards, so that two faces are cut at the same point of the edge they share. Faces
    with a vertex that is not finite, or a cut that is not, are left out.

    Args:
        clip: (N, 4) clip-space positions.
        faces: (T, 3).
        codes: (N,) of the vertices, as ``place`` fills them.
        width: pixels.
        height: pixels.

    Returns:
        positions (N + K, 4), the first N being ``clip``; faces (M, 3); and for each of them the face
        (M,) that it is, or is a part of, in rising order.
    """
    reach_x, reach_y = 2.0 * GUARD / width, 2.0 * GUARD / height
    crossing = 0
    for face in range(faces.shape[0]):
        if codes[faces[face, 0]] | codes[faces[face, 1]] | codes[faces[face, 2]]:
            crossing += 1
    count = clip.shape[0]
    positions = np.empty((count + MOST_CORNERS * crossing, 4))
    positions[:count] = clip
    parts = np.empty((faces.shape[0] + (MOST_CORNERS - 3) * crossing, 3), dtype=np.int32)
    owners = np.empty(len(parts), dtype=np.int32)
    polygon, cut = np.empty((MOST_CORNERS, 4)), np.empty((MOST_CORNERS, 4))
    drawn = 0
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        codes_a, codes_b, codes_c = codes[a], codes[b], codes[c]
        if not codes_a | codes_b | codes_c:
            parts[drawn] = faces[face]
            owners[drawn] = face
            drawn += 1
            continue
        if (codes_a | codes_b | codes_c) & BROKEN or codes_a & codes_b & codes_c & BEHIND:
            continue
        polygon[0], polygon[1], polygon[2] = clip[a], clip[b], clip[c]
        corners = 3
        for plane in range(PLANES):
            kept = 0
            for corner in range(corners):
                here, there = polygon[corner], polygon[(corner + 1) % corners]
                inside = _distance(here, plane, reach_x, reach_y)
                inside_there = _distance(there, plane, reach_x, reach_y)
                if inside >= 0.0:
                    cut[kept] = here
                    kept += 1
                if (inside >= 0.0) != (inside_there >= 0.0):
                    if inside >= 0.0:
                        share = inside / (inside - inside_there)
                        cut[kept] = here + share * (there - here)
                    else:
                        share = inside_there / (inside_there - inside)
                        cut[kept] = there + share * (here - there)
                    kept += 1
            corners = kept
            polygon[:corners] = cut[:corners]
        for corner in range(2, corners):
            parts[drawn, 0], parts[drawn, 1], parts[drawn, 2] = count, count + corner - 1, count + corner
            owners[drawn] = face
            drawn += 1
        positions[count : count + corners] = polygon[:corners]
        count += corners
    return positions[:count], parts[:drawn], owners[:drawn]
