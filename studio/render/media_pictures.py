"""Pictures that the look names: read once, reduced, and remembered until another file is there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media, read_media, refuse_elsewhere
from studio.storage.errors import StudioError
from studio.storage.pictures import read_picture


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
        StudioError: the file is missing, or on another computer.
    """
    if media.content is not None:
        return (0, len(media.content))
    refuse_elsewhere(media)
    try:
        told = Path(media.path).stat()
    except (OSError, ValueError) as error:
        raise StudioError(
            f"{media.name or 'The picture'} is not where it was ({media.path}); choose it again, or another."
        ) from error
    return (told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=4)
def _read(media: Media, stamp: tuple[int, int]) -> NDArray[np.uint8]:
    """``stamp`` tells pictures apart that were saved under one name."""
    pixels = read_picture(read_media(media), media.name, "RGBA")
    pixels.setflags(write=False)
    return pixels
