"""Soft shade in the folds of a surface, told from its curvature at several scales.

Where a vertex lies behind the mean of its neighbourhood the surface is concave and sees less of the sky.
It is finer than what :mod:`studio.render.ambient_occlusion` finds, and shades lids, nostrils, ears and lips
alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.topology import Edges, Neighbourhoods

Array = NDArray[np.float32]

SCALES = ((1, 0.38), (4, 0.32), (14, 0.20))  # rounds of averaging, and how much the fold of that width shades
FULL = 0.45  # depth of a fold, in its own width, that is shaded fully


def openness(vertices: Array, normals: Array, edges: Edges) -> Array:
    """How much light reaches each vertex (V,): 1 on a flat or convex surface, towards 0 in a fold.

    Args:
        vertices: (V, 3) metres.
        normals: (V, 3) unit.
        edges: of the mesh.
    """
    neighbourhoods = Neighbourhoods.of(edges, len(vertices))
    count = np.maximum(neighbourhoods.counts, 1)[:, None].astype(np.float32)
    length = float(np.linalg.norm(vertices[edges.ends[:, 0]] - vertices[edges.ends[:, 1]], axis=1).mean())
    light = np.ones(len(vertices), dtype=np.float32)
    smoothed, rounds = vertices.astype(np.float32), 0
    for scale, strength in SCALES:
        for _ in range(scale - rounds):
            smoothed = (neighbourhoods.sums(smoothed) / count).astype(np.float32)
        rounds = scale
        depth = ((smoothed - vertices) * normals).sum(axis=1) / (length * scale**0.5)
        light *= 1.0 - strength * np.clip(depth / FULL, 0.0, 1.0)
    light[neighbourhoods.counts == 0] = 1.0
    return light
