"""The head's texture: a picture from its file, or one that a texture model makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.flame.textures import source_called, texture_picture
from studio.storage.errors import StudioError

NO_CHOICE = Texture()
LARGEST = 4096  # pixels on a side; more than this no canvas shows


def read_albedo(model: HeadModel, texture: Texture = NO_CHOICE) -> NDArray[np.uint8] | None:
    """The model's sRGB texture (H, W, 3), row 0 at v = 0, or None if it has none that its faces can show.

    Textures of a texture model are remembered: the same choice gives the same object at once, as long
    as few others came between.

    Raises:
        StudioError: a file cannot be read.
    """
    source = source_called(model, texture.key)
    if source is not None:
        return texture_picture(source, model, texture.coefficients if texture.key == source.key else ())
    if model.albedo is None or model.uv is None or model.uv_faces is None:
        return None
    return read_image(model.albedo)[::-1].copy()


def without_texture(model: HeadModel) -> HeadModel:
    """The same head with nothing to show on it."""
    return replace(model, albedo=None, textures=())


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
