"""A clip as a film, as seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.backends.base import Backend, Surface
from studio.export.filming import shoot
from studio.export.pictures import QUALITY
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Report
from studio.render.extras import Extras
from studio.render.shot import Renderer, Shot
from studio.sequence.stream import FrameSource


@dataclass(frozen=True, eq=False)
class FilmJob:
    """Every frame of ``clip`` at its own rate, with the model, look and camera of ``shot``.

    ``backend`` belongs to the job while it runs. The surface of ``shot`` is not used.
    """

    renderer: Renderer
    backend: Backend
    clip: FrameSource
    shot: Shot
    path: Path
    first: int = 0  # first frame shown
    last: int | None = None  # last frame shown; None: the clip's last
    quality: int = QUALITY  # 1..100
    extras: Callable[[int, Params, Surface], Extras] | None = None  # of a frame; None: those of ``shot``
    name: str = "Film"

    @property
    def count(self) -> int:
        """Frames of the film."""
        return len(self._indices)

    @property
    def _indices(self) -> range:
        end = len(self.clip) - 1
        last = end if self.last is None else min(self.last, end)
        return range(self.first, last + 1)

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: it cannot be drawn or written.

        """
        return shoot(
            self.renderer,
            self.shot,
            self._shots(),
            self.count,
            self.clip.fps,
            self.path,
            self.quality,
            progress,
            cancelled,
        )

    def _shots(self) -> Iterator[Shot]:
        for index in self._indices:
            params = self.clip.frame(index)
            surface = self.backend.forward(params)
            extras = self.shot.extras if self.extras is None else self.extras(index, params, surface)
            occasion = replace(self.shot.occasion, frame=index, seconds=index / self.clip.fps)
            yield replace(self.shot, surface=surface, occasion=occasion, extras=extras)
