"""Which samples are heard while time runs along a course: to the sample, over jumps, loops and turns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.sequence.playback import Course
from studio.sound.reading import Samples

FASTEST = 4.0  # times the usual speed; beyond that nothing can be told from what is heard
_SLACK = 1e-6  # of a sample: what rounding may move the beginning of a lap by


@dataclass(frozen=True, eq=False)
class Programme:
    """A sound along a course.

    At the usual speed every sample of the sound is handed on as it is, from the one that is nearest to
    the moment at which a lap of the course begins. At other speeds the pitch changes with the speed, and
    backwards the sound is heard backwards. The last frame of a course is heard to its end.
    """

    course: Course
    samples: Samples  # (N, 1|2) at ``rate``
    rate: float  # of what is asked for, samples a second
    offset: float = 0.0  # seconds from frame 0 to the first sample
    gain: float = 1.0

    def fill(self, out: Samples, begin: int) -> None:
        """Write what is heard from sample ``begin`` of the course on into ``out`` (n, 2)."""
        out[:] = 0.0
        if not 0.0 < abs(self.course.speed) <= FASTEST or self.gain == 0.0:
            return
        end, here = begin + len(out), begin
        number = self._lap_at(begin)
        while here < end and (number == 0 or self.course.loop):
            lap, following = self._lap(number), self._lap(number + 1)
            until = min(following.begins, end)
            if until > here:
                place = lap.place + (here - lap.begins) * lap.step
                self._hand_on(out[here - begin : until - begin], place, lap.step)
                here = until
            number += 1

    @property
    def _velocity(self) -> float:
        """Frames a second, in either direction."""
        return self.course.fps * abs(self.course.speed)

    @property
    def _frames(self) -> int:
        """Frames of a lap: from end to end, or from turn to turn."""
        course = self.course
        count = course.last - course.first + 1
        return max(count - 1, 1) if course.loop and course.ping_pong else count

    @property
    def _start(self) -> float:
        return min(max(self.course.start, float(self.course.first)), float(self.course.last))

    @property
    def _done(self) -> float:
        """Frames of the first lap that lie behind the start."""
        course = self.course
        return self._start - course.first if course.speed > 0.0 else course.last - self._start

    def _lap_at(self, sample: int) -> int:
        """The number of the lap that ``sample`` is in."""
        if not self.course.loop:
            return 0 if sample < self._lap(1).begins else 1
        number = int((self._done + sample / self.rate * self._velocity) // self._frames)
        if self._lap(number).begins > sample:
            return number - 1
        return number + 1 if self._lap(number + 1).begins <= sample else number

    def _lap(self, number: int) -> _Lap:
        course = self.course
        begins = (number * self._frames - self._done) / self._velocity if number else 0.0
        sample = max(math.ceil(begins * self.rate - _SLACK), 0)
        forwards = (course.speed > 0.0) != (course.ping_pong and course.loop and number % 2 == 1)
        frame = self._start
        if number:
            frame = float(course.first if forwards else course.last)
        step = abs(course.speed) if forwards else -abs(course.speed)
        seconds = frame / course.fps - self.offset + step * (sample / self.rate - begins)
        place = seconds * self.rate
        return _Lap(sample, math.floor(place + 0.5) if abs(step) == 1.0 else place, step)

    def _hand_on(self, out: Samples, place: float, step: float) -> None:
        """Write the samples from ``place`` on, ``step`` apart, into ``out``."""
        if abs(step) != 1.0:
            places = place + step * np.arange(len(out), dtype=np.float64)
            np.multiply(_between(self.samples, places), np.float32(self.gain), out=out)
            return
        first = int(place)
        low = first if step > 0.0 else first - len(out) + 1
        begin, end = max(low, 0), min(low + len(out), len(self.samples))
        if begin >= end:
            return
        part = self.samples[begin:end]
        target = out[begin - low : end - low] if step > 0.0 else out[::-1][begin - low : end - low]
        np.multiply(part, np.float32(self.gain), out=target)


@dataclass(frozen=True)
class _Lap:
    begins: int  # the first sample of the course that is in it
    place: float  # of that in the sound, in samples
    step: float  # samples of the sound to the next one, negative backwards


def _between(samples: Samples, places: NDArray[np.float64]) -> Samples:
    """The sound at fractional ``places``: a cubic through four samples (Catmull and Rom, 1974)."""
    whole = np.floor(places).astype(np.int64)
    part = (places - whole).astype(np.float32)[:, None]
    before, here, after, later = (_at(samples, whole + step) for step in (-1, 0, 1, 2))
    slope, next_slope = (after - before) * 0.5, (later - here) * 0.5
    rise = here - after
    square = part * part
    result: Samples = here + part * slope
    result += square * (-3.0 * rise - 2.0 * slope - next_slope)
    result += square * part * (2.0 * rise + slope + next_slope)
    return result


def _at(samples: Samples, places: NDArray[np.int64]) -> Samples:
    inside = (places >= 0) & (places < len(samples))
    found: Samples = samples[places.clip(0, len(samples) - 1)]
    return found * inside[:, None]
