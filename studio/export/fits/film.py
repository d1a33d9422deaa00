"""A fit as a film: photo, skin, landmarks, the head over the photo, its albedo and its shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.export.encoders import Reel
from studio.export.films import check_film, write_film
from studio.export.fits.overlay import albedo_alone, clay_alone, head_over, skin_alone, with_landmarks
from studio.export.note import licence_note
from studio.fitting.observation import Observation
from studio.fitting.projection import project
from studio.fitting.reduced import reduced
from studio.fitting.run import FitRun, Iteration
from studio.fitting.state import FitState
from studio.flame.landmark_sets import landmark_set
from studio.jobs.job import Cancelled, Progress, Report, check

PANEL = 320  # pixels a side; three panels beside and two above one another
RATE = 15.0  # frames a second
FRAMES = 120  # of a whole fit, about
_LAST = 15  # frames that the end stays
_AROUND = 1.4  # of the head's own box

Box = tuple[float, float, float, float]


@dataclass
class Diary:
    """The states that a fit went through, few enough for a film; ``tell`` hears of each iteration."""

    total: int  # iterations of the recipe
    states: list[tuple[FitState, ...]] = field(default_factory=list)
    _heard: int = 0

    def tell(self, _iteration: Iteration, run: FitRun) -> None:
        """Note where the fit is, every few iterations."""
        if self._heard % max(self.total // FRAMES, 1) == 0:
            self.states.append(run.states)
        self._heard += 1

    def of(self, number: int) -> list[FitState]:
        """The states of the photo ``number``."""
        return [states[number] for states in self.states]


@dataclass(frozen=True, eq=False)
class FitFilmJob:
    """Film a fit of ``states``, the last one at the end for a second."""

    backend: Backend
    observation: Observation
    states: Sequence[FitState]
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
            StudioError: it cannot be written, or there are no states.

        """
        check_film(self.path)
        shown = [*self.states, *[self.states[-1]] * _LAST]
        part = self._part(self.states[-1])

        def frames() -> Iterator[NDArray[np.uint8]]:
            for number, state in enumerate(shown):
                check(cancelled)
                yield self._frame(state, part)
                progress(Progress(number + 1, len(shown), "Filming the fit"))

        reel = Reel(self.size, RATE, len(shown), licence_note(self.backend.model))
        write_film(self.path, frames(), reel, cancelled)
        return self.path

    def _part(self, state: FitState) -> Box:
        """A square around the head as it was fitted, and its landmarks."""
        points = project(state.camera, self.backend.forward(state.params).vertices)[0]
        points = points[np.isfinite(points).all(axis=1)]
        low, high = np.percentile(points, (1, 99), axis=0)
        middle, half = 0.5 * (low + high), 0.5 * _AROUND * float((high - low).max())
        half = min(max(half, 8.0), 0.5 * max(self.observation.size))
        return (*(middle - half).tolist(), *(middle + half).tolist())

    def _frame(self, state: FitState, part: Box) -> NDArray[np.uint8]:
        """One frame (H, W, 4)."""
        return panels(self.backend, state, self.observation, part)


def panels(backend: Backend, state: FitState, observation: Observation, part: Box) -> NDArray[np.uint8]:
    """Photo, skin and landmarks over head, albedo and shape: the ``part`` of one photo (H, W, 4)."""
    model, surface = backend.model, backend.forward(state.params)
    shown = reduced(model, surface, state, observation, PANEL, part)
    marks = landmark_set(model, observation.landmarks.set_name if observation.landmarks else "68")
    above = shown.pixels, skin_alone(shown), with_landmarks(shown.pixels, shown, surface, marks)
    below = head_over(shown), albedo_alone(shown), clay_alone(shown)
    picture = np.concatenate([np.concatenate(row, axis=1) for row in (above, below)], axis=0)
    return np.concatenate([picture, np.full((*picture.shape[:2], 1), 255, np.uint8)], axis=2)
