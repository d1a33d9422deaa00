"""Where on a photo the skin of a fitted head is seen, and how sure that is by the colours there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions
from studio.render.colours import to_linear
from studio.render.rasterizer import find_visible

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

NO_SKIN = frozenset(
    (
        *("scalp", "eyeballs", "left_eyeball", "right_eyeball", "boundary", "lashes", "tongue"),
        *("gums", "lower_gums", "upper_gums", "teeth", "lower_teeth", "upper_teeth", "mouth_cavity"),
    )
)
LARGEST = 1024  # pixels of the longer side at which the head is drawn
_DARKEST = 0.003  # linear light below which a colour says nothing
_WIDE = 3.0  # deviations at which a colour counts half
_MAD = 1.4826  # from the median of distances to a standard deviation
_LEAST = 0.03, 0.03, 0.25  # least deviations of the two colours and the brightness, natural logarithms


def skin_faces(model: HeadModel) -> NDArray[np.bool_]:
    """(F,) which faces are skin: not hair, eyes or the inside of the mouth, where ``model`` tells these."""
    other = np.zeros(model.vertex_count, bool)
    for name in NO_SKIN & model.regions.keys():
        other[model.regions[name]] = True
    return np.logical_not(other[model.faces].all(axis=1))


def skin_region(
    model: HeadModel,
    vertices: NDArray[np.float32],
    camera: PhotoCamera,
    pixels: NDArray | None = None,
) -> NDArray[np.float32]:
    """The mask (H, W), 0..1, of the skin that the camera sees of a head.

    Args:
        model: whose faces and regions they are.
        vertices: (V, 3) of the fitted head, metres.
        camera: of the photo, whose size the mask has.
        pixels: (H, W, 3) sRGB of the photo; then what has other colours than most of the skin, such as hair
            or a microphone, counts less.

    """
    width, height = camera.size
    factor = min(1.0, LARGEST / max(width, height))
    small = max(round(width * factor), 1), max(round(height * factor), 1)
    part = camera.cropped(0.0, 0.0, factor, *small)
    seen = find_visible(clip_positions(part, vertices), model.faces, *small).faces
    mask = np.where(seen >= 0, skin_faces(model)[seen], False).astype(np.float32)
    if pixels is not None and mask.any():
        mask *= _likeness(_resized(pixels, small), mask > 0.0)
    return mask if small == camera.size else _stretched(mask, camera.size)


def _likeness(pixels: NDArray, region: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(H, W) 0..1 how like those of most of ``region`` the colours are, by a robust normal distribution."""
    linear = np.maximum(to_linear(pixels), _DARKEST)
    logs = np.log(linear)
    green = logs[..., 1]
    features = np.stack([logs[..., 0] - green, logs[..., 2] - green, green], axis=-1)
    inside = features[region]
    middle = np.median(inside, axis=0)
    spread = np.maximum(_MAD * np.median(np.abs(inside - middle), axis=0), _LEAST)
    distance = (((features - middle) / spread) ** 2).sum(axis=-1)
    return (1.0 / (1.0 + distance / (3.0 * _WIDE**2)) ** 2).astype(np.float32)


def _resized(pixels: NDArray, size: tuple[int, int]) -> NDArray[np.float32]:
    from PIL import Image

    if pixels.dtype != np.uint8:
        pixels = np.clip(pixels * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    if (pixels.shape[1], pixels.shape[0]) != size:
        pixels = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
    return (pixels / np.float32(255.0)).astype(np.float32)


def _stretched(mask: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    from PIL import Image

    return np.array(Image.fromarray(mask).resize(size, Image.Resampling.BILINEAR))
