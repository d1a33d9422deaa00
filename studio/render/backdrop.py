"""What is behind the head: colours from bottom to top, a picture, or a checkerboard for nothing at all."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Colour, Fit, Look
from studio.document.media import Media
from studio.render.camera import Window
from studio.render.media_pictures import media_picture, media_stamp
from studio.storage.errors import StudioError

Array = NDArray[np.float32]
Pixels = NDArray[np.uint8]

BACKGROUND_TOP, BACKGROUND_BOTTOM = 1.13, 0.87  # the soft backdrop's gradient about its colour
SQUARE = 9  # pixels along a square of the checkerboard
CHECKER = (0.34, 0.27)  # greys of its squares


def background_at(look: Look, heights: NDArray) -> Array:
    """SRGB colours (N, 3) of the background at ``heights`` (N,), 0 at the bottom and 1 at the top.

    Under a picture and in place of nothing at all these are the soft backdrop's.
    """
    if look.backdrop.kind == "gradient":
        low, high = np.array(look.backdrop.bottom), np.array(look.backdrop.top)
        return (low + (high - low) * heights[:, None]).astype(np.float32)
    if look.backdrop.kind == "plain":
        return np.tile(np.array(look.background, dtype=np.float32), (len(heights), 1))
    shade = BACKGROUND_BOTTOM + (BACKGROUND_TOP - BACKGROUND_BOTTOM) * heights
    return np.clip(shade[:, None] * np.array(look.background), 0.0, 1.0).astype(np.float32)


def backdrop_picture(look: Look, size: tuple[int, int]) -> Pixels | None:
    """The look's background picture (H, W, 3) sRGB, row 0 at the top, as a picture of ``size`` shows it.

    None: there is none, or it cannot be read; :func:`studio.render.media_pictures.media_fault` tells why.
    """
    if look.backdrop.kind != "picture" or not look.backdrop.picture:
        return None
    picture = look.backdrop.picture
    try:
        return _placed(picture, media_stamp(picture), look.backdrop.fit, look.background, size)
    except StudioError:
        return None


@lru_cache(maxsize=3)
def _placed(
    picture: Media, stamp: tuple[int, int], fit: Fit, background: Colour, size: tuple[int, int]
) -> Pixels:
    """``stamp`` tells pictures apart that were saved under one name."""
    from PIL import Image

    image = Image.fromarray(media_picture(picture))
    width, height = size
    if fit == "stretch":
        wanted = size
    else:
        ratios = (width / image.width, height / image.height)
        scale = max(ratios) if fit == "fill" else min(ratios)
        wanted = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    left, top = (width - wanted[0]) // 2, (height - wanted[1]) // 2
    box = (
        max(-left, 0) * image.width / wanted[0],
        max(-top, 0) * image.height / wanted[1],
        (max(-left, 0) + min(wanted[0], width)) * image.width / wanted[0],
        (max(-top, 0) + min(wanted[1], height)) * image.height / wanted[1],
    )
    inside = (min(wanted[0], width), min(wanted[1], height))
    bounded = tuple(min(edge, limit) for edge, limit in zip(box, (*image.size, *image.size), strict=True))
    resized = image.resize(inside, Image.Resampling.LANCZOS, box=bounded)  # type: ignore[arg-type]
    heights = 1.0 - (np.arange(height) + 0.5) / height
    rows = background_at(Look(background=background), heights)
    canvas = Image.fromarray(np.rint(np.repeat(rows[:, None], width, axis=1) * 255.0).astype(np.uint8))
    canvas.paste(resized, (max(left, 0), max(top, 0)), resized)
    pixels = np.array(canvas)
    pixels.setflags(write=False)
    return pixels


def background_samples(
    look: Look, size: tuple[int, int], window: Window, pixel: int, checkered: bool
) -> Array:
    """SRGB colours (h, w, 3) of the samples of ``window``.

    Args:
        look: whose background it is.
        size: of the whole picture, in samples.
        window: the part of it, in samples; it may reach over the border.
        pixel: samples along one pixel of the picture.
        checkered: show a transparent background as a checkerboard.
    """
    rows, columns = window.y + np.arange(window.height), window.x + np.arange(window.width)
    if checkered and look.backdrop.kind == "transparent":
        odd = (rows[:, None] // (SQUARE * pixel) + columns // (SQUARE * pixel)) % 2
        return np.repeat(np.array(CHECKER, dtype=np.float32)[odd][..., None], 3, axis=2)
    picture = backdrop_picture(look, (size[0] // pixel, size[1] // pixel))
    if picture is not None:
        height, width = picture.shape[:2]
        across = np.clip(columns // pixel, 0, width - 1)
        down = np.clip(rows // pixel, 0, height - 1)
        return picture[down[:, None], across].astype(np.float32) / np.float32(255.0)
    heights = 1.0 - (rows.astype(np.float32) + 0.5) / size[1]
    colours = background_at(look, heights)[:, None]
    return np.broadcast_to(colours, (window.height, window.width, 3)).astype(np.float32)
