"""Lines, words and scales drawn into a finished picture, the same for every renderer."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.render.annotations import GROUND, Bar, Line, Mark, Words, annotations_of, picture_unit
from studio.render.shot import Image, Shot

FIELD = 0.62  # opacity of the field behind words
HALO = 1.0  # units of dark beside a line
_PADDING = (0.5, 0.28)  # of the font's size, beside and above words


def annotate(picture: Image, shot: Shot) -> None:
    """Draw what ``shot`` shows over its head into ``picture`` (H, W, 4) straight alpha, in place."""
    unit = picture_unit(shot.size)
    for mark in annotations_of(shot.extras, shot.camera, shot.size, unit):
        _draw(picture, mark, unit)


def _draw(picture: Image, mark: Mark, unit: float) -> None:
    if isinstance(mark, Line):
        _line(picture, mark, mark.width / 2.0 + HALO * unit, GROUND, 0.4)
        _line(picture, mark, mark.width / 2.0, mark.colour, 1.0)
    elif isinstance(mark, Bar):
        _bar(picture, mark)
    else:
        _words(picture, mark)


def _line(picture: Image, line: Line, radius: float, colour: tuple[int, int, int], opacity: float) -> None:
    """A stroke with round ends, its border one pixel soft."""
    start, end = np.array(line.start), np.array(line.end)
    reach = radius + 1.0
    low, high = np.minimum(start, end) - reach, np.maximum(start, end) + reach
    (left, top), (right, bottom) = _clipped(picture, low, high)
    if left >= right or top >= bottom:
        return
    x, y = np.arange(left, right) + 0.5 - start[0], np.arange(top, bottom)[:, None] + 0.5 - start[1]
    along = end - start
    square = max(float(along @ along), 1e-12)
    share = np.clip((x * along[0] + y * along[1]) / square, 0.0, 1.0)
    distance = np.hypot(x - share * along[0], y - share * along[1])
    cover = opacity * np.clip(radius + 0.5 - distance, 0.0, 1.0)
    _blend(picture[top:bottom, left:right], np.array(colour, dtype=np.float64), cover)


def _bar(picture: Image, bar: Bar) -> None:
    corner, size = np.array(bar.corner), np.array(bar.size)
    (left, top), (right, bottom) = _clipped(picture, corner, corner + size)
    rows = np.arange(top, bottom) + 0.5 - corner[1]
    shares = np.clip(1.0 - rows / max(size[1], 1e-9), 0.0, 1.0)
    colours = bar.colours[np.rint(shares * (len(bar.colours) - 1)).astype(int)]
    patch = picture[top:bottom, left:right]
    patch[..., :3] = colours[:, None]
    patch[..., 3] = 255


def _words(picture: Image, words: Words) -> None:
    ink = _ink(words.text, max(round(words.size), 6))
    height, width = ink.shape
    aside, above = (math.ceil(share * words.size) for share in _PADDING)
    whole = width + 2 * aside
    x = words.place[0] - {"left": 0.0, "middle": 0.5, "right": 1.0}[words.anchor] * whole
    left, top = round(x), round(words.place[1] - height / 2.0) - above
    cover = np.full((height + 2 * above, whole), FIELD)
    letters = np.zeros_like(cover)
    letters[above : above + height, aside : aside + width] = ink
    (first, upper), (last, lower) = _clipped(
        picture, np.array([left, top]), np.array([left + whole, top + cover.shape[0]])
    )
    part = (slice(upper - top, lower - top), slice(first - left, last - left))
    if first < last and upper < lower:
        patch = picture[upper:lower, first:last]
        _blend(patch, np.array(GROUND, dtype=np.float64), cover[part])
        _blend(patch, np.array(words.colour, dtype=np.float64), letters[part])


def _clipped(
    picture: Image, low: NDArray[np.floating], high: NDArray[np.floating]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The pixels between two corners that lie in the picture."""
    height, width = picture.shape[:2]
    left, top = (min(max(math.floor(value), 0), end) for value, end in zip(low, (width, height), strict=True))
    right, bottom = (
        min(max(math.ceil(value), 0), end) for value, end in zip(high, (width, height), strict=True)
    )
    return (left, top), (right, bottom)


def _blend(patch: Image, colour: NDArray[np.float64], cover: NDArray[np.float64]) -> None:
    """Compose ``colour`` (3,) with ``cover`` (h, w), 0..1, over straight alpha, in place."""
    alpha = patch[..., 3] / 255.0
    whole = cover + alpha * (1.0 - cover)
    share = np.where(whole > 0.0, cover / np.maximum(whole, 1e-9), 0.0)[..., None]
    patch[..., :3] = np.rint(patch[..., :3] * (1.0 - share) + colour * share).astype(np.uint8)
    patch[..., 3] = np.rint(whole * 255.0).astype(np.uint8)


@lru_cache(maxsize=256)
def _ink(text: str, size: int) -> NDArray[np.float64]:
    """How much of each pixel (h, w) the letters cover, 0..1, from ascender to descender."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    font: Any = ImageFont.load_default(size)
    ascent, descent = font.getmetrics()
    sheet = Pillow.new("L", (math.ceil(font.getlength(text)) + 1, ascent + descent))
    ImageDraw.Draw(sheet).text((0, ascent), text, 255, font, anchor="ls")
    ink: NDArray[np.float64] = np.asarray(sheet) / 255.0
    ink.setflags(write=False)
    return ink
