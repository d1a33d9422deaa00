"""Shots, one after another, into a film: what turntable and film share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend, Surface
from studio.document.camera import Camera
from studio.export.encoders import Reel
from studio.export.ffmpeg import Sound
from studio.export.film_formats import film_size, has_alpha
from studio.export.films import MOST_FRAMES, check_film, write_film
from studio.export.note import licence_note
from studio.export.pictures import QUALITY
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.render.extras import Extras
from studio.render.shot import Renderer, Shot
from studio.sequence.stream import FrameSource
from studio.storage.errors import StudioError

ExtrasOf = Callable[[float, Params, Surface], Extras]  # of a frame, its parameters and its surface


@dataclass(frozen=True, eq=False)
class Scene:
    """A clip before a camera: shots at any of its frames, and between them.

    ``backend`` belongs to the scene while it is filmed. The surface of ``shot`` is not used.
    """

    backend: Backend
    clip: FrameSource
    shot: Shot
    extras: ExtrasOf | None = None  # None: those of ``shot``
    camera: Callable[[float], Camera] | None = None  # at a frame; None: that of ``shot``

    def at(self, position: float) -> Shot:
        """The shot at fractional frame ``position``."""
        params = self.clip.at(position)
        surface = self.backend.forward(params)
        extras = self.shot.extras if self.extras is None else self.extras(position, params, surface)
        camera = self.shot.camera if self.camera is None else self.camera(position)
        seconds = position / self.clip.fps
        occasion = replace(self.shot.occasion, frame=round(position), seconds=seconds)
        return replace(self.shot, surface=surface, occasion=occasion, extras=extras, camera=camera)


@dataclass(frozen=True, eq=False)
class Filming:
    """Where a film goes, how it is drawn, and what it is beside its pictures."""

    renderer: Renderer
    path: Path
    fps: float
    quality: int = QUALITY  # 1..100
    sound: Sound | None = None

    def shoot(
        self, template: Shot, shots: Iterable[Shot], count: int, progress: Report, cancelled: Cancelled
    ) -> Path:
        """Draw ``count`` ``shots`` at the size of ``template`` and write them to the path as they come.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: there are too many frames, or it cannot be drawn or written.

        """
        path = self.path
        if not 1 <= count <= MOST_FRAMES:
            raise StudioError(f"{path.name} would have {count} frames; choose 1 to {MOST_FRAMES}.")
        check_film(path, template.transparent)
        alpha = has_alpha(path)
        size = film_size(path, template.size)
        note = licence_note(template.model)
        transparent = template.with_alpha(alpha).transparent
        reel = Reel(size, self.fps, count, note, self.quality, transparent, self.sound)

        def frames() -> Iterator[NDArray[np.uint8]]:
            for index, shot in enumerate(shots):
                check(cancelled)
                pixels = self.renderer.render(replace(shot, size=size).with_alpha(alpha), cancelled)
                progress(Progress(index + 1, count, "Drawing frames", pixels))
                yield pixels
            check(cancelled)

        progress(Progress(0, count, "Drawing frames"))
        write_film(path, frames(), reel, cancelled)
        return path
