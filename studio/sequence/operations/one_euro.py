"""The one-euro filter on clips: little lag where things move, little jitter where they rest."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import from_quaternions, slerp, to_quaternions
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import treated
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

SPEED_CUTOFF = 1.0  # hertz, of the filter of the speed: Casiez et al.'s
TURN_UNIT = np.deg2rad(20.0)  # a turn that counts as much as one unit of an expression
LENGTH_UNIT = 0.01  # metres that do


def euro_smoothed(
    clip: Clip, parts: Collection[str], cutoff: float, response: float, both_ways: bool = True
) -> Clip:
    """``parts`` of ``clip`` through the one-euro filter.

    Casiez, Roussel and Vogel 2012, algorithm 1, each number for itself; a joint as a whole, its speed a
    vector of the tangent space and its step along the sphere. Speeds are counted in units of expression,
    20 degrees and centimetres a second.

    Args:
        clip: of T frames.
        parts: what of it.
        cutoff: hertz of the low-pass at rest; lower is smoother.
        response: hertz that the cutoff rises with each unit of speed; higher follows quick motion better.
        both_ways: the middle of the filter from the start and the one from the end, which has no lag.

    Raises:
        StudioError: a setting is out of its range, or a part is none.

    """
    if not (np.isfinite(cutoff) and cutoff > 0.0):
        raise StudioError(f"The cutoff is a frequency above 0 Hz, not {cutoff:g}.")
    if not (np.isfinite(response) and response >= 0.0):
        raise StudioError(f"The response to speed is 0 or more, not {response:g}.")
    if len(clip) == 1:
        return clip
    settings = clip.fps, cutoff, response
    made = clip
    for part in parts:
        unit = LENGTH_UNIT if part in ("translation", "offsets") else 1.0
        straight = partial(_of_numbers, settings=settings, unit=unit, both_ways=both_ways)
        turning = partial(_of_rotations, settings=settings, both_ways=both_ways)
        made = treated(made, [part], straight, turning)
    return made


Settings = tuple[float, float, float]


def _of_numbers(rows: Array, settings: Settings, unit: float, both_ways: bool) -> Array:
    from studio.sequence.operations.one_euro_kernel import filter_numbers  # numba, when it is needed

    def filtered(values: Array) -> Array:
        made = np.empty_like(values)
        filter_numbers(np.ascontiguousarray(values), *settings, SPEED_CUTOFF, unit, made)
        return made

    ahead = filtered(rows)
    return 0.5 * (ahead + filtered(rows[::-1])[::-1]) if both_ways else ahead


def _of_rotations(rotations: Array, settings: Settings, both_ways: bool) -> Array:
    from studio.sequence.operations.one_euro_kernel import filter_rotations

    def filtered(values: Array) -> Array:
        made = np.empty_like(values)
        filter_rotations(np.ascontiguousarray(values), *settings, SPEED_CUTOFF, TURN_UNIT, made)
        return from_quaternions(made)

    quaternions = to_quaternions(rotations)
    ahead = filtered(quaternions)
    if not both_ways:
        return ahead
    back = filtered(quaternions[::-1])[::-1]
    return slerp(ahead, back, np.full(ahead.shape[:-1], 0.5))
