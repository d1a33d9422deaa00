"""Triangles to pixels on the processor: which face each pixel shows, how deep, and where on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.backends.processors import processor_count
from studio.render.threads import share_out

BAND = 64  # rows that one thread draws at a time
WORTH_SHARING = 1 << 16  # pixels; below them, waking other threads takes longer than drawing


@dataclass(frozen=True, eq=False)
class Visible:
    """Which face each pixel of a picture (H, W) shows."""

    faces: NDArray[np.int32]  # (H, W) index of the face, -1 where there is none
    depths: NDArray[np.float32]  # (H, W) normalised device depth, infinity where there is no face


@dataclass(frozen=True, eq=False)
class Fragments(Visible):
    """What each pixel of a picture (H, W) shows."""

    weights: NDArray[np.float32]  # (H, W, 3) perspective-correct barycentric weights of the face's corners


def rasterize(
    clip: NDArray[np.float64],
    faces: NDArray[np.int32],
    width: int,
    height: int,
    *,
    cull: bool = False,
    threads: int | None = None,
) -> Fragments:
    """As :func:`find_visible`, with barycentric weights; they are 0 where there is no face."""
    clip, faces = _checked(clip, faces, width, height)
    seen = _find_visible(clip, faces, width, height, cull, threads)
    return Fragments(seen.faces, seen.depths, _weights(clip, faces, seen.faces, threads))


def find_visible(
    clip: NDArray[np.float64],
    faces: NDArray[np.int32],
    width: int,
    height: int,
    *,
    cull: bool = False,
    threads: int | None = None,
) -> Visible:
    """Draw ``faces`` (T, 3) over clip-space positions ``clip`` (N, 4), nearest wins.

    A pixel shows what is at its centre. Faces that share an edge leave no gap and do not overlap; what
    lies before the near plane, z < -w, is cut off; faces with a vertex that is not finite are left out.
    There is no far plane. The result does not depend on the number of threads.

    Args:
        clip: x to the right, y up; w is positive before the eye.
        faces: counter-clockwise seen from the front.
        width: pixels.
        height: pixels.
        cull: leave out faces that are seen from behind.
        threads: how many may draw; None: as many as there are processors.

    Raises:
        ValueError: a shape is wrong, or an index is not below N.
    """
    return _find_visible(*_checked(clip, faces, width, height), width, height, cull, threads)


def _checked(
    clip: NDArray[np.float64], faces: NDArray[np.int32], width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    positions = np.ascontiguousarray(clip, dtype=np.float64)
    triangles = np.ascontiguousarray(faces, dtype=np.int32)
    if positions.ndim != 2 or positions.shape[1] != 4 or triangles.ndim != 2 or triangles.shape[1] != 3:
        raise ValueError(
            f"Positions are (N, 4) and faces (T, 3), not {positions.shape} and {triangles.shape}."
        )
    if width < 1 or height < 1:
        raise ValueError(f"A picture has at least one pixel, not {width}x{height}.")
    if triangles.view(np.uint32).max(initial=0) >= max(len(positions), 1):
        raise ValueError(f"A face names a vertex that is none of the {len(positions)}.")
    return positions, triangles


def _find_visible(
    clip: NDArray[np.float64],
    faces: NDArray[np.int32],
    width: int,
    height: int,
    cull: bool,
    threads: int | None,
) -> Visible:
    from studio.render.rasterizer_kernel import draw_rows, list_visible, place, sort_into_bands

    owners = _numbers(len(faces))
    places, codes = np.empty((len(clip), 3)), np.empty(len(clip), dtype=np.uint8)
    if place(clip, width, height, places, codes):
        from studio.render.clipping_kernel import clip_faces

        clip, faces, owners = clip_faces(clip, faces, codes, width, height)
        places, codes = np.empty((len(clip), 3)), np.empty(len(clip), dtype=np.uint8)
        place(clip, width, height, places, codes)
    listed, boxes = np.empty(len(faces), dtype=np.int32), np.empty((len(faces), 4), dtype=np.int32)
    count = list_visible(places, faces, width, height, cull, listed, boxes)
    seen = Visible(
        np.full((height, width), -1, dtype=np.int32), np.full((height, width), np.inf, dtype=np.float32)
    )
    workers = _workers(width * height, threads)
    rows = height if workers == 1 else BAND
    if workers == 1:
        starts, members = np.array([0, count], dtype=np.int32), _numbers(len(faces))
    else:
        starts = np.zeros(math.ceil(height / rows) + 1, dtype=np.int32)
        members = sort_into_bands(boxes, count, rows, starts)

    def draw(band: int) -> None:
        mine = members[starts[band] : starts[band + 1]]
        first, last = band * rows, min((band + 1) * rows, height)
        draw_rows(places, faces, owners, listed, boxes, mine, first, last, seen.faces, seen.depths)

    share_out(draw, len(starts) - 1, workers)
    return seen


def _weights(
    clip: NDArray[np.float64], faces: NDArray[np.int32], shown: NDArray[np.int32], threads: int | None
) -> NDArray[np.float32]:
    from studio.render.rasterizer_kernel import weigh_rows

    height, width = shown.shape
    weights = np.zeros((height, width, 3), dtype=np.float32)

    def weigh(band: int) -> None:
        weigh_rows(clip, faces, shown, band * BAND, min((band + 1) * BAND, height), weights)

    share_out(weigh, math.ceil(height / BAND), _workers(width * height, threads))
    return weights


def _workers(pixels: int, threads: int | None) -> int:
    if threads is None:
        return processor_count() if pixels >= WORTH_SHARING else 1
    return max(threads, 1)


@lru_cache(maxsize=8)  # counts of clipped faces differ from picture to picture
def _numbers(count: int) -> NDArray[np.int32]:
    numbers = np.arange(count, dtype=np.int32)
    numbers.setflags(write=False)
    return numbers
