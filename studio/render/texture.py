"""The head's texture from its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

LARGEST = 4096  # pixels on a side; more than this no canvas shows


def read_albedo(model: HeadModel) -> NDArray[np.uint8] | None:
    """The model's sRGB texture (H, W, 3), row 0 at v = 0, or None if it has none that its faces can show.

    Raises:
        StudioError: the file cannot be read as an image.
    """
    if model.albedo is None or model.uv is None or model.uv_faces is None:
        return None
    return read_image(model.albedo)[::-1].copy()


def read_image(path: Path) -> NDArray[np.uint8]:
    """An image file as (H, W, 3) sRGB, reduced to at most 4096 pixels on a side.

    Raises:
        StudioError: it is missing, or no image.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.draft("RGB", (LARGEST, LARGEST))
            picture = image.convert("RGB")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StudioError(
            f"{path.name} cannot be read as an image ({error}); replace it, or choose another shading."
        ) from error
    if max(picture.size) > LARGEST:
        picture.thumbnail((LARGEST, LARGEST))
    return np.asarray(picture)
