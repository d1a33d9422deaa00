"""A fit at a smaller size, for pictures and numbers that need no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.reading.skin import skin_region
from studio.fitting.shown import Shown, show
from studio.fitting.state import FitState
from studio.flame.model import HeadModel

LARGEST = 1600  # pixels of the longer side


@dataclass(frozen=True, eq=False)
class Reduced:
    """A photo and the head on it at a size that fits a screen."""

    pixels: NDArray[np.uint8]  # (H, W, 3)
    camera: PhotoCamera
    skin: NDArray[np.float32]  # (H, W) 0..1: of the head, within the photo's mask
    shown: Shown
    landmarks: Landmarks2D | None
    factor: float = 1.0  # pixels here for one of the photo


def reduced(
    model: HeadModel,
    surface: Surface,
    state: FitState,
    observation: Observation,
    largest: int = LARGEST,
    part: tuple[float, float, float, float] | None = None,
) -> Reduced:
    """The photo of ``observation``, or the ``part`` (left, top, right, bottom) of it, with the fitted head.

    Its longer side has at most ``largest`` pixels; of a part it has exactly as many.
    """
    left, top, right, bottom = part or (0.0, 0.0, *map(float, observation.size))
    longer = max(right - left, bottom - top)
    factor = largest / longer if part else min(1.0, largest / longer)
    size = max(round((right - left) * factor), 1), max(round((bottom - top) * factor), 1)
    box = left, top, left + size[0] / factor, top + size[1] / factor
    camera = state.camera.cropped(left, top, factor, *size)
    skin = skin_region(model, surface.vertices, camera)
    if observation.mask is not None:
        skin = skin * _cut(observation.mask, box, size)
    landmarks = observation.landmarks
    if landmarks is not None:
        moved = (landmarks.points - (left, top)) * factor
        landmarks = Landmarks2D(moved, landmarks.confidence, landmarks.set_name)
    pixels = _eight_bits(observation.pixels)
    shown = show(model, surface, state, camera)
    return Reduced(_cut(pixels, box, size), camera, skin, shown, landmarks, factor)


def _cut(picture: NDArray, box: tuple[float, float, float, float], size: tuple[int, int]) -> NDArray:
    """The part of ``picture`` in ``box`` at ``size``; what is beyond its edge is black."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(picture))
    if box == (0.0, 0.0, *map(float, image.size)) and size == image.size:
        return picture
    if box[0] < 0.0 or box[1] < 0.0 or box[2] > image.width or box[3] > image.height:
        whole = (int(np.floor(box[0])), int(np.floor(box[1])), int(np.ceil(box[2])), int(np.ceil(box[3])))
        image = image.crop(whole)
        box = box[0] - whole[0], box[1] - whole[1], box[2] - whole[0], box[3] - whole[1]
    way = Image.Resampling.BOX if (box[2] - box[0]) > size[0] else Image.Resampling.BILINEAR
    return np.asarray(image.resize(size, way, box=box))


def _eight_bits(pixels: NDArray) -> NDArray[np.uint8]:
    if pixels.dtype == np.uint8:
        return pixels
    return np.clip(pixels * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
