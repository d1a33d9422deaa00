"""How near a fitted head is to its photo, in numbers that mean the same on every photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.fitting.fit_job import Fit
from studio.fitting.observation import Observation
from studio.fitting.projection import project
from studio.fitting.state import FitState

if TYPE_CHECKING:
    from studio.backends.base import Backend

_EYE_CORNERS = (36, 45)  # the outer ones, in iBUG's order


@dataclass(frozen=True)
class FitMeasures:
    """What a fit comes to."""

    landmarks: float | None  # mean distance of the landmarks, in shares of the outer-eye distance
    psnr: float | None  # decibels over the skin that is seen, of sRGB; None without a picture term
    iterations: int
    seconds: float  # of all iterations


def measure_fit(fit: Fit, backend: Backend) -> FitMeasures:
    """Measure the first head of ``fit``."""
    (observation, *_), (state, *_) = fit.problem.observations, fit.states
    error = landmark_error(observation, state, backend.forward(state.params).landmarks)
    return FitMeasures(error, None, len(fit.history), sum(done.seconds for done in fit.history))


def landmark_error(observation: Observation, state: FitState, landmarks: NDArray | None) -> float | None:
    """Mean distance of ``landmarks`` (68, 3) of the head from those of the photo, weighted by confidence.

    In shares of the distance between the outer corners of the eyes on the photo; None where they cannot be
    compared.
    """
    known = observation.landmarks
    if known is None or landmarks is None or known.set_name != "68" or len(landmarks) != len(known.points):
        return None
    eyes = known.points[list(_EYE_CORNERS)]
    across = float(np.linalg.norm(eyes[0] - eyes[1]))
    if not (np.isfinite(across) and across > 0.0 and known.known.any()):
        return None
    seen = known.known
    found = project(state.camera, landmarks[seen])[0]
    distances = np.linalg.norm(found - known.points[seen], axis=1)
    return float(np.average(distances, weights=known.confidence[seen]) / across)
