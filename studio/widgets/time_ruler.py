"""Where frames lie on a timeline, and which of them are labelled."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class TimeRuler:
    """``count`` frames over the pixels ``left..right``; frame 0 at ``left``, the last at ``right``."""

    count: int
    left: float
    right: float

    @property
    def last(self) -> int:
        """The last frame."""
        return max(self.count - 1, 0)

    def x(self, frame: float) -> float:
        """Where ``frame`` lies."""
        return self.left + (frame / self.last if self.last else 0.0) * (self.right - self.left)

    def frame(self, x: float) -> float:
        """The fractional frame at ``x``, held at both ends."""
        if self.right <= self.left:
            return 0.0
        return min(max((x - self.left) / (self.right - self.left), 0.0), 1.0) * self.last

    def spacing(self, pixels: float) -> int:
        """The smallest of 1, 2, 5, 10, 20, … frames that lie at least ``pixels`` apart."""
        if not self.last:
            return 1
        wanted = pixels * self.last / max(self.right - self.left, 1.0)
        power = 10 ** max(math.floor(math.log10(max(wanted, 1.0))), 0)
        return next((step * power for step in _STEPS if step * power >= wanted), 10 * power)

    def ticks(self, pixels: float) -> range:
        """Frames to mark, at least ``pixels`` apart."""
        return range(0, self.last + 1, self.spacing(pixels))
