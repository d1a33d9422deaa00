"""The head turning once around, still or playing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.export.ffmpeg import Sound
from studio.export.filming import Filming
from studio.export.options import TurntableOptions
from studio.export.pictures import QUALITY
from studio.jobs.job import Cancelled, Report
from studio.render.shot import Renderer, Shot
from studio.storage.errors import StudioError


@dataclass(frozen=True, eq=False)
class TurntableJob:
    """One full turn around ``shot``, from its own direction.

    The frame after the last would be the first one again, so that the film of a still head loops.
    """

    renderer: Renderer
    shot: Shot
    path: Path
    seconds: float = TurntableOptions.seconds
    fps: float = TurntableOptions.fps
    quality: int = QUALITY  # 1..100
    playing: Callable[[float], Shot] | None = None  # what is shown after some seconds; None: ``shot``
    sound: Sound | None = None
    name: str = "Turntable"

    @property
    def count(self) -> int:
        """Frames of the turn."""
        return max(2, round(self.seconds * self.fps))

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: length or rate make no sense, or it cannot be drawn or written.

        """
        if not (0.0 < self.seconds < math.inf and 0.0 < self.fps < math.inf):
            raise StudioError(
                f"A turntable needs a length and a rate above 0, not {self.seconds:g} s at {self.fps:g}."
            )
        filming = Filming(self.renderer, self.path, self.fps, self.quality, self.sound)
        return filming.shoot(self.shot, self._turn(), self.count, progress, cancelled)

    def _turn(self) -> Iterator[Shot]:
        for index in range(self.count):
            shot = self.shot if self.playing is None else self.playing(index / self.fps)
            yield turned(shot, 2.0 * math.pi * index / self.count)


def turned(shot: Shot, angle: float) -> Shot:
    """``shot`` from ``angle`` radians farther around the head."""
    camera = shot.camera
    return replace(shot, camera=camera.replace(azimuth=camera.azimuth + angle))
