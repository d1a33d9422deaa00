"""How far a sound swings, at several resolutions: what a waveform is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.sound.reading import Samples

FINEST = 256  # samples of a bin of the finest level
FACTOR = 4  # bins of a level in one of the next

Swing = NDArray[np.float32]  # (n, 2): lowest and highest of all channels


@dataclass(frozen=True, eq=False)
class Peaks:
    """Lowest and highest values of a sound of ``count`` samples in bins, from fine to coarse."""

    count: int
    levels: tuple[Swing, ...]

    @property
    def highest(self) -> float:
        """The largest swing to either side."""
        return float(np.abs(self.levels[-1]).max())


class PeakFinder:
    """Finds the peaks of a sound that comes block by block."""

    def __init__(self) -> None:
        self._bins: list[Swing] = []
        self._rest: Samples | None = None  # of the bin that is not full
        self._count = 0

    def add(self, block: Samples) -> None:
        """Take the next samples (n, C)."""
        self._count += len(block)
        block = block if self._rest is None else np.concatenate([self._rest, block])
        whole = len(block) // FINEST * FINEST
        if whole:
            bins = block[:whole].reshape(-1, FINEST * block.shape[1])
            self._bins.append(np.stack([bins.min(axis=1), bins.max(axis=1)], axis=1))
        self._rest = block[whole:].copy()

    def peaks(self) -> Peaks:
        """The peaks of all that was taken; there must be some."""
        rest = self._rest
        last = [np.array([[rest.min(), rest.max()]])] if rest is not None and len(rest) else []
        levels = [np.concatenate([*self._bins, *last])]
        while len(levels[-1]) > FACTOR:
            levels.append(_binned(levels[-1], FACTOR))
        return Peaks(self._count, tuple(levels))


def _binned(swing: Swing, size: int) -> Swing:
    """The swing of every ``size`` rows together; the last bin may be of fewer."""
    edges = np.arange(0, len(swing), size)
    lows = np.minimum.reduceat(swing[:, 0], edges)
    highs = np.maximum.reduceat(swing[:, 1], edges)
    return np.stack([lows, highs], axis=1)


def swing_between(samples: Samples, peaks: Peaks, edges: NDArray[np.float64]) -> Swing:
    """The swing of ``samples`` between neighbouring ``edges`` (n + 1), ascending, in fractional samples.

    Each of the n rows covers every sample that its span touches, and where the span is wide, at most one
    bin of the level read more on either side. Spans outside of the sound are silent, (0, 0).
    """
    width = (edges[-1] - edges[0]) / max(len(edges) - 1, 1)
    level, size = -1, 1
    while level + 1 < len(peaks.levels) and FINEST * FACTOR ** (level + 1) <= width:
        level += 1
        size = FINEST * FACTOR**level
    inside = edges.clip(0.0, float(peaks.count))
    first = np.floor(inside[:-1] / size).astype(np.int64)
    last = np.maximum(np.ceil(inside[1:] / size).astype(np.int64), first + 1)  # exclusive
    heard = (edges[1:] > 0.0) & (edges[:-1] < peaks.count)
    result = np.zeros((len(first), 2), np.float32)
    if not heard.any():
        return result
    low, high = int(first[heard].min()), int(last[heard].max())
    read = _read(samples, peaks, level, low, high)
    starts, ends = first[heard] - low, np.minimum(last[heard], low + len(read)) - low
    starts = np.minimum(starts, len(read) - 1)
    result[heard, 0] = _reduced(np.minimum, read[:, 0], starts, ends)
    result[heard, 1] = _reduced(np.maximum, read[:, 1], starts, ends)
    return result


def _read(samples: Samples, peaks: Peaks, level: int, first: int, last: int) -> Swing:
    if level >= 0:
        return peaks.levels[level][first:last]
    part = samples[first:last]
    one, other = part[:, 0], part[:, -1]  # of one channel, the same
    return np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)


def _reduced(
    how: np.ufunc, values: NDArray[np.float32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float32]:
    """``how`` of ``values`` over each span; a neutral value behind the last lets spans end there."""
    padded = np.append(values, values[-1])
    pairs = np.stack([starts, np.maximum(ends, starts + 1)], axis=1).reshape(-1)
    reduced: NDArray[np.float32] = how.reduceat(padded, pairs)[::2]
    return reduced
