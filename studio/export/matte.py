"""Colours under transparent pixels, so that coders which blur colours draw no dark rim around the head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCKS = (8, 64)  # pixels on a side, near and far


def underpaint(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``frame`` (H, W, 4), straight alpha, with its fully transparent pixels in the colour of what is near.

    Transparent pixels are black as they are drawn; coders that keep colours coarser than alpha, or
    frequencies apart, would mix that black into the edge. Near is the mean of the visible pixels of the
    same 8 x 8 block, else of the 64 x 64 block, else of the frame. Alpha and visible pixels stay.
    """
    hidden = frame[..., 3] == 0
    if not hidden.any() or hidden.all():
        return frame
    painted = frame.copy()
    colours = np.where(hidden[..., None], 0, frame[..., :3]).astype(np.float32)
    seen = (~hidden).astype(np.float32)
    mean = colours.sum(axis=(0, 1)) / seen.sum()
    fill = np.broadcast_to(mean, colours.shape).copy()
    for side in reversed(_BLOCKS):
        _lay(fill, colours, seen, side)
    painted[hidden, :3] = np.rint(fill[hidden]).astype(np.uint8)
    return painted


def _lay(fill: NDArray, colours: NDArray, seen: NDArray, side: int) -> None:
    """Fill blocks of ``side`` pixels that hold visible pixels with their mean."""
    rows = np.arange(0, seen.shape[0], side)
    columns = np.arange(0, seen.shape[1], side)
    count = np.add.reduceat(np.add.reduceat(seen, rows, axis=0), columns, axis=1)
    total = np.add.reduceat(np.add.reduceat(colours, rows, axis=0), columns, axis=1)
    mean = total / np.maximum(count, 1.0)[..., None]
    where = np.repeat(np.repeat(count > 0, side, axis=0), side, axis=1)[: seen.shape[0], : seen.shape[1]]
    means = np.repeat(np.repeat(mean, side, axis=0), side, axis=1)[: seen.shape[0], : seen.shape[1]]
    fill[where] = means[where]
