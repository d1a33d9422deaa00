"""The numbers of landmarks beside their points: what is written where, in which size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.look import Look
from studio.flame.landmark_sets import landmark_positions, shown_set
from studio.flame.model import HeadModel
from studio.render.camera import project
from studio.render.markers import LANDMARK_RADIUS, SMALLEST_RADIUS
from studio.render.visibility import seen_landmarks

Array = NDArray[np.float32]

HEIGHT = 0.0155  # of a digit, as a share of the picture's height
SMALLEST_HEIGHT = 9.0  # pixels
ADVANCE = 0.74  # from digit to digit, in digit heights
SPACE = 0.4  # at least between two numbers side by side, in digit heights, or they would read as one
GAP = 0.34  # between a point's disc and its number, in digit heights
STROKE, HALO = 0.062, 0.17  # half widths of the strokes and of the dark rim around them, in digit heights
NUMBER_COLOUR = (0.96, 0.97, 1.0)
HALO_COLOUR = (0.07, 0.08, 0.09)
HALO_ALPHA = 0.8


@dataclass(frozen=True, eq=False)
class Numbers:
    """D digits; those of one number stand side by side."""

    points: Array  # (D, 3) metres, of the landmark
    offsets: Array  # (D, 2) samples from its place in the picture to the middle of the digit, right and down
    digits: Array  # (D,) 0..9
    height: float  # of a digit, in samples

    @property
    def count(self) -> int:
        """D."""
        return len(self.points)


def numbers_of(
    model: HeadModel, surface: Surface, look: Look, camera: Camera, size: tuple[int, int], pixel: int
) -> Numbers:
    """The numbers that ``look`` asks for, in a picture of ``size`` samples, ``pixel`` of them along a pixel.

    A number stands on the side of its point that is turned away from the middle of its part of the
    face. Points behind the head have none. Where numbers would overlap only the smallest is written;
    from nearer by there is room for all.
    """
    height = max(HEIGHT * size[1], SMALLEST_HEIGHT * pixel)
    marks = shown_set(model, look.landmark_set)
    seen = None if marks is None else seen_landmarks(model, surface, marks, camera)
    if marks is None or seen is None or not seen.any():
        nothing = np.zeros((0, 3), np.float32)
        return Numbers(nothing, nothing[:, :2], nothing[:, 0], height)
    points = landmark_positions(surface.vertices, marks, surface.contour_row)
    texts = [str(landmark.index) for landmark in marks.landmarks]
    lengths = np.array([len(text) for text in texts])
    halves = np.stack([lengths * (ADVANCE / 2.0), np.full(len(texts), 0.5)], axis=1) * height
    places = project(points, camera, size)[:, :2]
    away = _away(places, [landmark.region for landmark in marks.landmarks], pixel)
    radius = max(LANDMARK_RADIUS * size[1], SMALLEST_RADIUS * pixel)
    offsets = away * (radius + GAP * height + halves)
    room = halves + np.array([SPACE / 2.0, 0.0]) * height
    written = _apart(places + offsets, room, np.flatnonzero(seen))
    owners = np.repeat(written, lengths[written])
    slots = np.concatenate([np.arange(lengths[index]) - (lengths[index] - 1) / 2.0 for index in written])
    shifts = np.stack([slots * (ADVANCE * height), np.zeros(len(slots))], axis=1)
    return Numbers(
        points=points[owners],
        offsets=(offsets[owners] + shifts).astype(np.float32),
        digits=np.array([int(digit) for index in written for digit in texts[index]], np.float32),
        height=height,
    )


def _away(places: NDArray[np.float64], regions: list[str], pixel: int) -> NDArray[np.float64]:
    """Directions (L, 2) from the middle of each place's region to the place; to the right for none."""
    _, owners = np.unique(regions, return_inverse=True)
    counts = np.bincount(owners)[:, None]
    sums = np.stack([np.bincount(owners, places[:, axis]) for axis in (0, 1)], axis=1)
    offset = places - (sums / counts)[owners]
    length = np.linalg.norm(offset, axis=1, keepdims=True)
    directions: NDArray[np.float64] = np.where(length > pixel, offset / np.maximum(length, 1e-12), (1.0, 0.0))
    return directions


def _apart(middles: NDArray[np.float64], halves: NDArray[np.float64], order: NDArray[np.intp]) -> list[int]:
    """Which boxes, taken in ``order``, overlap none that was taken before."""
    taken: list[int] = []
    for index in order.tolist():
        gap = np.abs(middles[taken] - middles[index]) - halves[taken] - halves[index]
        if not (gap < 0.0).all(axis=1).any():
            taken.append(index)
    return taken
