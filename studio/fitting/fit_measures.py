"""How near a fitted head is to its photo, in numbers that mean the same on every photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.fitting.fit_job import Fit
from studio.fitting.judging import landmark_error, photo_error
from studio.fitting.recipe_edits import seeks_skin
from studio.fitting.reduced import reduced

if TYPE_CHECKING:
    from studio.backends.base import Backend

SIDE = 640  # pixels of the longer side at which head and photo are compared


@dataclass(frozen=True)
class FitMeasures:
    """What a fit comes to."""

    landmarks: float | None  # mean distance of the landmarks, in shares of the outer-eye distance
    psnr: float | None  # decibels over the skin that is seen, of sRGB; None where skin was not sought
    iterations: int
    seconds: float  # of all iterations


def measure_fit(fit: Fit, backend: Backend) -> FitMeasures:
    """Measure the first head of ``fit``."""
    (observation, *_), (state, *_) = fit.problem.observations, fit.states
    model, surface = backend.model, backend.forward(state.params)
    known = observation.landmarks
    missed = None if known is None else landmark_error(model, surface, state, known)
    seen = None
    if seeks_skin(fit.problem.recipe):
        part = reduced(model, surface, state, observation, SIDE)
        seen = photo_error(part.shown, part.pixels, part.skin)
    return FitMeasures(
        None if missed is None else missed.mean,
        None if seen is None else seen.psnr,
        len(fit.history),
        sum(done.seconds for done in fit.history),
    )
