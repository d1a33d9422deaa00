"""Textures sampled on the processor as a GPU does: bilinear in the two nearest levels of a pyramid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def build_pyramid(image: NDArray[np.uint8]) -> list[Array]:
    """``image`` (H, W, 3) and its halvings down to one pixel, as float32 in 0..1."""
    levels = [image.astype(np.float32) / 255.0]
    while max(levels[-1].shape[:2]) > 1:
        levels.append(_halved(levels[-1]))
    return levels


def _halved(image: Array) -> Array:
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    if height:
        image = (image[0:height:2] + image[1:height:2]) / 2.0
    if width:
        image = (image[:, 0:width:2] + image[:, 1:width:2]) / 2.0
    return image


def sample(pyramid: list[Array], uv: Array, levels: Array) -> Array:
    """Colours (N, 3) at texture coordinates ``uv`` (N, 2) and fractional ``levels`` (N,); row 0 is v = 0."""
    clipped = np.clip(levels, 0.0, len(pyramid) - 1.0)
    lower = np.floor(clipped).astype(np.intp)
    share = (clipped - lower).astype(np.float32)[:, None]
    result = np.zeros((len(uv), 3), dtype=np.float32)
    for level in np.unique(np.concatenate([lower, np.minimum(lower + 1, len(pyramid) - 1)])):
        for mine, weight in ((lower == level, 1.0 - share), (lower + 1 == level, share)):
            if mine.any():
                result[mine] += weight[mine] * bilinear(pyramid[level], uv[mine])
    return result


def bilinear(image: NDArray, uv: NDArray) -> Array:
    """Colours (N, 3) of ``image`` (H, W, 3), row 0 at v = 0, at ``uv`` (N, 2), between texels linearly."""
    height, width = image.shape[:2]
    x, y = uv[:, 0] * width - 0.5, uv[:, 1] * height - 0.5
    left, top = np.floor(x), np.floor(y)
    right_share, low_share = (x - left)[:, None], (y - top)[:, None]
    columns = [np.clip(left + step, 0, width - 1).astype(np.intp) for step in (0, 1)]
    rows = [np.clip(top + step, 0, height - 1).astype(np.intp) for step in (0, 1)]
    above = image[rows[0], columns[0]] * (1 - right_share) + image[rows[0], columns[1]] * right_share
    below = image[rows[1], columns[0]] * (1 - right_share) + image[rows[1], columns[1]] * right_share
    return above * (1 - low_share) + below * low_share
