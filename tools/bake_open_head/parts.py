"""The head as parts, each a linear operator on the MakeHuman base mesh, so that all follow every target."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from .source import Array, Indices


@dataclass(frozen=True, eq=False)
class Chart:
    """Texture coordinates of some faces, in a square of their own: uv (u, 2), faces (f, 3) into uv."""

    name: str
    uv: Array
    faces: Indices


@dataclass(frozen=True, eq=False)
class Part:
    """Some vertices and faces of the head.

    ``operator`` (v, base vertices) has rows that sum to one; ``faces`` (f, 3) are in the order of the
    faces of the charts, one after the other. ``regions`` name vertices of the part.
    """

    operator: sparse.csr_matrix
    faces: Indices
    charts: list[Chart]
    regions: dict[str, Indices] = field(default_factory=dict)


def chart_from(name: str, corners: Array) -> Chart:
    """The chart of faces with texture coordinates ``corners`` (f, 3, 2), stretched over the whole square."""
    unique, index = np.unique(corners.reshape(-1, 2).round(6), axis=0, return_inverse=True)
    low, high = unique.min(axis=0), unique.max(axis=0)
    return Chart(name, (unique - low) / (high - low), index.reshape(-1, 3))


def affine_weights(points: Array, anchors: Array) -> Array:
    """Weights (p, a) that make ``points`` follow ``anchors`` (a, 3) as one affine body; rows sum to one."""
    homogeneous = np.column_stack([anchors, np.ones(len(anchors))])
    return np.column_stack([points, np.ones(len(points))]) @ np.linalg.pinv(homogeneous)


def operator_from(weights: Array, anchor_ids: Indices, base_count: int) -> sparse.csr_matrix:
    """The operator (p, ``base_count``) that applies ``weights`` (p, a) to the vertices ``anchor_ids``."""
    dense = sparse.csr_matrix(weights)
    select = sparse.csr_matrix(
        (np.ones(len(anchor_ids)), (np.arange(len(anchor_ids)), anchor_ids)),
        shape=(len(anchor_ids), base_count),
    )
    return (dense @ select).tocsr()


def triangulate(quads: Indices, positions: Array) -> tuple[Indices, Indices]:
    """Triangles (2q, 3) of ``quads`` along the shorter diagonal, and which corners (2q, 3) they use."""
    first = np.linalg.norm(positions[quads[:, 0]] - positions[quads[:, 2]], axis=1)
    second = np.linalg.norm(positions[quads[:, 1]] - positions[quads[:, 3]], axis=1)
    along_first = np.array([[0, 1, 2], [0, 2, 3]])
    along_second = np.array([[0, 1, 3], [1, 2, 3]])
    corners = np.where(
        (first <= second + 1e-9)[:, None, None], along_first[None], along_second[None]
    ).reshape(-1, 3)
    rows = np.repeat(np.arange(len(quads)), 2)
    return quads[rows[:, None], corners], corners


def grid_faces(rows: int, columns: int, *, wrap: bool = False) -> Indices:
    """Triangles of a grid of vertices, counter-clockwise with rows downwards and columns to the right."""
    last = columns if wrap else columns - 1
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(last), indexing="ij")
    a, b = (r * columns + c).ravel(), (r * columns + (c + 1) % columns).ravel()
    d, e = a + columns, b + columns
    return np.concatenate([np.stack([a, d, b], 1), np.stack([b, d, e], 1)])


def vertex_normals(positions: Array, faces: Indices) -> Array:
    """Area-weighted unit normals (v, 3)."""
    corners = positions[faces]
    face_normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(positions)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], face_normals)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-20)


def neighbour_average(faces: Indices, vertex_count: int) -> sparse.csr_matrix:
    """The operator (v, v) that replaces a value by the mean of its neighbours'."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    adjacency = sparse.csr_matrix(
        (np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(vertex_count,) * 2
    )
    adjacency.data[:] = 1.0
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    return (sparse.diags(1.0 / np.maximum(degree, 1.0)) @ adjacency).tocsr()


def edges_of(faces: Indices) -> Indices:
    """All edges (e, 2), each once, lower vertex first."""
    corners = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return np.unique(np.sort(corners, axis=1), axis=0)


def open_loops(faces: Indices) -> list[Indices]:
    """The closed loops of edges that only one face uses, each in the order its faces run through them."""
    corners = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    directed = {(int(a), int(b)) for a, b in corners}
    following = {a: b for a, b in sorted(directed) if (b, a) not in directed}
    loops = []
    while following:
        start = min(following)
        loop, current = [start], following.pop(start)
        while current != start:
            loop.append(current)
            current = following.pop(current)
        loops.append(np.array(loop))
    return loops
