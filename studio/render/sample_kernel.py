"""Samples of a picture filtered down to its pixels, by a compiled loop; imported on demand, as numba is."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled

Bytes = NDArray[np.uint8]

SAMPLES = types.Array(types.uint8, 3, "A", readonly=True)
PIXELS = types.Array(types.uint8, 3, "A")


@compiled(SAMPLES, types.int64, PIXELS)
def filter_samples(samples: Bytes, factor: int, pixels: Bytes) -> None:
    """Write ``pixels`` (H, W, 4), straight alpha, from premultiplied ``samples`` (H factor, W factor, 4).

    A pixel is the mean of its ``factor`` x ``factor`` samples, 1 to 4 a side, rounded, and then divided by
    its alpha. Means are taken by a product and a shift, which for so few samples gives what dividing does.
    """
    count = factor * factor
    half, share = np.uint32(count // 2), np.uint32(65536 // count + 1)
    for row in range(pixels.shape[0]):
        for column in range(pixels.shape[1]):
            red = green = blue = alpha = half
            for y in range(row * factor, row * factor + factor):
                for x in range(column * factor, column * factor + factor):
                    red += np.uint32(samples[y, x, 0])
                    green += np.uint32(samples[y, x, 1])
                    blue += np.uint32(samples[y, x, 2])
                    alpha += np.uint32(samples[y, x, 3])
            if count > 1:
                red, green = (red * share) >> np.uint32(16), (green * share) >> np.uint32(16)
                blue, alpha = (blue * share) >> np.uint32(16), (alpha * share) >> np.uint32(16)
            if 0 < alpha < 255:
                scale = np.float32(255.0)
                red = min(np.uint32(np.rint(np.float32(red) * scale / np.float32(alpha))), np.uint32(255))
                green = min(np.uint32(np.rint(np.float32(green) * scale / np.float32(alpha))), np.uint32(255))
                blue = min(np.uint32(np.rint(np.float32(blue) * scale / np.float32(alpha))), np.uint32(255))
            pixels[row, column, 0] = red
            pixels[row, column, 1] = green
            pixels[row, column, 2] = blue
            pixels[row, column, 3] = alpha
