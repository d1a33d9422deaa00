"""The fit of a film as a film: of each frame photo, skin, landmarks, the head over it, albedo and shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.export.encoders import Reel
from studio.export.films import check_film, write_film
from studio.export.fits.film import PANEL, panels
from studio.export.note import licence_note
from studio.fitting.observation import Observation
from studio.fitting.projection import project
from studio.fitting.video.film import frames_of, open_film
from studio.fitting.video.store import Store
from studio.fitting.video.view import square_around
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.storage.errors import StudioError


@dataclass(frozen=True, eq=False)
class FollowedFilmJob:
    """Films the finished frames of ``folder``, which are of ``film``, at the film's own rate."""

    backend: Backend
    film: Path
    folder: Path
    path: Path
    name: str = "Film of the fit"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the film."""
        return 3 * PANEL, 2 * PANEL

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: the film cannot be read or written, or no frame is finished.

        """
        check_film(self.path)
        film, found = open_film(self.film), Store(self.folder).read()
        if not found:
            raise StudioError(f"{self.folder.name} has no finished frame of {self.film.name}; fit it first.")

        def frames() -> Iterator[NDArray[np.uint8]]:
            with closing(frames_of(film)) as seen:
                for frame, pixels in zip(found, seen, strict=False):
                    check(cancelled)
                    points = project(frame.state.camera, self.backend.forward(frame.state.params).landmarks)[
                        0
                    ]
                    observation = Observation(self.film.name, pixels, frame.landmarks)
                    yield panels(self.backend, frame.state, observation, square_around(points))
                    progress(Progress(frame.number + 1, len(found), "Filming the fit"))

        reel = Reel(self.size, film.fps, len(found), licence_note(self.backend.model))
        write_film(self.path, frames(), reel, cancelled)
        return self.path
