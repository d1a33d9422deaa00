"""A clip as a film, as seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.backends.base import Backend
from studio.document.camera import Camera
from studio.export.ffmpeg import Sound
from studio.export.filming import ExtrasOf, Filming, Scene
from studio.export.pictures import QUALITY
from studio.jobs.job import Cancelled, Report
from studio.render.shot import Renderer, Shot
from studio.sequence.rates import exact_rate
from studio.sequence.stream import FrameSource
from studio.storage.errors import StudioError


@dataclass(frozen=True, eq=False)
class FilmJob:
    """The frames of ``clip`` from ``first`` to ``last``, with the model, look and camera of ``shot``.

    At another rate than the clip's it takes as long, and shows what lies between frames. ``backend``
    belongs to the job while it runs. The surface of ``shot`` is not used.
    """

    renderer: Renderer
    backend: Backend
    clip: FrameSource
    shot: Shot
    path: Path
    first: int = 0  # first frame shown
    last: int | None = None  # last frame shown; None: the clip's last
    quality: int = QUALITY  # 1..100
    extras: ExtrasOf | None = None  # of a frame; None: those of ``shot``
    fps: float | None = None  # None: the clip's
    sound: Sound | None = None  # from the first frame shown on
    camera: Callable[[float], Camera] | None = None  # at a frame of the clip; None: that of ``shot``
    name: str = "Film"

    @property
    def rate(self) -> float:
        """Frames a second of the film."""
        return self.clip.fps if self.fps is None else self.fps

    @property
    def count(self) -> int:
        """Frames of the film."""
        played = self._last - self.first + 1
        if self.fps is None:
            return played
        return max(round(played * exact_rate(self.fps) / exact_rate(self.clip.fps)), min(played, 1))

    @property
    def _last(self) -> int:
        end = len(self.clip) - 1
        return end if self.last is None else min(self.last, end)

    @property
    def positions(self) -> Iterator[float]:
        """Which frame of the clip each frame of the film shows, one at a time: there may be any number."""
        step = 1.0 if self.fps is None else float(exact_rate(self.clip.fps) / exact_rate(self.fps))
        last = float(self._last)
        return (min(self.first + step * index, last) for index in range(self.count))

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: the rate makes no sense, or it cannot be drawn or written.

        """
        if not 0.0 < self.rate < math.inf:
            raise StudioError(f"A film needs a rate above 0, not {self.rate:g} frames a second.")
        scene = Scene(self.backend, self.clip, self.shot, self.extras, self.camera)
        filming = Filming(self.renderer, self.path, self.rate, self.quality, self.sound)
        shots = map(scene.at, self.positions)
        return filming.shoot(self.shot, shots, self.count, progress, cancelled)
