"""The painted mask of a photo: where skin is seen, as numbers and as the picture the document keeps."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media

Mask = NDArray[np.uint8]  # (h, w) 0..255, of the photo's shape and perhaps smaller

LONGEST = 1536  # pixels of the longer side of a painted mask; a fit looks at fewer
PAINTED, OF_HEAD = "painted mask.png", "skin of the head.png"
Place = tuple[float, float]  # in pixels of the mask


def mask_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of a painted mask for a photo of that size."""
    factor = min(1.0, LONGEST / max(width, height))
    return max(round(width * factor), 1), max(round(height * factor), 1)


def as_media(mask: Mask, name: str = PAINTED) -> Media:
    """``mask`` as a grey picture that is carried along under ``name``."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(mask).save(stream, "PNG", compress_level=3)
    return Media(name, stream.getvalue())


def stroke(
    mask: Mask, start: Place, end: Place, radius: float, erases: bool, softness: float = 0.5
) -> tuple[slice, slice]:
    """Draw a brush from ``start`` to ``end`` into ``mask``; the rows and columns that may be different now.

    Going over the same place again changes nothing: what is there already stays where it is stronger.

    Args:
        mask: is changed in place.
        start: x, y, of its first place.
        end: of its last one.
        radius: in pixels of the mask.
        erases: take away in place of adding.
        softness: the share of the radius in which the brush fades from whole to nothing.

    """
    height, width = mask.shape
    reach = radius + 1.0
    left, right = (int(f) for f in (min(start[0], end[0]) - reach, max(start[0], end[0]) + reach + 1.0))
    top, bottom = (int(f) for f in (min(start[1], end[1]) - reach, max(start[1], end[1]) + reach + 1.0))
    rows = slice(min(max(top, 0), height), min(max(bottom, 0), height))
    columns = slice(min(max(left, 0), width), min(max(right, 0), width))
    part = mask[rows, columns]
    if part.size == 0:
        return rows, columns
    y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + np.float32(0.5)
    x = np.arange(columns.start, columns.stop, dtype=np.float32) + np.float32(0.5)
    strength = np.rint(255.0 * _brush(x, y, start, end, radius, softness)).astype(np.uint8)
    part[...] = np.minimum(part, 255 - strength) if erases else np.maximum(part, strength)
    return rows, columns


def _brush(x: NDArray, y: NDArray, start: Place, end: Place, radius: float, softness: float) -> NDArray:
    """How strongly a brush that went straight from ``start`` to ``end`` covers the places ``x``, ``y``."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across**2 + down**2
    along = ((x - start[0]) * across + (y - start[1]) * down) / max(length, 1e-12)
    along = np.clip(along, 0.0, 1.0)
    distance = np.hypot(x - (start[0] + along * across), y - (start[1] + along * down))
    fade = max(softness * radius, 1.0)
    share = np.clip((radius - distance) / fade, 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def inverted(mask: Mask) -> Mask:
    """What was not marked."""
    return 255 - mask


def covered(mask: Mask) -> float:
    """The share of the photo that is marked, 0..1."""
    return float(mask.mean()) / 255.0 if mask.size else math.nan
