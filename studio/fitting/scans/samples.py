"""Which points of a scan a head is fitted to: near it, evenly spread, with normals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.fitting.scans.scan import Placement, Scan

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Array = NDArray[np.float64]

_NEIGHBOURS = 10  # points from which a normal is told


@dataclass(frozen=True, eq=False)
class Samples:
    """n points in the head's metres, and the surface's normals there."""

    points: Array  # (n, 3)
    normals: Array  # (n, 3) of length 1
    sided: bool  # whether normals point outwards; else they may point either way

    def taken(self, chosen: NDArray) -> Samples:
        """Some of them."""
        return Samples(self.points[chosen], self.normals[chosen], self.sided)


def samples_near(scan: Scan, placement: Placement, head: Array, reach: float, count: int) -> Samples:
    """At most ``count`` points of ``scan`` within ``reach`` metres of the vertices ``head`` (V, 3).

    Triangles are sampled by area, so that large ones count as much as many small ones; points are thinned
    evenly. The same scan gives the same samples.
    """
    from scipy.spatial import cKDTree

    rng = np.random.default_rng(0)
    tree = cKDTree(head)
    points = placement.of(scan.points)
    if scan.faces is not None and len(scan.faces):
        return _on_triangles(scan, placement, points, tree, reach, count, rng)
    near = np.flatnonzero(np.isfinite(tree.query(points, distance_upper_bound=reach)[0]))
    chosen = near[_thinned(points[near], count, rng)]
    if scan.normals is not None:
        return Samples(points[chosen], placement.turned(scan.normals[chosen]), True)
    return Samples(points[chosen], guessed_normals(points[near], points[chosen]), False)


def _on_triangles(
    scan: Scan,
    placement: Placement,
    points: Array,
    tree: cKDTree,
    reach: float,
    count: int,
    rng: np.random.Generator,
) -> Samples:
    assert scan.faces is not None
    corners = points[scan.faces]
    middles = corners.mean(axis=1)
    near = np.flatnonzero(np.isfinite(tree.query(middles, distance_upper_bound=2.0 * reach)[0]))
    corners = corners[near]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(across, axis=1)
    total = areas.sum()
    if not total > 0.0:
        return Samples(np.zeros((0, 3)), np.zeros((0, 3)), True)
    drawn = rng.choice(len(near), size=count, p=areas / total)
    u, v = np.sqrt(rng.random(count)), rng.random(count)
    weights = np.stack([1.0 - u, u * (1.0 - v), u * v], axis=1)
    placed = np.einsum("nc,ncx->nx", weights, corners[drawn])
    inside = np.isfinite(tree.query(placed, distance_upper_bound=reach)[0])
    normals = across / np.maximum(areas, 1e-300)[:, None]
    if scan.normals is not None:  # smoother than the triangles' own
        smooth = np.einsum("nc,ncx->nx", weights, scan.normals[scan.faces[near[drawn]]].astype(np.float64))
        normals_there = placement.turned(smooth / np.maximum(np.linalg.norm(smooth, axis=1), 1e-12)[:, None])
    else:
        normals_there = normals[drawn]
    return Samples(placed[inside], normals_there[inside], True)


def _thinned(points: Array, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """At most ``count`` of ``points``, one in each cell of a grid where that leaves enough."""
    order = rng.permutation(len(points))
    if len(points) <= count:
        return order
    cell = np.sqrt(np.prod(np.sort(np.ptp(points, axis=0))[1:]) / (1.5 * count)) + 1e-9
    keys = np.floor((points[order] - points.min(axis=0)) / cell).astype(np.int64)
    _, first = np.unique(keys @ np.array([1, 1 << 20, 1 << 40]), return_index=True)
    chosen = order[first] if len(first) >= count // 2 else order
    return np.asarray(rng.permutation(chosen)[:count])


def guessed_normals(points: Array, at: Array) -> Array:
    """Directions in which ``points`` spread least around each of ``at`` (n, 3)."""
    from scipy.spatial import cKDTree

    if len(points) <= 3:
        return np.zeros_like(at)
    _, rows = cKDTree(points).query(at, k=min(_NEIGHBOURS, len(points)))
    around = points[rows.reshape(len(at), -1)]
    around = around - around.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(np.einsum("nki,nkj->nij", around, around))
    return np.asarray(vectors[..., 0])
