"""Pictures put together from tiles, each drawn at several samples a pixel and filtered down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from studio.render.annotated import annotate
from studio.render.camera import Window
from studio.render.shot import Cancelled, Image, Shot
from studio.storage.errors import JobCancelled

BORDER = 2  # pixels drawn around each tile and cut off, for lines that are wider than a sample

DrawTile = Callable[[Window], NDArray[np.uint8]]


def take(shot: Shot, draw_tile: DrawTile, tile: int, cancelled: Cancelled) -> Image:
    """The whole picture (H, W, 4) straight alpha.

    Args:
        shot: what is drawn.
        draw_tile: gives premultiplied RGBA (h, w, 4) samples, row 0 at the top, of a window in samples;
            windows may reach over the picture's border.
        tile: the longest side of a framebuffer, in samples.
        cancelled: asked before every tile.

    Raises:
        JobCancelled: ``cancelled`` answered yes.
    """
    from studio.render.sample_kernel import filter_samples

    width, height = shot.size
    picture = np.empty((height, width, 4), dtype=np.uint8)
    for part in tiles(shot.size, tile // shot.factor - 2 * BORDER):
        if cancelled():
            raise JobCancelled
        samples = draw_tile(_with_border(part, shot.factor))
        edge = BORDER * shot.factor
        place = picture[part.y : part.y + part.height, part.x : part.x + part.width]
        filter_samples(samples[edge:-edge, edge:-edge], shot.factor, place)
    annotate(picture, shot)
    return picture


def tiles(size: tuple[int, int], side: int) -> Iterator[Window]:
    """Windows of at most ``side`` pixels that cover a picture of ``size`` once, row by row."""
    width, height = size
    for y in range(0, height, side):
        for x in range(0, width, side):
            yield Window(x, y, min(side, width - x), min(side, height - y))


def _with_border(part: Window, factor: int) -> Window:
    return Window(
        (part.x - BORDER) * factor,
        (part.y - BORDER) * factor,
        (part.width + 2 * BORDER) * factor,
        (part.height + 2 * BORDER) * factor,
    )
