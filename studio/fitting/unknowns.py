"""The numbers that a least-squares stage moves, between states and vectors, and how far they may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.locks import Locks
from studio.document.photo_camera import PhotoCamera
from studio.fitting.head_part import Blends
from studio.fitting.projection_slopes import zoom, zoomed
from studio.fitting.recipe import Recipe, Stage, Variable
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import FIELD_WIDTHS, ROTATIONS, Params, full_pose, pose_fields

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

FARTHEST, NEAREST = -100.0, -0.2  # metres along Z, between which heads stand
_ZOOM = (0.3, 12.0)  # focal lengths in shares of the photo's longer side
_WIDE = 1e6  # pixels a metre


@dataclass(frozen=True, eq=False)
class Layout:
    """What moves, in the order of the vector: blends, turns, place, zoom."""

    blends: Blends
    turned: Indices  # of the 15 components of the pose
    place: Indices  # of x, y, z
    zoom: bool

    @property
    def count(self) -> int:
        """P, all of them."""
        return self.blends.count + len(self.turned) + len(self.place) + int(self.zoom)

    @property
    def head(self) -> int:
        """How many of them are the head's."""
        return self.blends.count + len(self.turned)


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lowest and highest value of each unknown (P,)."""

    low: Array
    high: Array


def layout_of(model: HeadModel, recipe: Recipe, stage: Stage, locks: Locks = frozenset()) -> Layout:
    """What moves in ``stage`` of photos taken as ``recipe`` says."""

    def moving(variable: Variable, field: str, count: int) -> Indices:
        free = [index for index in range(count) if (field, index) not in locks]
        return np.array(free if variable in stage.moves else [], np.intp)

    blends = Blends(
        moving("shape", "shape", min(model.shape_count, recipe.shape_count)),
        moving("expression", "expr", min(model.expression_count, recipe.expression_count)),
        moving("eyelids", "eyelids", 0 if model.eyelids is None else 2),
    )
    turned, begin = [], 0
    for field in ROTATIONS:
        turned.append(begin + moving(field, field, FIELD_WIDTHS[field]))  # type: ignore[arg-type]
        begin += FIELD_WIDTHS[field]
    orthographic = recipe.projection == "orthographic"
    places = "place" in stage.moves
    place = np.arange(2 if orthographic else 3) if places else np.zeros(0, np.intp)
    return Layout(blends, np.concatenate(turned), place, places if orthographic else "focal" in stage.moves)


def vector_of(layout: Layout, state: FitState) -> Array:
    """The unknowns (P,) as they are in ``state``."""
    place = np.asarray(state.camera.place, np.float64)[layout.place]
    zooms = [zoom(state.camera)] if layout.zoom else []
    return np.concatenate([head_vector(layout, state.params), place, zooms])


def head_vector(layout: Layout, params: Params) -> Array:
    """The unknowns of the head alone, blends and turns, as they are in ``params``."""
    blends = layout.blends
    parts = (params.shape[blends.shape], params.expr[blends.expression], params.eyelids[blends.eyelids])
    return np.concatenate([*parts, full_pose(params)[layout.turned]]).astype(np.float64)


def pose_of(layout: Layout, values: Array, pose: Array) -> Array:
    """The whole pose (15,) with the turns of ``values`` (P,) in it."""
    found = pose.copy()
    found[layout.turned] = values[layout.blends.count : layout.head]
    return found


def camera_of(layout: Layout, values: Array, camera: PhotoCamera) -> PhotoCamera:
    """``camera`` with the place and zoom of ``values`` (P,)."""
    place = np.array(camera.place, np.float64)
    place[layout.place] = values[layout.head : layout.head + len(layout.place)]
    camera = camera.replace(place=tuple(float(part) for part in place))
    return zoomed(camera, float(values[-1])) if layout.zoom else camera


def params_of(layout: Layout, values: Array, params: Params) -> Params:
    """``params`` with the blends and turns of ``values`` (P,)."""
    changed, begin = {}, 0
    for field, numbers in (
        ("shape", layout.blends.shape),
        ("expr", layout.blends.expression),
        ("eyelids", layout.blends.eyelids),
    ):
        filled = getattr(params, field).copy()
        filled[numbers] = values[begin : begin + len(numbers)]
        changed[field], begin = filled, begin + len(numbers)
    pose = pose_of(layout, values, full_pose(params).astype(np.float64))
    return params.replace(**changed, **pose_fields(pose))


def state_of(layout: Layout, values: Array, state: FitState) -> FitState:
    """``state`` with the unknowns ``values`` (P,)."""
    return state.replace(
        params=params_of(layout, values, state.params), camera=camera_of(layout, values, state.camera)
    )


def bounds_of(model: HeadModel, layout: Layout, camera: PhotoCamera) -> Bounds:
    """How far the unknowns may go: the model's ranges, joint limits, and cameras that exist."""
    head = head_bounds(model, layout)
    place = np.array([[-np.inf, np.inf], [-np.inf, np.inf], [FARTHEST, NEAREST]])
    rows = [np.stack([head.low, head.high], axis=1), place[layout.place]]
    if layout.zoom:
        longer = max(camera.size)
        perspective = camera.projection == "perspective"
        limits = (_ZOOM[0] * longer, _ZOOM[1] * longer) if perspective else (1e-3, _WIDE)
        rows.append(np.log(np.array([limits])))
    low, high = np.concatenate(rows).astype(np.float64).reshape(-1, 2).T
    return Bounds(low, high)


def head_bounds(model: HeadModel, layout: Layout) -> Bounds:
    """How far the unknowns of the head alone may go; its root turns freely."""
    blends = layout.blends
    pose = np.concatenate([FIELD_RANGES[field] for field in ROTATIONS])
    pose[:3] = np.array([-2.0 * np.pi, 2.0 * np.pi])
    rows = [
        model.shape_ranges[blends.shape],
        model.expression_ranges[blends.expression],
        FIELD_RANGES["eyelids"][blends.eyelids],
        pose[layout.turned],
    ]
    low, high = np.concatenate(rows).astype(np.float64).T
    return Bounds(low, high)
