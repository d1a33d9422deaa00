"""The head's texture: a picture from its file, or one that a texture model makes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Texture
from studio.document.media import Media
from studio.flame.model import HeadModel
from studio.flame.teeth import teeth_patch
from studio.flame.textures import PICTURE, source_called, texture_picture
from studio.render.materials import TINTS
from studio.render.media_pictures import media_picture
from studio.storage.pictures import read_picture

NO_CHOICE = Texture()
TEETH = tuple(round(255 * value) for value in TINTS["teeth"])
BLEED = 1  # pixels painted around a patch, which smoothing between pixels brings in

_own: deque[tuple[NDArray[np.uint8], NDArray[np.uint8]]] = deque(maxlen=2)  # as read, and as shown
_painted: WeakKeyDictionary[HeadModel, tuple[NDArray[np.uint8], NDArray[np.uint8]]] = WeakKeyDictionary()


def read_albedo(model: HeadModel, texture: Texture = NO_CHOICE) -> NDArray[np.uint8] | None:
    """The model's sRGB texture (H, W, 3), row 0 at v = 0, or None if it has none that its faces can show.

    Textures of a texture model are remembered: the same choice gives the same object at once, as long
    as few others came between.

    Raises:
        StudioError: a file cannot be read.
    """
    if texture.key == PICTURE and texture.picture and model.uv is not None:
        return _with_teeth(_own_picture(texture.picture), model)
    source = source_called(model, texture.key)
    if source is not None:
        picture = texture_picture(source, model, texture.coefficients if texture.key == source.key else ())
        return _with_teeth(picture, model)
    if model.albedo is None or model.uv is None or model.uv_faces is None:
        return None
    return read_image(model.albedo)[::-1].copy()


def _own_picture(media: Media) -> NDArray[np.uint8]:
    """A picture of the user's own (H, W, 3), row 0 at v = 0; the same object while it is the same file."""
    read = media_picture(media)
    for known, picture in _own:
        if known is read:
            return picture
    _own.appendleft((read, np.ascontiguousarray(read[::-1, :, :3])))
    return _own[0][1]


def _with_teeth(picture: NDArray[np.uint8], model: HeadModel) -> NDArray[np.uint8]:
    """``picture``, painted where only the added teeth show it: published textures know of none."""
    patch = teeth_patch(model)
    if patch is None:
        return picture
    before, painted = _painted.get(model, (None, picture))
    if before is not picture:
        height, width = picture.shape[:2]
        left, right, bottom, top = np.multiply(patch, (width, width, height, height)).round().astype(int)
        painted = picture.copy()
        painted[max(bottom - BLEED, 0) : top + BLEED, left - BLEED : right + BLEED] = TEETH
        _painted[model] = (picture, painted)
    return painted


def without_texture(model: HeadModel) -> HeadModel:
    """The same head with nothing to show on it."""
    return replace(model, albedo=None, textures=())


def read_image(path: Path) -> NDArray[np.uint8]:
    """An image file as (H, W, 3) sRGB, reduced to at most 4096 pixels on a side.

    Raises:
        StudioError: it is missing, or no image.
    """
    return read_picture(path, path.name, advice="replace it, or choose another shading")
