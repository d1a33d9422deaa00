"""The part of a photo around the face, as a small picture of linear light."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Box, Observation
from studio.flame.texture_spaces import to_linear

MARGIN = 0.06  # of the box's longer side, on every side
INSIDE = 0.999  # of a pixel that must lie on the photo
Pixels = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Crop:
    """A square working picture, and where it lies on the photo."""

    light: Pixels  # (n, n, 3) linear; 0 beyond the photo
    mask: Pixels  # (n, n) 0..1 how sure it is that skin is seen; 0 beyond the photo
    left: int  # pixels of the photo
    top: int
    factor: float  # its pixels for one of the photo

    @property
    def side(self) -> int:
        """N."""
        return len(self.light)

    def camera(self, camera: PhotoCamera) -> PhotoCamera:
        """The camera of this picture where ``camera`` is the photo's."""
        return camera.cropped(self.left, self.top, self.factor, self.side, self.side)


def crop(observation: Observation, box: Box, size: int, margin: float = MARGIN) -> Crop:
    """The square part of the photo around ``box``, at most ``size`` pixels on a side.

    ``margin`` is added on every side, in shares of the box. Light is averaged over the pixels that each
    pixel covers; a part that is smaller stays as it is. Takes little memory beside the photo, of any size.
    """
    longer = max(box[2] - box[0], box[3] - box[1], 2.0)
    side = longer * (1.0 + 2.0 * margin)
    block = max(int(side / (2 * size)), 1)
    cells = math.ceil(side / block)
    left, top = (round((box[k] + box[k + 2] - cells * block) / 2.0) for k in (0, 1))
    light, inside = _blocks(observation.pixels, left, top, block, cells, _light)
    mask = inside
    if observation.mask is not None:
        mask = _blocks(observation.mask[..., None], left, top, block, cells, _same)[0]
    count = min(size, cells)
    light, mask, inside = (_shrunk(part, count) for part in (light, mask, inside))
    covered = mask[..., 0] * (inside[..., 0] >= INSIDE)
    return Crop(light, covered, left, top, count / (cells * block))


def _blocks(
    pixels: NDArray, left: int, top: int, block: int, cells: int, converted: Callable[[NDArray], Pixels]
) -> tuple[Pixels, Pixels]:
    """Means over blocks of pixels (cells, cells, C), and whether each lies on the photo (cells, cells, 1)."""
    height, width, channels = pixels.shape
    means = np.zeros((cells, cells, channels), np.float32)
    inside = np.zeros((cells, cells, 1), np.float32)
    first = max(math.ceil(-left / block), 0)
    last = min((width - left) // block, cells)
    for row in range(max(math.ceil(-top / block), 0), min((height - top) // block, cells)):
        start = top + row * block
        band = converted(pixels[start : start + block, left + first * block : left + last * block])
        means[row, first:last] = band.reshape(block, -1, block, channels).mean(axis=(0, 2))
        inside[row, first:last] = 1.0
    return means, inside


def _shrunk(part: Pixels, count: int) -> Pixels:
    if len(part) == count:
        return part
    import cv2

    small = cv2.resize(part, (count, count), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small.reshape(count, count, -1), np.float32)


def _light(values: NDArray) -> Pixels:
    if values.dtype == np.uint8:
        return _TABLE[values]
    return to_linear(np.clip(values, 0.0, 1.0).astype(np.float64)).astype(np.float32)


def _same(values: NDArray) -> Pixels:
    return values.astype(np.float32)


_TABLE: Pixels = to_linear(np.arange(256) / 255.0).astype(np.float32)
