"""The tongue: MakeHuman's, laid down flat inside the lower teeth so that an open mouth shows them."""

from __future__ import annotations

import numpy as np

from .parts import Part, affine_weights, chart_from, operator_from, triangulate
from .source import Array, BaseMesh

ROOT = -0.012  # z of the tongue's root, in metres: it stays where it is


def lowered(points: Array) -> Array:
    """Where the points (n, 3) of MakeHuman's tongue go, in metres."""
    x, y, z = points.T
    forward = np.clip((z - ROOT) / 0.06, 0.0, 1.0)
    ceiling = -0.0518 - 0.0015 * forward
    flat = ceiling + 0.40 * (y + 0.0355 + 0.004 * forward)
    blend = np.clip(forward * 4.0, 0.0, 1.0)
    return np.stack([x * (1.0 - 0.30 * blend), y + blend * (flat - y), ROOT + (z - ROOT) * 0.90], axis=1)


def build_tongue(base: BaseMesh, average: Array) -> Part:
    """The tongue; displacements of its targets are kept, scaled as the tongue itself."""
    group = base.groups["helper-tongue"]
    ids = group.vertices
    faces, corners = triangulate(group.quads, average)
    points = average[ids]
    own = np.eye(len(ids)) + affine_weights(lowered(points), points) - affine_weights(points, points)
    uv_quads = np.repeat(group.uv_quads, 2, axis=0)
    chart = chart_from("tongue", base.uv[np.take_along_axis(uv_quads, corners, axis=1)])
    operator = operator_from(own, ids, len(average))
    return Part(operator, np.searchsorted(ids, faces), [chart], {"tongue": np.arange(len(ids))})
