"""The document's reference as an observation: photo, points, face, mask and lens, read anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media, read_media, refuse_elsewhere
from studio.document.photo_camera import focal_of_lens
from studio.document.reference import PhotoPoint, Reference
from studio.fitting.observation import Box, Landmarks2D, Observation
from studio.fitting.reading.masks import read_mask
from studio.fitting.reading.photos import Photo, open_photo
from studio.storage.errors import StudioError


def reference_observation(reference: Reference) -> Observation:
    """What is known of the photo of ``reference``.

    Raises:
        StudioError: there is no photo, or photo or mask cannot be read.

    """
    if not reference:
        raise StudioError("There is no photo to fit to; open one first.")
    photo = _read(reference.picture)
    width, height = photo.size
    focal = focal_of_lens(reference.lens, width, height) if reference.lens > 0.0 else photo.focal
    return Observation(
        reference.picture.name,
        photo.pixels,
        landmarks_of(reference.points),
        _mask(reference.mask, (width, height)) if reference.mask else None,
        _box(reference.box),
        focal,
    )


def landmarks_of(points: tuple[PhotoPoint, ...]) -> Landmarks2D | None:
    """``points`` with no confidence where they are hidden; None where there are none."""
    if not points:
        return None
    places = np.array([(point.x, point.y) for point in points])
    confidence = np.array([0.0 if point.hidden else point.confidence for point in points])
    return Landmarks2D(places, confidence)


def _box(box: tuple[float, ...]) -> Box | None:
    if len(box) != 4:
        return None
    left, top, right, bottom = box
    return left, top, right, bottom


def _read(media: Media) -> Photo:
    """The photo, from its file where it is not carried along, so that only as much is read as is needed."""
    refuse_elsewhere(media)
    if media.content is None and not media.is_missing:
        return open_photo(Path(media.path), media.name)
    return open_photo(read_media(media), media.name)


def _mask(media: Media, size: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W) 0..1 for a photo of ``size``."""
    refuse_elsewhere(media)
    if media.content is None and not media.is_missing:
        return read_mask(Path(media.path), size, media.name).values
    return read_mask(read_media(media), size, media.name).values
