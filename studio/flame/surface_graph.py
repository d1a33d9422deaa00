"""Ways along the edges of a mesh: the shortest one between vertices, and how far vertices lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.model import LandmarkEmbedding


@dataclass(frozen=True, eq=False)
class SurfaceGraph:
    """The edges of a mesh of V vertices by the vertex where they start."""

    starts: NDArray[np.intp]  # (V + 1,) where the edges of each vertex begin in ``ends``
    ends: NDArray[np.intp]
    lengths: NDArray[np.float64]  # metres, of each edge


def surface_graph(vertices: NDArray, faces: NDArray[np.int32]) -> SurfaceGraph:
    """The edges of ``faces`` (F, 3) between ``vertices`` (V, 3), each in both directions."""
    count = len(vertices)
    tails = faces.ravel().astype(np.int64)
    heads = np.roll(faces, -1, axis=1).ravel().astype(np.int64)
    keys = np.unique(np.concatenate([tails * count + heads, heads * count + tails]))
    tails, heads = keys // count, keys % count
    lengths = np.linalg.norm(vertices[heads].astype(np.float64) - vertices[tails], axis=1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))])
    return SurfaceGraph(starts, heads, lengths)


def distances(
    graph: SurfaceGraph, sources: Sequence[int], limit: float = np.inf, target: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """How far each vertex is from the nearest of ``sources`` along edges, and the vertex before it.

    Dijkstra's algorithm. Vertices farther than ``limit`` metres, or than ``target``, are not visited:
    they are at infinity.
    """
    count = len(graph.starts) - 1
    reached = np.full(count, np.inf)
    before = np.full(count, -1, dtype=np.intp)
    queue = [(0.0, int(source)) for source in sources]
    reached[list(sources)] = 0.0
    while queue:
        length, vertex = heappop(queue)
        if vertex == target:
            break
        if length > reached[vertex]:
            continue
        edges = slice(graph.starts[vertex], graph.starts[vertex + 1])
        for neighbour, step in zip(graph.ends[edges].tolist(), graph.lengths[edges].tolist(), strict=True):
            total = length + step
            if total < reached[neighbour] and total <= limit:
                reached[neighbour] = total
                before[neighbour] = vertex
                heappush(queue, (total, neighbour))
    return reached, before


def path_through(graph: SurfaceGraph, stops: Sequence[int]) -> list[int] | None:
    """The shortest way along edges that visits ``stops`` in order; None where there is none."""
    path = [int(stops[0])]
    for start, stop in pairwise(stops):
        reached, before = distances(graph, [start], target=int(stop))
        if not np.isfinite(reached[stop]):
            return None
        leg = [int(stop)]
        while leg[-1] != start:
            leg.append(int(before[leg[-1]]))
        path += leg[-2::-1]
    return path


def resampling(points: NDArray, count: int) -> NDArray[np.float64]:
    """Weights (count, N) that give ``count`` points evenly along the polyline ``points`` (N, 3).

    All ends are kept; a polyline without length gives its first point.
    """
    steps = np.linalg.norm(np.diff(points.astype(np.float64), axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(wanted, along, row) for row in np.eye(len(points))], axis=1)


def landmark_vertex(landmarks: LandmarkEmbedding, number: int) -> int:
    """The vertex nearest to static landmark ``number`` (iBUG 17..67)."""
    index = number - CONTOUR_COUNT
    corner = int(np.argmax(landmarks.static_barycentric[index]))
    return int(landmarks.static_corners[index, corner])
