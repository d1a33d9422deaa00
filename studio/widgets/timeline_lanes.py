"""What the timeline shows in a row, and where rows and keys lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.sequence.key_selection import Curves, KeySelection
from studio.widgets.time_ruler import TimeRuler

KEY_REACH = 6.0  # pixels around a key in which it is caught


@dataclass(frozen=True, eq=False)
class Lane:
    """A row: a curve over all frames as its ground, and the keys of its channels."""

    title: str
    curve: NDArray[np.float32] | None = None  # (T,) 0..1
    id: str = ""
    channels: tuple[str, ...] = ()  # whose keys it shows
    depth: int = 0
    is_open: bool | None = None  # whether what is below it is shown; None: nothing is
    is_quiet: bool = False  # a title that stands back


@dataclass(frozen=True)
class LaneRows:
    """``count`` rows of ``height`` pixels under ``top``, scrolled up by ``scrolled``."""

    count: int
    top: int
    height: int
    scrolled: int = 0

    def y(self, row: int) -> int:
        """The upper edge of ``row``."""
        return self.top + row * self.height - self.scrolled

    def at(self, y: float) -> int | None:
        """The row at ``y``; None where there is none."""
        row = int((y - self.top + self.scrolled) // self.height)
        return row if y >= self.top and 0 <= row < self.count else None

    def between(self, first: float, last: float) -> range:
        """The rows that lie between two heights."""
        low, high = sorted((first, last))
        begin = max(int((max(low, self.top) - self.top + self.scrolled) // self.height), 0)
        stop = int((high - self.top + self.scrolled) // self.height) + 1
        return range(begin, min(max(stop, begin), self.count))

    def seen(self, height: int) -> range:
        """The rows that are seen in a widget of ``height``."""
        return self.between(self.top, height - 1)


def key_at(curves: Curves, lane: Lane, ruler: TimeRuler, x: float, reach: float) -> float | None:
    """The frame of the key of ``lane`` nearest to ``x``; None where none is within ``reach`` pixels."""
    wanted, best, nearest = ruler.free_frame(x), None, reach / max(ruler.scale, 1e-12)
    for channel in lane.channels:
        curve = curves.get(channel)
        if curve is None:
            continue
        place = int(np.searchsorted(curve.frames, wanted))
        for frame in curve.frames[max(place - 1, 0) : place + 1]:
            if abs(frame - wanted) <= nearest:
                best, nearest = float(frame), abs(float(frame) - wanted)
    return best


def keys_in_box(
    curves: Curves, lanes: Sequence[Lane], rows: range, first: float, last: float
) -> KeySelection:
    """The keys in ``rows`` of ``lanes`` from frame ``first`` to ``last``."""
    channels = dict.fromkeys(channel for row in rows for channel in lanes[row].channels)
    return KeySelection.between(curves, channels, first, last)
