"""Landmarks that do not fit their photo: of another size, in other units, swapped; mended where sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from studio.fitting.observation import Box
from studio.fitting.reading.landmark_layouts import FacePoints, mirror_order
from studio.storage.errors import UnfitFileError

Array = NDArray[np.float64]
Size = tuple[int, int]
Mend = Callable[[Array], Array]

USUAL_SIZES = (224, 256, 512, 1024, 2048, 4096)  # of the pictures that detectors are given
_OUT = 0.35  # how far beyond the edge points may be, in shares of the photo: a forehead or chin cut off
# Overlaps with a face that was found: it is there, likely, perhaps, elsewhere
_SURE, _LIKELY, _CLOSE, _APART = 0.45, 0.4, 0.25, 0.05
_BETTER = 1.7  # times the overlap that a guess must have of that without it
_LARGE = 0.15  # share of a side that a face in a picture prepared for a detector has at least
_UPRIGHT = 0.15  # least sine between the line of the eyes and that to the mouth


def fit_size(face: FacePoints, size: Size, found: Sequence[Box], name: str) -> tuple[Mend, str]:
    """How the points come into pixels of a photo of ``size``, and a notice where they were not.

    Args:
        face: points of one face, in any layout.
        size: width and height of the photo.
        found: faces that a detector saw in the photo.
        name: what errors call the file.

    Raises:
        UnfitFileError: they are of another picture, and it is not sure of which.

    """
    known = face.known
    if not len(known):
        raise UnfitFileError(f"{name} has no point that is known; choose another file.")
    whole = np.asarray(size, np.float64)
    low, high = known.min(), known.max()
    if high <= 1.5 and low >= -1.5:
        if low < -0.05:
            return lambda points: (0.5 * points + 0.5) * whole, (
                f"{name} has its points from -1 to 1: they were taken as shares of the photo."
            )
        return lambda points: points * whole, (
            f"{name} has its points from 0 to 1: they were taken as shares of the photo."
        )
    as_is = _overlap(known, found)
    inside = _inside(known, whole)
    if inside and (not found or as_is > _SURE):
        return lambda points: points, ""
    guess = _guessed(known, whole, found, max(_LIKELY if inside else _CLOSE, _BETTER * as_is))
    if guess is not None:
        side, scale = guess
        return lambda points: points * scale, (
            f"{name} has points of a picture of {side} pixels: they were scaled to the photo's "
            f"{size[0]} x {size[1]}."
        )
    if inside:
        return lambda points: points, ""
    raise UnfitFileError(
        f"The points of {name} lie outside of the photo of {size[0]} x {size[1]} pixels; they belong to a "
        "picture of another size, so detect them on this one."
    )


def is_apart(points: Array, found: Sequence[Box]) -> bool:
    """Whether the known points (N, 2) are away from every face that was found."""
    return bool(found) and _overlap(points, found) <= _APART


def _inside(known: Array, whole: Array) -> bool:
    middle = 0.5 * (known.min(axis=0) + known.max(axis=0))
    within = ((known >= -_OUT * whole) & (known <= (1.0 + _OUT) * whole)).all()
    return bool(within and (middle >= 0.0).all() and (middle <= whole).all())


def _guessed(known: Array, whole: Array, found: Sequence[Box], least: float) -> tuple[int, Array] | None:
    """The side of the picture that the points are of, and their scale; None where no guess is the best.

    The photo may have been squeezed into a square or kept its shape. Faces that were found must overlap by
    more than ``least``; without them one size alone must be possible, for a square photo.
    """
    fitting = []
    for side in USUAL_SIZES:
        for scale in _scales(whole, side):
            scaled = known * scale
            if _inside(scaled, whole) and (np.ptp(scaled, axis=0) / whole).max() > _LARGE:
                fitting.append((_overlap(scaled, found), side, scale))
    if found:
        overlap, side, scale = max(fitting, key=lambda one: one[0], default=(0.0, 0, whole))
        return (side, scale) if overlap > least else None
    if whole[0] != whole[1]:
        return None
    tight = [(side, scale) for _, side, scale in fitting if known.max() > 0.45 * side]
    return tight[0] if len(tight) == 1 else None


def _scales(whole: Array, side: int) -> list[Array]:
    """How points of a picture of ``side`` pixels become those of a photo of another size ``whole``."""
    squeezed, kept = whole / side, np.full(2, whole.max() / side)
    scales = [squeezed] if whole[0] == whole[1] else [squeezed, kept]
    return [scale for scale in scales if np.abs(scale - 1.0).max() > 0.01]


def _overlap(known: Array, found: Sequence[Box]) -> float:
    """The largest overlap of the points' box with a face: intersection over union."""
    if not len(known) or not found:
        return 0.0
    (left, top), (right, bottom) = known.min(axis=0), known.max(axis=0)
    best = 0.0
    for a, b, c, d in found:
        across, down = min(right, c) - max(left, a), min(bottom, d) - max(top, b)
        if across > 0.0 and down > 0.0:
            both = across * down
            best = max(best, both / ((right - left) * (bottom - top) + (c - a) * (d - b) - both))
    return float(best)


def mend_arrangement(face: FacePoints, size: Size, found: Sequence[Box], name: str) -> tuple[FacePoints, str]:
    """The 68 points of ``face`` as a face has them, and a notice where they were not so.

    The subject's right eye is on the photo's left when the face is upright, however the photo is turned:
    from the eyes' line the mouth lies clockwise. Points of which this is not so have x and y swapped, y
    upwards, or right and left swapped; which, their directions tell.
    """
    ways = _directions(face)
    if ways is None:
        return face, ""
    eyes, mouth = ways
    turn = eyes[0] * mouth[1] - eyes[1] * mouth[0]
    if turn > -_UPRIGHT:
        return face, ""
    width, height = size
    if eyes[1] > 0.7 and mouth[0] > 0.7 and _inside(face.known[:, ::-1], np.asarray(size, np.float64)):
        return face.moved(face.points[:, ::-1]), f"{name} has x and y swapped: they were swapped back."
    if eyes[0] > 0.7 and mouth[1] < -0.7:
        points = face.points * (1.0, -1.0) + (0.0, height)
        return face.moved(points), f"{name} counts y from the bottom: it was turned over."
    flipped = face.moved(face.points * (-1.0, 1.0) + (width, 0.0))
    if found and _overlap(flipped.known, found) > max(_CLOSE, 2.0 * _overlap(face.known, found)):
        return flipped, f"{name} is of the photo's mirror image: its points were mirrored back."
    order = mirror_order()
    swapped = FacePoints(face.points[order], face.confidence[order])
    return swapped, f"{name} has the right and the left side of the face swapped: they were swapped back."


def _directions(face: FacePoints) -> tuple[Array, Array] | None:
    """Unit vectors from the right to the left eye, and from between them to the mouth; None if unknown."""
    right, left, mouth = (_middle(face, part) for part in (range(36, 42), range(42, 48), range(48, 68)))
    if right is None or left is None or mouth is None:
        return None
    eyes, down = left - right, mouth - 0.5 * (right + left)
    lengths = np.hypot(*eyes), np.hypot(*down)
    if min(lengths) < 1e-6:
        return None
    return eyes / lengths[0], down / lengths[1]


def _middle(face: FacePoints, part: range) -> Array | None:
    known = [index for index in part if face.confidence[index] > 0.0]
    return face.points[known].mean(axis=0) if known else None
