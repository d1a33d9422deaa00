"""What a stage moves, as plain arrays: from states and back, with steps, limits, and what is locked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.fitting.problem import Problem
from studio.fitting.recipe import Stage, Variable
from studio.fitting.state import FitState
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import FIELD_WIDTHS

Array = NDArray[np.float64]
Values = dict[str, Array]  # by the names of ARRAYS, a row for each state, or one for all

HEAD = ("shape", "expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyelids")
ARRAYS: dict[Variable, str] = {"expression": "expr"}  # the others are called as their variable
IDENTITY = ("shape", "texture", "albedo")  # one for all photos of one person

STEPS: dict[str, float] = {
    "place": 1e-3,  # metres; times DEPTH for the logarithm of the depth
    "focal": 2e-3,  # its logarithm
    "rotation": 5e-3,  # radians
    "neck_pose": 5e-3,
    "jaw_pose": 5e-3,
    "eyes_pose": 1e-2,
    "eyelids": 2e-2,
    "shape": 2e-2,  # sigma
    "expr": 2e-2,  # thirds of a range
    "texture": 3e-2,  # sigma
    "light": 1e-2,
    "albedo": 5e-3,
}
DEPTH = 5.0


@dataclass(frozen=True, eq=False)
class Limits:
    """How far the components of each array may go, and how far a step takes them at most."""

    low: Values
    high: Values
    steps: Values  # 0 for what stays

    def stepped(self, values: Values, directions: Mapping[str, Array], factor: float) -> Values:
        """``values`` after a step into ``directions``, kept within the limits."""
        changed = dict(values)
        for name, direction in directions.items():
            steps = self.steps[name]
            moved = values[name] + factor * steps * direction
            bounded = np.clip(moved, self.low[name], self.high[name])
            changed[name] = np.where(steps > 0.0, bounded, values[name])
        return changed


def array_of(variable: Variable) -> str:
    """The name of the array of ``variable``."""
    return ARRAYS.get(variable, variable)


def values_of(problem: Problem, states: tuple[FitState, ...], anchors: Array) -> Values:
    """The arrays of ``states``; ``anchors`` (B, 3) are the middles of their heads without the places.

    "place" holds where the anchor is before the camera: metres to the right and up, and the logarithm of
    how many metres a pixel is there. "focal" is a logarithm, 0 for an orthographic camera.
    """
    found: Values = {}
    for name in HEAD:
        found[name] = np.stack([getattr(state.params, name).astype(np.float64) for state in states])
    found["place"] = np.stack([_placed(state, at) for state, at in zip(states, anchors, strict=True)])
    found["focal"] = np.array([[_zoom(state)] for state in states])
    found["light"] = np.stack([state.light for state in states]).astype(np.float64)
    if problem.recipe.light == "one":
        found["light"] = found["light"].mean(axis=2, keepdims=True)
    if problem.one_identity:
        found |= {name: found[name][:1] for name in IDENTITY if name in found}
        if problem.frames_per_second is not None:
            found["focal"] = found["focal"][:1]
    return found


def states_of(values: Values, states: tuple[FitState, ...], anchors: Array) -> tuple[FitState, ...]:
    """``states`` with what ``values`` say; see :func:`values_of`."""
    found = []
    for index, state in enumerate(states):

        def row(name: str, index: int = index) -> Array:
            return values[name][min(index, len(values[name]) - 1)]

        light = np.broadcast_to(row("light"), (len(row("light")), 3)).copy()
        camera = state.camera
        across, up, size = row("place")
        if camera.projection == "perspective":
            focal = math.exp(row("focal")[0])
            place = np.array([across, up, -focal * math.exp(size)]) - anchors[index]
            camera = camera.replace(focal=focal, place=tuple(place.tolist()))
        else:
            place = np.array([across, up, 0.0]) - anchors[index]
            place[2] = camera.place[2]
            camera = camera.replace(scale=math.exp(-size), place=tuple(place.tolist()))
        params = state.params.replace(**{name: row(name) for name in HEAD})
        changed = state.replace(params=params, camera=camera, light=light)
        if "texture" in values:
            changed = changed.replace(texture=row("texture").copy())
        found.append(changed)
    return tuple(found)


def limits_of(
    problem: Problem, stage: Stage, values: Values, texture_ranges: Array, is_free: bool = False
) -> Limits:
    """How far the arrays that ``stage`` moves may go; ``is_free`` knows no limits but what is locked."""
    model, recipe = problem.model, problem.recipe
    ranges: dict[str, NDArray] = {
        "shape": model.shape_ranges,
        "expr": model.expression_ranges,
        "texture": texture_ranges,
        "albedo": np.array([[-1.0, 1.0]]),
        **{name: FIELD_RANGES[name] for name in FIELD_WIDTHS if name not in ("rotation", "translation")},
    }
    counts = {
        "shape": recipe.shape_count,
        "expr": recipe.expression_count,
        "texture": recipe.texture_count,
    }
    low, high, steps = {}, {}, {}
    for variable in stage.moves:
        name = array_of(variable)
        if name not in values:
            continue
        shape = values[name].shape
        bounds = None if is_free else ranges.get(name)
        low[name] = np.full(shape[1:], -np.inf) if bounds is None else _fitted(bounds[:, 0], shape)
        high[name] = np.full(shape[1:], np.inf) if bounds is None else _fitted(bounds[:, 1], shape)
        step = np.full(shape[1:], stage.steps.get(variable, STEPS[name]))
        if name in counts:
            step[counts[name] :] = 0.0
        if name == "expr":
            step *= 1.0 if is_free else np.abs(model.expression_ranges).max(axis=1) / 3.0
            step[[corrective.expression for corrective in model.correctives]] = 0.0
        if name == "place" and not is_free:
            step[2] *= DEPTH
        for field, index in problem.locks:
            if field == name and index < len(step):
                step[index] = 0.0
        steps[name] = step
    return Limits(low, high, steps)


def _fitted(ends: NDArray, shape: tuple[int, ...]) -> Array:
    """Ends of ranges for components of ``shape`` (B, N, ...)."""
    return np.broadcast_to(ends.astype(np.float64).reshape(-1, *[1] * (len(shape) - 2)), shape[1:])


def _placed(state: FitState, anchor: Array) -> Array:
    camera = state.camera
    x, y, z = np.asarray(camera.place) + anchor
    if camera.projection == "orthographic":
        return np.array([x, y, -math.log(camera.scale)])
    return np.array([x, y, math.log(-z / camera.focal)])


def _zoom(state: FitState) -> float:
    camera = state.camera
    return math.log(camera.focal) if camera.projection == "perspective" else 0.0
