"""What a fit came to, as an object for programs: errors, times, recipe, versions, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from studio import __version__
from studio.backends.base import Surface
from studio.fitting.judging import landmark_error, photo_error
from studio.fitting.observation import Observation
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import seeks_skin
from studio.fitting.reduced import Reduced
from studio.fitting.run import Iteration
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES

_HAIR = 1e-4  # radians beyond a limit that are rounding


def report_of(
    model: HeadModel,
    surface: Surface,
    state: FitState,
    observation: Observation,
    recipe: Recipe,
    history: Sequence[Iteration],
    part: Reduced | None,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """The report of a fit to one photo.

    Args:
        model: the head.
        surface: as it was fitted.
        state: what was found.
        observation: what it was fitted to.
        recipe: how.
        history: of all iterations.
        part: the photo with the head, over which they are compared; None: there is no photo.
        warnings: sentences.

    """
    return {
        "photo": observation.name,
        "size": list(observation.size),
        "landmarks": _landmarks(model, surface, state, observation),
        "picture": None if part is None or not seeks_skin(recipe) else _picture(part),
        "jaw": _jaw(state),
        "camera": _camera(state),
        "recipe": {"name": recipe.name, "projection": recipe.projection, "prior": recipe.prior},
        "stages": stage_times(recipe, history),
        "iterations": len(history),
        "seconds": round(sum(done.seconds for done in history), 4),
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "licence": model.licence,
        "versions": {"flame_studio": __version__, "numpy": np.__version__},
        "warnings": list(warnings),
    }


def stage_times(recipe: Recipe, history: Sequence[Iteration]) -> list[dict[str, Any]]:
    """Of each stage: name, iterations, seconds, and its last costs by term."""
    stages = []
    for number, stage in enumerate(recipe.stages):
        mine = [done for done in history if done.stage == number]
        told: dict[str, Any] = {
            "name": stage.name,
            "iterations": len(mine),
            "seconds": round(sum(done.seconds for done in mine), 4),
        }
        if mine:
            told["costs"] = {term: float(f"{cost:.6g}") for term, cost in mine[-1].costs.items()}
        stages.append(told)
    return stages


def _landmarks(
    model: HeadModel, surface: Surface, state: FitState, observation: Observation
) -> dict[str, Any] | None:
    landmarks = observation.landmarks
    error = None if landmarks is None else landmark_error(model, surface, state, landmarks)
    if error is None or landmarks is None:
        return None
    return {
        "set": landmarks.set_name,
        "points": int(landmarks.known.sum()),
        "mean_percent_of_eye_distance": round(100.0 * error.mean, 4),
        "mean_pixels": round(float(np.nanmean(error.pixels)), 4),
        "largest_pixels": round(float(np.nanmax(error.pixels)), 4),
        "eye_distance_pixels": round(error.eye_distance, 3),
    }


def _picture(part: Reduced) -> dict[str, Any] | None:
    error = photo_error(part.shown, part.pixels, part.skin)
    if error is None:
        return None
    return {
        "psnr_db": round(error.psnr, 3),
        "absolute_linear": round(error.absolute, 6),
        "pixels": error.pixels,
        "at_scale": round(part.factor, 6),
    }


def _jaw(state: FitState) -> dict[str, Any]:
    low, high = FIELD_RANGES["jaw_pose"].T
    jaw = state.params.jaw_pose
    return {
        "radians": [round(float(value), 6) for value in jaw],
        "within_limits": bool(((jaw >= low - _HAIR) & (jaw <= high + _HAIR)).all()),
    }


def _camera(state: FitState) -> dict[str, Any]:
    camera = state.camera
    told: dict[str, Any] = {"projection": camera.projection, "place_metres": list(camera.place)}
    if camera.projection == "perspective":
        told["focal_pixels"] = camera.focal
    else:
        told["pixels_a_metre"] = camera.scale
    return told
