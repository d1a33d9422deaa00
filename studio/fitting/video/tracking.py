"""One frame of a film fitted after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.document.locks import Locks
from studio.fitting.marks import OUTER_EYES, marks_of
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.problem import Problem
from studio.fitting.projection import project
from studio.fitting.recipe import Recipe
from studio.fitting.run import Diverged, FitRun
from studio.fitting.state import FitState
from studio.fitting.video.flow import MOST, carried
from studio.fitting.video.frame import Frame
from studio.fitting.video.stages import FilmStages
from studio.fitting.video.view import View, square_around, view_of
from studio.flame.landmark_sets import landmark_positions
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, check

if TYPE_CHECKING:
    from studio.backends.base import Backend

Array = NDArray[np.float64]
KEPT = 0.8  # of a landmark's place, where it is sure; the rest is where the fitted head has it


@dataclass(frozen=True, eq=False)
class Tracker:
    """Fits views of the frames of one film."""

    model: HeadModel
    backend: Backend
    stages: FilmStages
    focal: float  # pixels of the film
    fps: float
    locks: Locks = frozenset()
    cancelled: Cancelled = lambda: False

    def points(self, state: FitState) -> Array:
        """Where the 68 landmarks of ``state`` fall on its photo (68, 2)."""
        return project(state.camera, self.backend.forward(state.params).landmarks)[0]

    def look(self, pixels: NDArray[np.uint8], points: NDArray) -> View:
        """The view of a frame around ``points`` (N, 2)."""
        return view_of(pixels, square_around(np.asarray(points, np.float64)))

    def follow(
        self,
        before: Frame,
        view: View,
        number: int,
        landmarks: Landmarks2D | None,
        start: FitState | None = None,
    ) -> Frame:
        """The frame ``number``, of which ``view`` is a part, fitted after ``before`` beside it.

        Args:
            before: which stays as it is.
            view: around the face.
            number: of the frame.
            landmarks: where they are known, pixels of the frame; None: as the pixels moved.
            start: where the head is sought first; None: where it is in ``before``.

        """
        marks = landmarks
        if marks is None:
            marks = carried(self._sources(before), before.view, view)
        state = before.state if start is None else start
        frame = Frame(number, state, view, marks, landmarks is not None, 0.0)
        if int(marks.known.sum()) >= 8:
            frame = self._fitted(self.stages.catch_up, (frame,), ())[0]
        return self._fitted(self.stages.follow, (before, frame), (0,))[1]

    def _sources(self, frame: Frame) -> Array:
        """From where landmarks are carried on: where they were, more than where the fit has them."""
        shown = self.points(frame.state)
        if frame.landmarks is None or len(frame.landmarks.points) != len(shown):
            return shown
        trust = (KEPT * np.clip(frame.landmarks.confidence / MOST, 0.0, 1.0))[:, None]
        return trust * np.where(trust > 0.0, frame.landmarks.points, 0.0) + (1.0 - trust) * shown

    def alone(self, frame: Frame) -> Frame:
        """``frame`` fitted to its own landmarks and pixels, whatever is beside it."""
        return self._fitted(self.stages.follow, self._fitted(self.stages.catch_up, (frame,), ()), ())[0]

    def refine(self, frames: Sequence[Frame], held: Sequence[int]) -> list[Frame]:
        """``frames``, which follow one another, gone through once more; those at ``held`` stay."""
        return self._fitted(self.stages.refine, frames, held)

    def identify(self, frames: Sequence[Frame]) -> list[Frame]:
        """``frames`` of one person, each anew and with one identity and texture."""
        return self._fitted(self.stages.identity, frames, (), False)

    def _fitted(
        self, recipe: Recipe, frames: Sequence[Frame], held: Sequence[int], follow_one_another: bool = True
    ) -> list[Frame]:
        """``frames`` after ``recipe``; where it runs away, as well as it was before that."""
        problem = Problem(
            self.model,
            tuple(self._observation(frame) for frame in frames),
            recipe,
            tuple(frame.view.state(frame.state) for frame in frames),
            one_identity=len(frames) > 1,
            locks=self.locks,
            frames_per_second=self.fps if follow_one_another else None,
            held=frozenset(held),
        )
        run = FitRun(problem, self.backend)
        try:
            while not run.finished:
                check(self.cancelled)
                run.step()
        except Diverged:
            pass
        return [
            frame if index in held else self.judged(frame, frame.view.state_back(state, frame.state.camera))
            for index, (frame, state) in enumerate(zip(frames, run.states, strict=True))
        ]

    def _observation(self, frame: Frame) -> Observation:
        return frame.view.observation(f"Frame {frame.number}", frame.landmarks, self.focal)

    def judged(self, frame: Frame, state: FitState) -> Frame:
        """``frame`` with ``state`` and what its landmarks miss then."""
        return frame.replace(state=state, error=self.missed(state, frame.landmarks))

    def missed(self, state: FitState, landmarks: Landmarks2D | None) -> float:
        """What ``landmarks`` miss on average by their confidence, percent of the outer-eye distance."""
        if landmarks is None or not landmarks.known.any():
            return float("nan")
        marks = marks_of(self.model, landmarks.set_name)
        surface = self.backend.forward(state.params)
        places = landmark_positions(surface.vertices, marks, surface.contour_row)
        off = np.linalg.norm(project(state.camera, places)[0] - landmarks.points, axis=1)
        eyes = project(state.camera, surface.landmarks[list(OUTER_EYES)])[0]
        unit = float(np.linalg.norm(eyes[0] - eyes[1]))
        known = landmarks.known
        return float(100.0 * np.average(off[known], weights=landmarks.confidence[known]) / max(unit, 1e-6))
