"""Pictures from strangers: of ordinary formats alone, bounded in size, as three or four bytes a pixel."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError
from studio.storage.upright import eight_bits, in_srgb, upright

# Pillow knows more: among them some that start other programs to be read
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "TGA", "PPM")
LARGEST_SIDE = 4096  # pixels; larger pictures are reduced
MOST_PIXELS = 1 << 27  # of a picture that is decoded whole


def read_picture(
    source: Path | bytes, name: str, mode: Literal["RGB", "RGBA"] = "RGB", advice: str = "choose another one"
) -> NDArray[np.uint8]:
    """A picture (H, W, 3 or 4) sRGB, row 0 at the top, alpha straight, of at most 4096 pixels a side.

    It is upright by its EXIF orientation, and in sRGB by its colour profile.

    Args:
        source: its file, or the bytes of one.
        name: what errors call it.
        mode: with alpha or without.
        advice: what errors tell to do.

    Raises:
        StudioError: it is missing, no picture, or has an absurd number of pixels.

    """
    from PIL import Image, UnidentifiedImageError

    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with Image.open(stream, formats=FORMATS) as image:
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            if image.width * image.height > MOST_PIXELS:
                raise StudioError(f"{name} has {image.width} x {image.height} pixels, too many; {advice}.")
            picture = in_srgb(eight_bits(upright(image)))[0].convert(mode)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StudioError(f"{name} cannot be read as a picture ({error}); {advice}.") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return np.array(picture)
