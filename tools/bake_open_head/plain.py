"""The parts as MakeHuman has them, for pictures of what the open head's own parts are better at."""

from __future__ import annotations

import numpy as np

from .lashes import SIDES, strip_grid
from .parts import Part, affine_weights, chart_from, operator_from, triangulate
from .source import Array, BaseMesh

TEETH_BACK = 0.0025  # metres: else they show between closed lips
LASHES_PULLED = 0.62  # of the way to the edge of the lid
FLAT = {
    "upper_teeth": (233.0, 227.0, 212.0),
    "lower_teeth": (233.0, 227.0, 212.0),
    "tongue": (190.0, 96.0, 92.0),
    "lashes": (30.0, 22.0, 20.0),
}


def plain_parts(base: BaseMesh, average: Array) -> list[Part]:
    """Eyeballs, teeth, tongue and lash strips of the base mesh; there are no gums."""
    parts = [
        _part(base, average, f"helper-{SIDES[side]}-eye", f"{side}_eyeball") for side in ("left", "right")
    ]
    for name in ("upper", "lower"):
        part = _part(
            base, average, f"helper-{name}-teeth", f"{name}_teeth", np.array([0.0, 0.0, -TEETH_BACK])
        )
        part.regions[f"{name}_gums"] = np.arange(0)
        parts.append(part)
    parts.append(_part(base, average, "helper-tongue", "tongue"))
    for side in SIDES.values():
        for lid in (1, 2):
            group = f"helper-{side}-eyelashes-{lid}"
            parts.append(_part(base, average, group, "lashes", _to_lids(base, average, group)))
    return parts


def _part(base: BaseMesh, average: Array, group: str, name: str, shift: Array | float = 0.0) -> Part:
    faces, corners = triangulate(base.groups[group].quads, average)
    uv_quads = np.repeat(base.groups[group].uv_quads, 2, axis=0)
    chart = chart_from(name, base.uv[np.take_along_axis(uv_quads, corners, axis=1)])
    ids = base.groups[group].vertices
    points = average[ids]
    weights = np.eye(len(ids)) + affine_weights(points + shift, points) - affine_weights(points, points)
    every = np.arange(len(ids))
    return Part(
        operator_from(weights, ids, len(average)), np.searchsorted(ids, faces), [chart], {name: every}
    )


def _to_lids(base: BaseMesh, average: Array, group: str) -> Array:
    grid = strip_grid(base.groups[group].quads)
    ids = base.groups[group].vertices
    roots = np.empty(len(ids), dtype=np.int64)
    roots[np.searchsorted(ids, grid)] = grid[:, [1]]
    return LASHES_PULLED * (average[roots] - average[ids])
