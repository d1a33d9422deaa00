"""One Loop subdivision of a triangle mesh, as index and weight tables that any array code can apply.

Loop, "Smooth subdivision surfaces based on triangles" (1987), with the vertex weights of Warren (1995)
and cubic B-spline rules along borders. The mesh may be open and have several parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int32]
Faces = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Edges:
    """The undirected edges of a mesh of F faces, each named once."""

    ends: Indices  # (E, 2) vertex ids, the lower first
    of_faces: Indices  # (F, 3) edge ids; column k joins corners k and k + 1
    uses: Indices  # (E,) how many faces have the edge


@dataclass(frozen=True, eq=False)
class Stencils:
    """Each of N points as a weighted mean of some of the vertices, row after row."""

    starts: Indices  # (N + 1,) where each point's entries begin, and the end
    vertices: Indices  # (entries,)
    weights: NDArray[np.float32]  # (entries,) that sum to one in each row


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """The neighbours of each vertex, one vertex after another."""

    starts: np.ndarray  # (V + 1,) where each vertex's begin
    members: Indices  # (2E + 1,) vertices; the last stands for the neighbours of a vertex without any

    @classmethod
    def of(cls, edges: Edges, count: int) -> Neighbourhoods:
        """Those of ``count`` vertices along ``edges``."""
        start = np.concatenate([edges.ends[:, 0], edges.ends[:, 1]])
        end = np.concatenate([edges.ends[:, 1], edges.ends[:, 0]])
        order = np.argsort(start, kind="stable")
        starts = np.zeros(count + 1, dtype=np.intp)
        np.cumsum(np.bincount(start, minlength=count), out=starts[1:])
        return cls(starts, np.append(end[order], np.int32(0)))

    @property
    def counts(self) -> np.ndarray:
        """How many neighbours each vertex has (V,)."""
        return np.diff(self.starts)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums of ``values`` (V, …) over each vertex's neighbours; of no meaning where it has none."""
        return np.asarray(np.add.reduceat(values[self.members], self.starts[:-1], axis=0))

    def smoothed(self, values: np.ndarray) -> np.ndarray:
        """The mean (V,) of each vertex's ``values`` (V,) and its neighbours' mean."""
        counts = self.counts
        around = np.where(counts > 0, self.sums(values) / np.maximum(counts, 1), values)
        return np.asarray((values + around) / 2.0, dtype=values.dtype)


def find_edges(faces: Faces, vertex_count: int) -> Edges:
    """The edges of ``faces`` (F, 3)."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    low, high = np.minimum(start, end), np.maximum(start, end)
    keys = low.astype(np.int64) * vertex_count + high
    unique, inverse, uses = np.unique(keys, return_inverse=True, return_counts=True)
    ends = np.stack([unique // vertex_count, unique % vertex_count], axis=1).astype(np.int32)
    of_faces = inverse.reshape(faces.shape).astype(np.int32)
    return Edges(ends, of_faces, uses.astype(np.int32))


def split_faces(faces: Faces, edges: Edges, vertex_count: int) -> Faces:
    """The (4F, 3) fine faces: vertices keep their ids, the middle of edge e is ``vertex_count + e``."""
    a, b, c = faces.T
    ab, bc, ca = (edges.of_faces + vertex_count).T
    quarters = [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    fine = np.stack([np.stack(corner, axis=1) for corner in quarters], axis=1)
    return np.ascontiguousarray(fine.reshape(-1, 3), dtype=np.int32)


def loop_stencils(faces: Faces, edges: Edges, vertex_count: int) -> Stencils:
    """Stencils of the V + E points of the fine mesh over the V vertices.

    Where more than two faces share an edge the surface is held as along a border. A vertex whose
    border edges are not two (a corner, a pinch, or one that no face uses) stays where it is.
    """
    rows, columns, weights = _vertex_entries(edges, vertex_count)
    edge_rows, edge_columns, edge_weights = _edge_entries(faces, edges)
    return _by_row(
        np.concatenate([rows, edge_rows + vertex_count]),
        np.concatenate([columns, edge_columns]),
        np.concatenate([weights, edge_weights]),
        vertex_count + len(edges.ends),
    )


def _vertex_entries(edges: Edges, vertex_count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    inside = edges.uses == 2
    one, other = edges.ends.T
    border_edges = np.bincount(edges.ends[~inside].ravel(), minlength=vertex_count)
    valence = np.bincount(edges.ends.ravel(), minlength=vertex_count)
    smooth = (border_edges == 0) & (valence >= 3)
    crease = border_edges == 2
    neighbour = np.where(smooth, np.where(valence == 3, 3.0 / 16.0, 3.0 / 8.0 / np.maximum(valence, 1)), 0.0)
    own = np.where(smooth, 1.0 - valence * neighbour, np.where(crease, 0.75, 1.0))
    start, end = np.concatenate([one, other]), np.concatenate([other, one])
    along_border = np.concatenate([~inside, ~inside])
    weight = np.where(crease[start] & along_border, 0.125, neighbour[start])
    used = weight > 0.0
    every = np.arange(vertex_count)
    return (
        np.concatenate([every, start[used]]),
        np.concatenate([every, end[used]]),
        np.concatenate([own, weight[used]]),
    )


def _edge_entries(faces: Faces, edges: Edges) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    inside = edges.uses == 2
    count = len(edges.ends)
    every = np.repeat(np.arange(count), 2)
    end_weights = np.repeat(np.where(inside, 0.375, 0.5), 2)
    opposite_rows = edges.of_faces.ravel()
    opposite = np.roll(faces, 1, axis=1).ravel()
    kept = inside[opposite_rows]
    return (
        np.concatenate([every, opposite_rows[kept]]),
        np.concatenate([edges.ends.ravel(), opposite[kept]]),
        np.concatenate([end_weights, np.full(int(kept.sum()), 0.125)]),
    )


def _by_row(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray, count: int) -> Stencils:
    order = np.argsort(rows, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
    return Stencils(starts, columns[order].astype(np.int32), weights[order].astype(np.float32))
