"""The fit of a film as a job that can be stopped, or killed, and goes on where it was."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.document.locks import Locks, components_held
from studio.document.photo_camera import focal_of_lens, likely_focal
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_text import recipe_to_text
from studio.fitting.run import Diverged, FitRun
from studio.fitting.starting import start_state
from studio.fitting.video.correcting import corrected
from studio.fitting.video.film import Film, frames_of, open_film
from studio.fitting.video.frame import Frame
from studio.fitting.video.identity import shared_identity, with_identity
from studio.fitting.video.result import FilmFit, film_fit
from studio.fitting.video.stages import film_stages
from studio.fitting.video.store import Store
from studio.fitting.video.tracking import Tracker
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.backends.base import Backend

LandmarkSource = Callable[[int, NDArray[np.uint8]], Landmarks2D | None]
"""The landmarks of a frame by its number and its pixels, or None where they are not known."""

SHUFFLED = 20261126  # seed of the order in which frames are gone through once more


@dataclass(frozen=True, eq=False)
class VideoFitJob:
    """Fits a head to every frame of a film; the backend is made when it runs.

    ``folder`` keeps the finished frames: the same job on the same folder goes on after them.
    """

    model: HeadModel
    make_backend: Callable[[], Backend]
    film: Path
    recipe: Recipe
    landmarks: LandmarkSource
    folder: Path | None = None  # None: nothing is kept
    locks: Locks = frozenset()
    focal: float | None = None  # pixels, where it is known
    lens: float = 0.0  # mm as for 35 mm film, where the focal length is not known; 0: unknown too
    corrections: Mapping[int, Landmarks2D] = field(default_factory=dict)  # of finished frames, by number
    kept: Params | None = None  # where locked components stay; None: neutral

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Fit to {self.film.name}"

    def run(self, progress: Report, cancelled: Cancelled) -> FilmFit:
        """Follow the head through the film, find its identity, and go through all frames once more.

        Raises:
            JobCancelled: it was asked to stop; finished frames stay in the folder.
            StudioError: the film cannot be read, has no frame, or its first one no landmarks.

        """
        film = open_film(self.film)
        progress(Progress(0, 2 * film.announced, "Preparing"))
        with ExitStack() as stack:
            folder = self.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            store = Store(folder)
            store.begin(film, self.model.digest, recipe_to_text(self.recipe))
            tracker = self._tracker(film, cancelled)
            frames = self._tracked(film, store, tracker, progress)
            frames = self._corrected(store, tracker, frames, progress)
            notices: tuple[str, ...] = ()
            if film.is_short(len(frames)):
                notices = (
                    f"{film.path.name} ends early: of about {film.announced} frames {len(frames)} are there.",
                )
            return film_fit(self.model, self._refined(store, tracker, frames, progress), film.fps, notices)

    def _tracker(self, film: Film, cancelled: Cancelled) -> Tracker:
        focal = self.focal or (
            focal_of_lens(self.lens, *film.size) if self.lens > 0.0 else likely_focal(*film.size)
        )
        stages = film_stages(self.recipe)
        return Tracker(self.model, self.make_backend(), stages, focal, film.fps, self.locks, cancelled)

    def _tracked(self, film: Film, store: Store, tracker: Tracker, progress: Report) -> list[Frame]:
        """All frames of the film, one after another."""
        frames = store.read()
        for pixels in frames_of(film, len(frames)):
            check(tracker.cancelled)
            number = len(frames)
            landmarks = self.landmarks(number, pixels)
            if frames:
                view = tracker.look(pixels, _expected(tracker, frames))
                frame = tracker.follow(frames[-1], view, number, landmarks)
            else:
                frame = self._first(tracker, pixels, landmarks)
            store.write(frame)
            frames.append(frame)
            total = 2 * max(film.announced, len(frames))
            progress(
                Progress(len(frames), total, f"Following the head, frame {len(frames)}", frame.view.pixels)
            )
        if not frames:
            raise StudioError(f"{film.path.name} has no frame that can be read; get the film again.")
        return frames

    def _first(self, tracker: Tracker, pixels: NDArray[np.uint8], landmarks: Landmarks2D | None) -> Frame:
        """The first frame, fitted as a photo is."""
        if landmarks is None or not landmarks.known.any():
            raise StudioError(
                f"The first frame of {self.film.name} has no landmarks; give a file of them, or set them."
            )
        observation = Observation(self.film.name, pixels, landmarks, focal=tracker.focal)
        start = start_state(self.model, observation, self.recipe)
        if self.kept is not None:
            start = start.replace(params=components_held(self.locks, self.kept, start.params))
        problem = Problem(self.model, (observation,), self.recipe, (start,), locks=self.locks)
        run = FitRun(problem, tracker.backend)
        try:
            while not run.finished:
                check(tracker.cancelled)
                run.step()
        except Diverged:
            pass
        state = run.states[0].replace(albedo_offset=None)
        view = tracker.look(pixels, tracker.points(state))
        return tracker.judged(Frame(0, state, view, landmarks, True, math.nan), state)

    def _corrected(
        self, store: Store, tracker: Tracker, frames: list[Frame], progress: Report
    ) -> list[Frame]:
        """``frames`` with those set right by hand, and what follows beside them; kept in ``store``."""
        for number, landmarks in sorted(self.corrections.items()):
            check(tracker.cancelled)
            if not 0 <= number < len(frames):
                raise StudioError(
                    f"{self.film.name} has the frames 0 to {len(frames) - 1}, so frame {number} cannot be "
                    "corrected."
                )
            progress(Progress(len(frames), 2 * len(frames), f"Correcting frame {number}"))
            before, frames = frames, corrected(tracker, frames, number, landmarks)
            changed = [new for old, new in zip(before, frames, strict=True) if new is not old]
            for frame in changed:
                store.write(frame)
        return frames

    def _refined(
        self, store: Store, tracker: Tracker, frames: list[Frame], progress: Report
    ) -> Sequence[Frame]:
        """Every frame once more between its neighbours, with the identity of several; in shuffled order."""
        count = len(frames)
        identity = shared_identity(store, tracker, frames)
        frames = [with_identity(frame, identity) for frame in frames]
        done = sum(frame.refined for frame in frames)
        for number in np.random.default_rng(SHUFFLED).permutation(count).tolist():
            if frames[number].refined:
                continue
            check(tracker.cancelled)
            frames[number] = _between(tracker, frames, number).replace(refined=True)
            store.write(frames[number])
            done += 1
            progress(Progress(count + done, 2 * count, f"Refining, {done} of {count} frames"))
        return frames


def _expected(tracker: Tracker, frames: Sequence[Frame]) -> NDArray[np.float64]:
    """Where the landmarks will be in the next frame if the head moves on as it does."""
    here = tracker.points(frames[-1].state)
    if len(frames) < 2:
        return here
    return here + 0.5 * (here - tracker.points(frames[-2].state))


def _between(tracker: Tracker, frames: Sequence[Frame], number: int) -> Frame:
    """Frame ``number`` fitted between its neighbours, which stay."""
    first, last = max(number - 1, 0), min(number + 2, len(frames))
    held = [index - first for index in range(first, last) if index != number]
    return tracker.refine(frames[first:last], held)[number - first]
