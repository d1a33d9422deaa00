"""Pictures that the look names: read once, reduced, and remembered until another file is there."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media
from studio.storage.errors import StudioError

LARGEST = 4096  # pixels on a side
MOST_BYTES = 256 << 20


def media_picture(media: Media) -> NDArray[np.uint8]:
    """The picture (H, W, 4) sRGB with straight alpha, row 0 at the top, of at most 4096 pixels a side.

    Raises:
        StudioError: it is missing, or no picture.
    """
    return _read(media, media_stamp(media))


def media_fault(media: Media) -> str:
    """Why the picture cannot be shown, in one sentence; empty where it can, or where none was chosen."""
    if not media:
        return ""
    try:
        media_picture(media)
    except StudioError as error:
        return str(error)
    return ""


def media_stamp(media: Media) -> tuple[int, int]:
    """What tells another file under the same name.

    Raises:
        StudioError: the file is missing.
    """
    if media.content is not None:
        return (0, len(media.content))
    try:
        told = Path(media.path).stat()
    except OSError as error:
        raise StudioError(
            f"{media.name or 'The picture'} is not where it was ({media.path}); choose it again, or another."
        ) from error
    return (told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=4)
def _read(media: Media, stamp: tuple[int, int]) -> NDArray[np.uint8]:
    from PIL import Image, UnidentifiedImageError

    if stamp[1] > MOST_BYTES:
        raise StudioError(f"{media.name} has more than {MOST_BYTES >> 20} MB; choose a smaller picture.")
    source = Path(media.path) if media.content is None else io.BytesIO(media.content)
    try:
        with Image.open(source) as image:
            image.draft("RGB", (LARGEST, LARGEST))
            picture = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StudioError(
            f"{media.name or 'The picture'} cannot be read as a picture ({error}); choose another one."
        ) from error
    picture.thumbnail((LARGEST, LARGEST))
    pixels = np.array(picture)
    pixels.setflags(write=False)
    return pixels
