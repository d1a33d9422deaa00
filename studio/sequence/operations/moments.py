"""Where in time things go when an operation moves the frames of a clip, and keys that go along."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.sequence.curves import AFTER, BEFORE, SAME_FRAME, STEPPED, Curve
from studio.sequence.cutting import cut, one_after_another

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """A map from frames before to frames after: straight between points, and on beyond the outer ones.

    ``kept`` are the first and the last frame before that are still there; where ``around``, the map is of
    those alone, and the frames outside stay where they are.
    """

    points: tuple[tuple[float, float], ...]  # (before, after), before ascending; at least two
    kept: tuple[float, float] = (-np.inf, np.inf)
    around: bool = False

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
        mapped = np.asarray(after[place] + slope * (times - before[place]))
        outside = (times < self.kept[0]) | (times > self.kept[1])
        return np.where(outside, times, mapped) if self.around else mapped

    @property
    def turns_back(self) -> bool:
        """Whether time runs backwards."""
        return self.points[-1][1] < self.points[0][1]

    def keeps(self, frame: float) -> bool:
        """Whether what was at ``frame`` is still there."""
        return self.around or self.kept[0] <= frame <= self.kept[1]

    def leaves(self, count: int) -> bool:
        """Whether the frames 0 to ``count`` - 1 all stay where they are."""
        last = count - 1.0
        frames = [0.0, last, *(before for before, _ in self.points if 0.0 < before < last)]
        return self.keeps(0.0) and self.keeps(last) and np.array_equal(self.at(frames), frames)

    def in_part(self, first: int, last: int) -> Moments:
        """The same within the frames ``first`` to ``last`` of a longer clip, which goes on around them."""
        inner = [(first + before, first + after) for before, after in self.points]
        if self.turns_back:
            ends = (float(first), float(last)), (float(last), float(first))
            return Moments(ends, (first, last), around=True)
        start, end = self.at([0.0, float(last - first)]) + first
        points = {float(first): float(start), float(last): float(end)}
        points |= {before: after for before, after in inner if first < before < last}
        points[first - 1.0] = float(start) - 1.0
        points[last + 1.0] = float(end) + 1.0
        return Moments(tuple(sorted(points.items())))


def moved_curve(curve: Curve, moments: Moments) -> Curve:
    """``curve`` with its keys, and the reach of their handles, where ``moments`` has them.

    It shows what it showed at every whole frame that is kept. Where keys fall away at an end, a key there has
    the value that the curve had.
    """
    low, high = moments.kept
    if not moments.around:
        return _mapped(cut(curve, low, high), moments)
    if curve.frames[0] > high or curve.frames[-1] < low:
        return curve  # it holds one value all the while
    inside = _mapped(cut(curve, low, high), moments)
    pieces = [inside.with_key(low, inside.at(low)).with_key(high, inside.at(high))]
    if low >= 1.0:
        before = cut(curve, -np.inf, low - 1.0)
        pieces.insert(0, before.with_key(low - 1.0, before.at(low - 1.0)))
    after = cut(curve, high + 1.0, np.inf)
    pieces.append(after.with_key(high + 1.0, after.at(high + 1.0)))
    return one_after_another(pieces)


def _mapped(curve: Curve, moments: Moments) -> Curve:
    """``curve``, all of whose keys are kept, where ``moments`` has them."""
    frames = moments.at(curve.frames)
    handles = curve.handles.copy()
    for side in (BEFORE, AFTER):
        ends = curve.frames + curve.handles[:, side, 0]
        handles[:, side, 0] = replace(moments, around=False).at(ends) - frames
    moved = (frames, curve.values, curve.interpolation, handles)
    if not moments.turns_back:
        return _of_ascending(curve, *moved)
    codes = np.roll(curve.interpolation[::-1], -1)  # a segment now begins at the key at which it ended
    codes[-1] = curve.interpolation[-1]
    back = _of_ascending(curve, frames[::-1], curve.values[::-1], codes, handles[::-1, ::-1])
    return _held_backwards(back)


def _held_backwards(curve: Curve) -> Curve:
    """``curve``, turned in time, with keys that let its stepped segments hold the value of their later end.

    Forwards a key's frame is the first with its value; backwards it is the last.
    """
    holds = np.flatnonzero((curve.interpolation[:-1] == STEPPED) & (np.diff(curve.frames) > 1.0))
    places, later = holds + 1, curve.frames[holds] + 1.0
    return curve.replace(
        frames=np.insert(curve.frames, places, later),
        values=np.insert(curve.values, places, curve.values[holds + 1], axis=0),
        interpolation=np.insert(curve.interpolation, places, STEPPED),
        handles=np.insert(curve.handles, places, curve.handles[holds + 1], axis=0),
    )


def _of_ascending(
    curve: Curve, frames: Array, values: Array, codes: NDArray[np.uint8], handles: Array
) -> Curve:
    """A curve without those keys that have come to lie on the key before."""
    apart = np.append(True, np.diff(frames) > SAME_FRAME)
    return curve.replace(
        frames=frames[apart],
        values=values[apart],
        interpolation=codes[apart],
        handles=handles[apart],
    )
