"""Where frames lie on a timeline, which of them are labelled, and which part of time is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.sequence.timecode import TimeUnit, nominal

_STEPS = (1, 2, 5)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000, 86_400)
_NEAREST = 4.0  # frames that are seen at least


@dataclass(frozen=True)
class TimeRuler:
    """``count`` frames; ``begin`` to ``end`` (None: the last) of them lie over the pixels ``left..right``."""

    count: int
    left: float
    right: float
    begin: float = 0.0
    end: float | None = None

    @property
    def last(self) -> int:
        """The last frame."""
        return max(self.count - 1, 0)

    @property
    def stop(self) -> float:
        """The frame at ``right``."""
        return float(self.last) if self.end is None else self.end

    @property
    def scale(self) -> float:
        """Pixels from frame to frame."""
        span = self.stop - self.begin
        return (self.right - self.left) / span if span > 0.0 else 0.0

    @property
    def shows_all(self) -> bool:
        """Whether no frame is out of sight."""
        return self.begin <= 0.0 and self.stop >= self.last

    def x(self, frame: float) -> float:
        """Where ``frame`` lies."""
        return self.left + (frame - self.begin) * self.scale

    def frame(self, x: float) -> float:
        """The fractional frame at ``x``, held at both ends of what is seen."""
        if self.right <= self.left:
            return 0.0
        seen = min(max(x, self.left), self.right)
        return min(max(self.free_frame(seen), 0.0), float(self.last))

    def free_frame(self, x: float) -> float:
        """The fractional frame at ``x``, also before the first and behind the last."""
        return self.begin + (x - self.left) / self.scale if self.scale > 0.0 else self.begin

    def spacing(self, pixels: float) -> int:
        """The smallest of 1, 2, 5, 10, 20, … frames that lie at least ``pixels`` apart."""
        if self.scale <= 0.0:
            return 1
        wanted = pixels / self.scale
        power = 10 ** max(math.floor(math.log10(max(wanted, 1.0))), 0)
        return next((step * power for step in _STEPS if step * power >= wanted), 10 * power)

    def ticks(self, pixels: float) -> range:
        """Frames to mark, at least ``pixels`` apart."""
        return self._multiples(self.spacing(pixels))

    def timed_ticks(self, pixels: float, fps: float, unit: TimeUnit) -> list[float]:
        """Frames to mark, at least ``pixels`` apart and round in ``unit``: whole seconds, if far enough."""
        if unit == "frames":
            return [float(frame) for frame in self.ticks(pixels)]
        second = float(nominal(fps)) if unit == "timecode" else fps
        step = self.spacing(pixels)
        if step < second / 2.0:
            return [float(frame) for frame in self.ticks(pixels)]
        wanted = pixels / max(self.scale, 1e-12)
        step_seconds = next((s for s in _SECONDS if s * second >= wanted), None)
        if step_seconds is None:
            step_seconds = math.ceil(wanted / (86_400 * second)) * 86_400
        return [place * second for place in self._multiples(step_seconds, second)]

    def _multiples(self, step: int, unit: float = 1.0) -> range:
        """Multiples of ``step`` of what is seen, in ``unit`` frames."""
        first = max(math.ceil(self.begin / unit / step - 1e-9), 0) * step
        stop = min(self.stop, float(self.last)) / unit
        return range(first, math.floor(stop + 1e-9) + 1, step)

    def zoomed(self, factor: float, x: float) -> TimeRuler:
        """``factor`` times as near, with the frame at ``x`` staying there; never farther than all frames."""
        span = min(max((self.stop - self.begin) / factor, min(_NEAREST, self.last)), float(self.last))
        at = self.free_frame(x)
        share = (x - self.left) / max(self.right - self.left, 1.0)
        return self.shown(at - share * span, at + (1.0 - share) * span)

    def panned(self, pixels: float) -> TimeRuler:
        """What lies ``pixels`` farther right."""
        by = pixels / self.scale if self.scale > 0.0 else 0.0
        return self.shown(self.begin + by, self.stop + by)

    def shown(self, begin: float, end: float) -> TimeRuler:
        """The part from ``begin`` to ``end``, moved and cut so that nothing outside of all frames is seen."""
        span = min(end - begin, float(self.last))
        begin = min(max(begin, 0.0), self.last - span)
        whole = span >= self.last
        return replace(self, begin=0.0 if whole else begin, end=None if whole else begin + span)
