"""The head turning once around."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.export.filming import shoot
from studio.export.options import TurntableOptions
from studio.export.pictures import QUALITY
from studio.jobs.job import Cancelled, Report
from studio.render.shot import Renderer, Shot
from studio.storage.errors import StudioError


@dataclass(frozen=True, eq=False)
class TurntableJob:
    """One full turn around ``shot``, from its own direction: mp4, gif, WebP or a folder of PNG frames.

    The frame after the last would be the first one again, so that the film loops.
    """

    renderer: Renderer
    shot: Shot
    path: Path
    seconds: float = TurntableOptions.seconds
    fps: float = TurntableOptions.fps
    quality: int = QUALITY  # 1..100
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
        count = self.count
        return shoot(
            self.renderer,
            self.shot,
            self._turn(count),
            count,
            self.fps,
            self.path,
            self.quality,
            progress,
            cancelled,
        )

    def _turn(self, count: int) -> Iterator[Shot]:
        camera = self.shot.camera
        for index in range(count):
            azimuth = camera.azimuth + 2.0 * math.pi * index / count
            yield replace(self.shot, camera=camera.replace(azimuth=azimuth))
