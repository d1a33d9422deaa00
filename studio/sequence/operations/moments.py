"""Where in time things go when an operation moves the frames of a clip, and keys that go along."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.sequence.curves import AFTER, BEFORE, Curve

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """A map from frames before to frames after: straight between points, and on beyond the outer ones.

    ``kept`` are the first and the last frame before that are still there.
    """

    points: tuple[tuple[float, float], ...]  # (before, after), before ascending; at least two
    kept: tuple[float, float] = (-np.inf, np.inf)

    @classmethod
    def straight(
        cls, speed: float, first: float = 0.0, kept: tuple[float, float] = (-np.inf, np.inf)
    ) -> Moments:
        """Frame ``first`` becomes 0, and ``speed`` frames before are one after; negative goes backwards."""
        return cls(((first, 0.0), (first + 1.0, 1.0 / speed)), kept)

    def at(self, frames: ArrayLike) -> Array:
        """Where ``frames`` (N,) are now."""
        before, after = np.array(self.points, dtype=np.float64).T
        times = np.asarray(frames, dtype=np.float64)
        place = np.clip(np.searchsorted(before, times, side="right") - 1, 0, len(before) - 2)
        slope = (after[place + 1] - after[place]) / (before[place + 1] - before[place])
        return np.asarray(after[place] + slope * (times - before[place]))

    @property
    def turns_back(self) -> bool:
        """Whether time runs backwards."""
        return self.points[-1][1] < self.points[0][1]

    def keeps(self, frame: float) -> bool:
        """Whether what was at ``frame`` is still there."""
        return self.kept[0] <= frame <= self.kept[1]

    def in_part(self, first: int, last: int) -> Moments:
        """The same within the frames ``first`` to ``last`` of a longer clip, which goes on around them."""
        inner = [(first + before, first + after) for before, after in self.points]
        if self.turns_back:
            return Moments(((float(first), float(last)), (float(last), float(first))), (first, last))
        ends = self.at([0.0, float(last - first)]) + first
        points = {float(first): float(ends[0]), float(last): float(ends[1])}
        points |= {before: after for before, after in inner if first < before < last}
        points[first - 1.0] = float(ends[0]) - 1.0
        points[last + 1.0] = float(ends[1]) + 1.0
        return Moments(tuple(sorted(points.items())))


def moved_curve(curve: Curve, moments: Moments) -> Curve | None:
    """``curve`` with its keys, and the reach of their handles, where ``moments`` has them.

    Where keys fall away at an end, a key there has the value that the curve had. None where no key is left.
    """
    low, high = moments.kept
    if not curve.frames.size or curve.frames[0] > high or curve.frames[-1] < low:
        return None
    if curve.frames[0] < low or curve.frames[-1] > high:
        for end in (low, high):
            if curve.frames[0] < end < curve.frames[-1]:
                curve = curve.with_key(end, curve.at(np.array([end]))[0])
        inside = curve.taken((curve.frames >= low) & (curve.frames <= high))
        if inside is None:
            return None
        curve = inside
    frames = moments.at(curve.frames)
    handles = curve.handles.copy()
    for side in (BEFORE, AFTER):
        handles[:, side, 0] = moments.at(curve.frames + curve.handles[:, side, 0]) - frames
    moved = (frames, curve.values, curve.interpolation, handles)
    if not moments.turns_back:
        return _of_ascending(curve, *moved)
    codes = np.roll(curve.interpolation[::-1], -1)  # a segment now begins at the key at which it ended
    codes[-1] = curve.interpolation[-1]
    return _of_ascending(curve, frames[::-1], curve.values[::-1], codes, handles[::-1, ::-1])


def _of_ascending(
    curve: Curve, frames: Array, values: Array, codes: NDArray[np.uint8], handles: Array
) -> Curve:
    """A curve without those keys that have come to lie on the key before."""
    apart = np.array([True, *(later - earlier > 1e-6 for earlier, later in pairwise(frames))])
    return curve.replace(
        frames=frames[apart],
        values=values[apart],
        interpolation=codes[apart],
        handles=handles[apart],
    )
