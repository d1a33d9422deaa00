"""Triangles to pixels on the processor: which face each pixel shows, and where on it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BAND = 64  # rows that one thread draws at a time


@dataclass(frozen=True, eq=False)
class Fragments:
    """What each pixel of a picture (H, W) shows."""

    faces: NDArray[np.int32]  # (H, W) index of the face, -1 where there is none
    weights: NDArray[np.float32]  # (H, W, 3) perspective-correct barycentric weights of its corners
    depths: NDArray[np.float32]  # (H, W) normalised device depth, infinity where there is no face


def rasterize(clip: NDArray[np.float64], faces: NDArray[np.int32], width: int, height: int) -> Fragments:
    """Draw ``faces`` (T, 3) over clip-space positions ``clip`` (N, 4), nearest wins, both sides seen.

    Faces that share an edge leave no gap. A face with a corner behind the eye is left out. Row bands
    are drawn on all processors; the result does not depend on how many there are.
    """
    from studio.render.rasterizer_kernel import SUBPIXELS, rasterize_rows

    w = clip[:, 3]
    inverse_w = np.where(w > 1e-9, 1.0 / np.where(w > 1e-9, w, 1.0), 0.0)
    device = clip[:, :3] * inverse_w[:, None]
    on_picture = (device[:, :2] * (0.5, -0.5) + 0.5) * (width, height)
    limit = float(1 << 22)  # far outside any picture, and its products still fit 64 bits
    corners = np.rint(np.clip(on_picture, -limit, limit) * SUBPIXELS).astype(np.int64)
    depths = np.ascontiguousarray(device[:, 2])
    found = Fragments(
        np.full((height, width), -1, dtype=np.int32),
        np.zeros((height, width, 3), dtype=np.float32),
        np.full((height, width), np.inf, dtype=np.float32),
    )
    triangles = np.ascontiguousarray(faces, dtype=np.int32)

    def draw(first: int) -> None:
        last = min(first + BAND, height)
        rasterize_rows(
            corners, depths, inverse_w, triangles, first, last, found.faces, found.weights, found.depths
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(draw, range(0, height, BAND)))
    return found
