"""Savitzky-Golay smoothing of clips: a polynomial through each window, on the sphere for rotations."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import compose, relative
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import treated
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

LONGEST_WINDOW = 501


def smoothed(clip: Clip, parts: Collection[str], window: int, order: int) -> Clip:
    """``parts`` of ``clip`` smoothed by polynomials of ``order`` over ``window`` frames.

    Savitzky and Golay 1964. At the ends the polynomials of the first and the last whole window are taken.
    Rotations are smoothed in the tangent space of each frame's own rotation, so that a steady turn about
    any axis stays what it is. A window longer than the clip is shortened to it.

    Raises:
        StudioError: the window is even or too long, or the order does not fit it, or a part is none.

    """
    if not (1 <= window <= LONGEST_WINDOW and window % 2 == 1):
        raise StudioError(
            f"A window has an odd number of frames up to {LONGEST_WINDOW}, not {window}; take {window | 1}."
        )
    if not 0 <= order < window:
        raise StudioError(f"A polynomial of order {order} needs a window of more than {order} frames.")
    window = min(window, len(clip) - 1 + len(clip) % 2)
    if window <= order:
        return clip
    starts, weights = _windows(len(clip), window, order)
    return treated(
        clip,
        parts,
        lambda rows: _of_numbers(rows, starts, weights),
        lambda rotations: _of_rotations(rotations, starts, weights),
    )


def _windows(count: int, window: int, order: int) -> tuple[NDArray[np.intp], Array]:
    """Where the window of each frame starts (T,), and the weights of its frames (T, window).

    The weights are a row of the projection onto polynomials: of its middle, but near the ends.
    """
    times = np.arange(window) - window // 2
    powers = np.vander(times / max(window // 2, 1), order + 1, increasing=True)
    projection = powers @ np.linalg.pinv(powers)
    starts = np.clip(np.arange(count) - window // 2, 0, count - window)
    return starts, projection[np.arange(count) - starts]


def _of_numbers(rows: Array, starts: NDArray[np.intp], weights: Array) -> Array:
    made = np.zeros_like(rows)
    for place in range(weights.shape[1]):
        made += weights[:, place, None] * rows[starts + place]
    return made


def _of_rotations(rotations: Array, starts: NDArray[np.intp], weights: Array) -> Array:
    change = np.zeros_like(rotations)
    for place in range(weights.shape[1]):
        change += weights[:, place, None, None] * relative(rotations, rotations[starts + place])
    return compose(rotations, change)
