"""Finding and mending frames that jump away and back: tracking errors, lost frames, numbers that are none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import compose, relative, slerp
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import treated
from studio.storage.errors import StudioError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAD_TO_DEVIATION = 1.4826  # of normal noise: Hampel 1974
# What is nearer to the middle of its neighbours than this is no spike, however still they are.
LEAST_TURN = np.deg2rad(0.5)
LEAST_NUMBER, LEAST_LENGTH = 0.02, 0.0005  # units of expression; metres
_LENGTHS = ("translation", "offsets")
_REFINEMENTS = 4  # steps of Weiszfeld's from the middle one of some rotations
_ABRUPT = 0.6  # of how far a spike is off: the least step to it, and back
_FEWEST = 5  # frames in which a spike can be told


@dataclass
class Spikes:
    """How many spikes were mended, by part."""

    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def despiked(
    clip: Clip, parts: Collection[str], window: int, threshold: float, longest: int
) -> tuple[Clip, Spikes]:
    """``parts`` of ``clip`` without spikes, and how many there were.

    Each frame is held against the middles between the frames before and after it at equal distances, up to
    the ends of the ``window``, so that steady motion does not count. A number that is farther from their
    median than ``threshold`` deviations of that distance is off, where a deviation is told by the median
    distance within the window (Hampel 1974). A joint is taken as a whole, by angles on the sphere and the
    geometric median of its rotations (Weiszfeld's algorithm: Hartley, Aftab and Trumpf 2011).

    What is off for at most ``longest`` frames, and is gone to and come back from at once, is a spike and is
    mended from the frames before and after; all else is motion, as a blink is. Numbers that are not finite
    are spikes of any length.

    Raises:
        StudioError: a setting is out of its range, a part is none, or a channel has no good frame.

    """
    if not (5 <= window <= 99 and window % 2 == 1):
        raise StudioError(f"A window has an odd number of frames from 5 to 99, not {window}.")
    if not (np.isfinite(threshold) and threshold > 0.0):
        raise StudioError(f"The threshold is above 0 deviations, not {threshold:g}.")
    if not (longest >= 1 and 2 * longest < window // 2):
        raise StudioError(
            f"Spikes of {longest} frames cannot be told in a window of {window}; take {4 * longest + 3}."
        )
    told = Spikes()
    made = clip
    for part in parts:
        least = LEAST_LENGTH if part in _LENGTHS else LEAST_NUMBER

        def straight(rows: Array, part: str = part, least: float = least) -> Array:
            lost = ~np.isfinite(rows)
            known = _mended_numbers(rows, lost, part)
            off, steps = _off_numbers(known, window // 2), np.abs(np.diff(known, axis=0))
            flags = _spikes(off, steps, window, threshold, least, longest) | lost
            _count(told, part, flags)
            return _mended_numbers(known, flags, part)

        def turning(rotations: Array, part: str = part) -> Array:
            lost = np.asarray(~np.isfinite(rotations).all(axis=2))
            known = _held(rotations, lost, part)
            off = _off_rotations(known, window // 2)
            steps = np.linalg.norm(relative(known[:-1], known[1:]), axis=2)
            flags = _spikes(off, steps, window, threshold, LEAST_TURN, longest) | lost
            _count(told, part, flags)
            return _mended_rotations(known, flags)

        made = treated(made, [part], straight, turning)
    return made, told


def _count(told: Spikes, part: str, flags: Flags) -> None:
    """Count frames with a spike: several numbers of one frame are one."""
    told.counts[part] = told.counts.get(part, 0) + int(flags.any(axis=1).sum())


def _neighbours(count: int, half: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp], Flags]]:
    """For each distance up to ``half``: two frames (T,) each that tell where a frame would be.

    Inside they lie on both sides, and what is told is the middle; where one of them would be beyond an end
    both are on the inner side, at one and two distances, and it is the line through them.
    """
    frames = np.arange(count)
    found = []
    for distance in range(1, half + 1):
        inside = (frames >= distance) & (frames < count - distance)
        inward = np.where(frames < count / 2, distance, -distance)
        near = np.where(inside, frames - distance, np.clip(frames + inward, 0, count - 1))
        far = np.where(inside, frames + distance, np.clip(frames + 2 * inward, 0, count - 1))
        found.append((near, far, inside))
    return found


def _off_numbers(rows: Array, half: int) -> Array:
    """How far each number (T, W) is from where its neighbours say it would be."""
    if len(rows) < _FEWEST:
        return np.zeros(rows.shape)
    told = []
    for near, far, inside in _neighbours(len(rows), min(half, (len(rows) - 1) // 2)):
        middle = 0.5 * (rows[near] + rows[far])
        told.append(np.where(inside[:, None], middle, 2.0 * rows[near] - rows[far]))
    return np.abs(rows - np.median(np.stack(told), axis=0))


def _off_rotations(rotations: Array, half: int) -> Array:
    """By what angle each rotation (T, J) is off from where its neighbours say it would be."""
    if len(rotations) < _FEWEST:
        return np.zeros(rotations.shape[:2])
    told = []
    for near, far, inside in _neighbours(len(rotations), min(half, (len(rotations) - 1) // 2)):
        ahead = relative(rotations[near], rotations[far])
        told.append(compose(rotations[near], np.where(inside[:, None, None], 0.5, -1.0) * ahead))
    middle = _middle_rotation(np.stack(told))
    return np.asarray(np.linalg.norm(relative(middle, rotations), axis=2))


def _middle_rotation(turns: Array) -> Array:
    """The geometric median (..., 3) of N rotations (N, ..., 3): least sum of angles to all of them."""
    sums = np.stack([np.linalg.norm(relative(turn, turns), axis=-1).sum(axis=0) for turn in turns])
    middle = np.take_along_axis(turns, sums.argmin(axis=0)[None, ..., None], axis=0)[0]
    for _ in range(_REFINEMENTS):
        away = relative(middle, turns)
        weight = 1.0 / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
        middle = compose(middle, (weight * away).sum(axis=0) / weight.sum(axis=0))
    return middle


def _spikes(off: Array, steps: Array, window: int, threshold: float, least: float, longest: int) -> Flags:
    """Which of the distances ``off`` (T, W) are spikes, with ``steps`` (T - 1, W) from frame to frame."""
    found = np.zeros(off.shape, dtype=bool)
    for column in np.flatnonzero((off > least).any(axis=0)):
        distance = off[:, column]
        deviation = MAD_TO_DEVIATION * _median_around(distance, window)
        far = distance > np.maximum(threshold * deviation, least)
        edges = np.flatnonzero(np.diff(far.astype(np.int8), prepend=0, append=0))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            beside = steps[max(start - 1, 0) : start, column], steps[stop - 1 : stop, column]
            abrupt = np.concatenate(beside) >= _ABRUPT * distance[start:stop].max()
            found[start:stop, column] = stop - start <= longest and abrupt.all()
    return found


def _median_around(values: Array, window: int) -> Array:
    """The median (T,) of the ``window`` values around each, mirrored at the ends."""
    reach = min(window // 2, len(values) - 1)
    padded = np.pad(values, reach, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1))


def _good(flags: Flags, part: str) -> NDArray[np.intp]:
    good = np.flatnonzero(~flags)
    if not len(good):
        raise StudioError(
            f"Not one frame of the {part} is a finite number; there is nothing to mend it from."
        )
    return good


def _mended_numbers(rows: Array, flags: Flags, part: str) -> Array:
    made = rows.copy()
    frames = np.arange(len(rows))
    for column in np.flatnonzero(flags.any(axis=0)):
        bad = flags[:, column]
        good = _good(bad, part)
        made[bad, column] = np.interp(frames[bad], good, rows[good, column])
    return made


def _held(rotations: Array, lost: Flags, part: str) -> Array:
    """``rotations`` with those of the nearest good frames where they are ``lost``."""
    known = rotations.copy()
    for joint in np.flatnonzero(lost.any(axis=0)):
        good = _good(lost[:, joint], part)
        frames = np.flatnonzero(lost[:, joint])
        nearest = good[np.abs(frames[:, None] - good[None]).argmin(axis=1)]
        known[frames, joint] = rotations[nearest, joint]
    return known


def _mended_rotations(rotations: Array, flags: Flags) -> Array:
    made = rotations.copy()
    for joint in np.flatnonzero(flags.any(axis=0)):
        frames = np.flatnonzero(flags[:, joint])
        good = np.flatnonzero(~flags[:, joint])
        after = np.searchsorted(good, frames)
        low, high = good[np.maximum(after - 1, 0)], good[np.minimum(after, len(good) - 1)]
        amount = np.clip((frames - low) / np.maximum(high - low, 1), 0.0, 1.0)
        made[frames, joint] = slerp(rotations[low, joint], rotations[high, joint], amount)
    return made
