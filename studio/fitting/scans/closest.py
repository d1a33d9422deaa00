"""The nearest points on the surface of a head that moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CANDIDATES = 3  # nearest vertices, of which the faces are looked at


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each of n points the nearest one on the surface."""

    faces: NDArray[np.int64]  # (n,) numbers among the surface's faces
    weights: Array  # (n, 3) of the face's corners
    distances: Array  # (n,) metres


class Surface:
    """The triangles of a mesh on which points are sought."""

    def __init__(self, faces: NDArray[np.int32], vertex_count: int) -> None:
        """Gather which of ``faces`` (F, 3) lie around each of ``vertex_count`` vertices."""
        self.faces = np.ascontiguousarray(faces, np.int32)
        corners = self.faces.ravel()
        order = np.argsort(corners, kind="stable")
        self._around = np.ascontiguousarray(order // 3, np.int64)
        counts = np.bincount(corners, minlength=vertex_count)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.used = np.flatnonzero(counts)
        self.open = _on_open_edges(self.faces, vertex_count)

    def nearest(self, vertices: Array, points: Array) -> Nearest:
        """The nearest points to ``points`` (n, 3) on the surface with ``vertices`` (V, 3).

        They are sought around the nearest vertices, which finds them wherever triangles are no splinters.
        """
        from scipy.spatial import cKDTree

        from studio.fitting.scans.closest_kernel import nearest_on_faces

        vertices = np.ascontiguousarray(vertices, np.float64)
        points = np.ascontiguousarray(points, np.float64)
        tree = cKDTree(vertices[self.used])
        _, rows = tree.query(points, k=min(_CANDIDATES, len(self.used)))
        candidates = np.ascontiguousarray(self.used[rows].reshape(len(points), -1), np.int64)
        found, squares = np.zeros(len(points), np.int64), np.empty(len(points))
        weights = np.zeros((len(points), 3))
        nearest_on_faces(
            vertices, self.faces, self._starts, self._around, points, candidates, found, weights, squares
        )
        return Nearest(found, weights, np.sqrt(squares))


def _on_open_edges(faces: NDArray[np.int32], vertex_count: int) -> NDArray[np.bool_]:
    """Which vertices (V,) lie where the surface ends."""
    tails, heads = faces.ravel().astype(np.int64), np.roll(faces, -1, axis=1).ravel().astype(np.int64)
    keys = np.minimum(tails, heads) * vertex_count + np.maximum(tails, heads)
    edges, counts = np.unique(keys, return_counts=True)
    alone = edges[counts == 1]
    found = np.zeros(vertex_count, bool)
    found[alone // vertex_count] = found[alone % vertex_count] = True
    return found
