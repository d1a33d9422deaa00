"""The tongue: MakeHuman's, laid down flat inside the lower teeth so that an open mouth shows them."""

from __future__ import annotations

import numpy as np

from .parts import Chart, Part, affine_weights, operator_from, triangulate
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
    uv = base.uv[group.uv_quads[np.repeat(np.arange(len(group.quads)), 2)[:, None], corners]].reshape(-1, 2)
    unique, index = np.unique(uv.round(6), axis=0, return_inverse=True)
    low, high = unique.min(axis=0), unique.max(axis=0)
    chart = Chart("tongue", (unique - low) / (high - low), index.reshape(-1, 3))
    operator = operator_from(own, ids, len(average))
    return Part(operator, np.searchsorted(ids, faces), [chart], {"tongue": np.arange(len(ids))})
