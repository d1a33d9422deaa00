"""A head fitted to one photo as a job: the photo is read, the fit begun, gone through and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.document.fit_commands import Fitted, coefficients
from studio.document.locks import Locks, components_held
from studio.document.look import Texture
from studio.fitting.fit_job import Fit, FitControl, FitJob, Tell
from studio.fitting.fit_measures import FitMeasures, measure_fit
from studio.fitting.late_backend import LateBackend
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import moved
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Progress, Report, check

if TYPE_CHECKING:
    from studio.backends.base import Backend


@dataclass(frozen=True, eq=False)
class PhotoFit:
    """What came of a fit to one photo."""

    fit: Fit
    measures: FitMeasures

    @property
    def state(self) -> FitState:
        """The head, its camera, light and skin."""
        return self.fit.states[0]

    @property
    def fitted(self) -> Fitted:
        """It as the document takes it."""
        return fitted_of(self.state, self.fit.problem.recipe)


@dataclass(frozen=True, eq=False)
class PhotoFitJob:
    """Fits a head of ``model`` to what ``observe`` reads.

    Components in ``locks`` stay as they are in ``kept``. It begins at ``begin`` where that is given and has
    been seen by a camera of this photo.
    """

    model: HeadModel
    observe: Callable[[], Observation]
    recipe: Recipe
    make_backend: Callable[[], Backend]
    locks: Locks = frozenset()
    kept: Params | None = None
    begin: FitState | None = None
    tell: Tell = lambda _iteration, _run: None
    control: FitControl = field(default_factory=FitControl)

    @property
    def name(self) -> str:
        """What it is called."""
        return "Fit"

    def run(self, progress: Report, cancelled: Cancelled) -> PhotoFit:
        """Fit.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: photo or landmarks cannot be read, or the recipe cannot be done with them.

        """
        progress(Progress(0, 0, "Reading the photo"))
        backend = LateBackend(self.make_backend)
        observation = self.observe()
        check(cancelled)
        problem = Problem(
            self.model, (observation,), self.recipe, (self._start(observation),), locks=self.locks
        )
        fit = FitJob(problem, lambda: backend, self.tell, self.control).run(progress, cancelled)
        return PhotoFit(fit, measure_fit(fit, backend.get()))

    def _start(self, observation: Observation) -> FitState:
        from studio.fitting.starting import start_state

        begin = self.begin
        if begin is not None and _suits(begin, observation, self.recipe):
            return begin
        start = start_state(self.model, observation, self.recipe)
        if self.kept is None:
            return start
        return start.replace(params=components_held(self.locks, self.kept, start.params))


def _suits(begin: FitState, observation: Observation, recipe: Recipe) -> bool:
    camera = begin.camera
    return camera.size == observation.size and camera.projection == recipe.projection


def fitted_of(state: FitState, recipe: Recipe) -> Fitted:
    """``state`` as the document takes it; skin and light only where ``recipe`` seeks them."""
    sought = moved(recipe)
    texture = (
        Texture(state.texture_key, coefficients(state.texture.tolist())) if "texture" in sought else None
    )
    light = tuple(float(f"{value:.6g}") for value in state.light.ravel()) if "light" in sought else None
    params = state.params
    if state.vertex_offset is not None:
        params = params.replace(vertex_offset=state.vertex_offset)
    return Fitted(params, state.camera, texture, light)
