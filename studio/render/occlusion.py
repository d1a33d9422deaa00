"""Soft shade in the folds of a surface, told from its curvature at several scales.

Where a vertex lies behind the mean of its neighbourhood the surface is concave and sees less of the sky.
It is no true ambient occlusion, which would cost seconds, but shades lids, nostrils, ears and lips alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.topology import Edges

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
    starts, neighbours = _neighbourhoods(edges, len(vertices))
    count = np.maximum(np.diff(starts), 1)[:, None].astype(np.float32)
    alone = np.diff(starts) == 0
    length = float(np.linalg.norm(vertices[edges.ends[:, 0]] - vertices[edges.ends[:, 1]], axis=1).mean())
    light = np.ones(len(vertices), dtype=np.float32)
    smoothed, rounds = vertices.astype(np.float32), 0
    for scale, strength in SCALES:
        for _ in range(scale - rounds):
            smoothed = (np.add.reduceat(smoothed[neighbours], starts[:-1], axis=0) / count).astype(np.float32)
        rounds = scale
        depth = ((smoothed - vertices) * normals).sum(axis=1) / (length * scale**0.5)
        light *= 1.0 - strength * np.clip(depth / FULL, 0.0, 1.0)
    light[alone] = 1.0
    return light


def _neighbourhoods(edges: Edges, count: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The neighbours of each vertex, one after another, and where each vertex's begin (V + 1,)."""
    start = np.concatenate([edges.ends[:, 0], edges.ends[:, 1]])
    end = np.concatenate([edges.ends[:, 1], edges.ends[:, 0]])
    order = np.argsort(start, kind="stable")
    starts = np.zeros(count + 1, dtype=np.intp)
    np.cumsum(np.bincount(start, minlength=count), out=starts[1:])
    return starts, np.append(end[order], np.int32(0))
