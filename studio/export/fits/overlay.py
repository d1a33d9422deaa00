"""Pictures of a fit: the head over its photo with landmarks, and the panels of a film."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.fitting.projection import project
from studio.fitting.reduced import Reduced
from studio.flame.landmark_sets import LandmarkSet, landmark_positions
from studio.render.colours import to_srgb

Picture = NDArray[np.uint8]

GIVEN, FITTED = (64, 224, 96), (255, 72, 96)  # landmarks of the photo, and of the head
CLAY = (0.62, 0.60, 0.58)  # linear light of the head without its skin
_SEEN_THROUGH = 0.6  # opacity
_LIT = np.array((0.35, 0.45, 0.82))  # where the light of the clay comes from: above, towards the camera


def head_over(part: Reduced, has_skin: bool = True) -> Picture:
    """The fitted head over the photo; one whose skin and light were not sought as clay to see through."""
    if has_skin:
        return part.shown.over(part.pixels, _bytes(to_srgb(part.shown.light)))
    behind = part.pixels[part.shown.covered]
    mixed = _SEEN_THROUGH * _clay(part) + (1.0 - _SEEN_THROUGH) * behind
    return part.shown.over(part.pixels, np.rint(mixed).astype(np.uint8))


def albedo_alone(part: Reduced) -> Picture:
    """The head's skin without light."""
    return part.shown.over(_dark(part), _bytes(to_srgb(part.shown.albedo)))


def clay_alone(part: Reduced) -> Picture:
    """The head's shape alone."""
    return part.shown.over(_dark(part), _clay(part))


def skin_alone(part: Reduced) -> Picture:
    """The photo where its skin is seen."""
    return np.rint(part.pixels * (0.15 + 0.85 * part.skin[..., None])).astype(np.uint8)


def with_landmarks(picture: Picture, part: Reduced, surface: Surface, marks: LandmarkSet | None) -> Picture:
    """``picture`` with the photo's landmarks in green and the head's own in red, joined by lines."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(np.ascontiguousarray(picture))
    draw = ImageDraw.Draw(image)
    radius = max(0.004 * max(image.size), 1.5)
    given = part.landmarks
    found = None
    if marks is not None:
        places = landmark_positions(surface.vertices, marks, surface.contour_row)
        found, _ = project(part.camera, places)
    if given is not None and found is not None and len(found) == len(given.points):
        for start, end in zip(given.points[given.known], found[given.known], strict=True):
            draw.line([tuple(start), tuple(end)], fill=(255, 255, 255), width=1)
    if found is not None:
        _dots(draw, found, FITTED, 0.8 * radius)
    if given is not None:
        _dots(draw, given.points[given.known], GIVEN, radius)
    return np.asarray(image)


def _clay(part: Reduced) -> NDArray[np.uint8]:
    shade = 0.25 + 0.75 * np.clip(part.shown.normals @ (_LIT / np.linalg.norm(_LIT)), 0.0, 1.0)
    return _bytes(to_srgb(shade[:, None] * np.array(CLAY)))


def _dots(draw: object, points: NDArray, colour: tuple[int, int, int], radius: float) -> None:
    for x, y in points[np.isfinite(points).all(axis=1)]:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)  # type: ignore[attr-defined]


def _dark(part: Reduced) -> Picture:
    return np.full_like(part.pixels, 24)


def _bytes(values: NDArray) -> NDArray[np.uint8]:
    return np.rint(255.0 * values).astype(np.uint8)
