"""Shots, one after another, into a film: what turntable and film share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.export.films import MOST_FRAMES, Reel, check_film, film_size, has_alpha, write_film
from studio.export.note import licence_note
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.render.shot import Renderer, Shot
from studio.storage.errors import StudioError


def shoot(
    renderer: Renderer,
    template: Shot,
    shots: Iterable[Shot],
    count: int,
    fps: float,
    path: Path,
    quality: int,
    progress: Report,
    cancelled: Cancelled,
) -> Path:
    """Draw ``count`` ``shots`` at the size of ``template`` and write them to ``path`` as they come.

    Raises:
        JobCancelled: it was asked to stop; nothing is left behind.
        StudioError: there are too many frames, or it cannot be drawn or written.

    """
    if not 1 <= count <= MOST_FRAMES:
        raise StudioError(f"{path.name} would have {count} frames; choose 1 to {MOST_FRAMES}.")
    check_film(path, template.transparent)
    alpha = has_alpha(path)
    size = film_size(path, template.size)
    reel = Reel(size, fps, count, licence_note(template.model), quality)

    def frames() -> Iterator[NDArray[np.uint8]]:
        for index, shot in enumerate(shots):
            check(cancelled)
            pixels = renderer.render(replace(shot, size=size).with_alpha(alpha), cancelled)
            progress(Progress(index + 1, count, "Drawing frames", pixels))
            yield pixels
        check(cancelled)

    progress(Progress(0, count, "Drawing frames"))
    write_film(path, frames(), reel)
    return path
