"""Eyelashes as fine tapered hairs, rooted at the lid and laid along MakeHuman's lash strips."""

from __future__ import annotations

import numpy as np

from .parts import Chart, Part, operator_from
from .source import Array, BaseMesh, Indices

VERTICES_PER_HAIR = 5
SIDES = {"left": "l", "right": "r"}


def strip_grid(quads: Indices) -> Indices:
    """Vertex ids (m, n) of a strip of quads, laid out as the grid that it is, m >= n."""
    place: dict[int, tuple[int, int]] = dict(
        zip(quads[0].tolist(), [(0, 0), (0, 1), (1, 1), (1, 0)], strict=True)
    )
    waiting = [row.tolist() for row in quads[1:]]
    while waiting:
        quad = next(
            q for q in waiting if sum(v in place for v in q) >= 2 and _known_edge(q, place) is not None
        )
        waiting.remove(quad)
        k = _known_edge(quad, place)
        assert k is not None
        (pi, pj), (qi, qj) = place[quad[k]], place[quad[(k + 1) % 4]]
        step = (qj - pj, -(qi - pi))
        place[quad[(k + 2) % 4]] = (qi + step[0], qj + step[1])
        place[quad[(k + 3) % 4]] = (pi + step[0], pj + step[1])
    ids = np.array(list(place))
    at = np.array(list(place.values()))
    at -= at.min(axis=0)
    grid = np.full(at.max(axis=0) + 1, -1)
    grid[at[:, 0], at[:, 1]] = ids
    return grid if grid.shape[0] >= grid.shape[1] else grid.T


def _known_edge(quad: list[int], place: dict[int, tuple[int, int]]) -> int | None:
    return next((k for k in range(4) if quad[k] in place and quad[(k + 1) % 4] in place), None)


def build_lashes(base: BaseMesh, side: str) -> Part:
    """The lashes of both lids of one eye: hairs of two root, two middle vertices and a tip."""
    weights: list[Array] = []
    ids = np.unique(
        np.concatenate([base.groups[f"helper-{SIDES[side]}-eyelashes-{lid}"].vertices for lid in (1, 2)])
    )
    for lid, count, longest, seed in ((2, 40, 2.3, 5), (1, 20, 1.2, 6)):
        grid = strip_grid(base.groups[f"helper-{SIDES[side]}-eyelashes-{lid}"].quads)
        if abs(base.vertices[grid[0, 0], 0]) > abs(base.vertices[grid[-1, 0], 0]):
            grid = grid[::-1]
        random = np.random.default_rng(seed)
        for hair in range(count):
            along = (hair + 0.5 + random.uniform(-0.3, 0.3)) / count
            root = 0.6 + along * (len(grid) - 2.0)
            outward = (along - 0.35) * 0.9 + random.uniform(-0.25, 0.25)
            length = (
                longest * (0.55 + 0.45 * np.sin(np.pi * min(along * 1.15, 0.85))) * random.uniform(0.75, 1.0)
            )
            width = 0.036 if lid == 2 else 0.028
            for across, offset, bend in (
                (0.85, -width, 0.0), (0.85, width, 0.0), (1.0 + 0.5 * length, -0.6 * width, 0.35),
                (1.0 + 0.5 * length, 0.6 * width, 0.35), (1.0 + length, 0.0, 1.0),
            ):  # fmt: skip
                at = min(max(root + outward * bend, 0.2), len(grid) - 1.2)
                weights.append(_bilinear(grid, at + offset, across, ids))
    operator = operator_from(np.array(weights), ids, len(base.vertices))
    hairs = np.arange(len(weights) // VERTICES_PER_HAIR)[:, None, None] * VERTICES_PER_HAIR
    faces = (hairs + np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4]])).reshape(-1, 3)
    if side == "right":
        faces = faces[:, ::-1]
    uv = np.tile([[0.2, 0.0], [0.8, 0.0], [0.3, 0.5], [0.7, 0.5], [0.5, 1.0]], (len(hairs), 1))
    return Part(operator, faces, [Chart("lashes", uv, faces)], {"lashes": np.arange(len(weights))})


def _bilinear(grid: Indices, row: float, column: float, ids: Indices) -> Array:
    """Weights over ``ids`` of a point between the vertices of ``grid``."""
    i, j = min(int(row), grid.shape[0] - 2), min(int(column), grid.shape[1] - 2)
    s, t = row - i, column - j
    weights = np.zeros(len(ids))
    for corner, weight in (
        (grid[i, j], (1 - s) * (1 - t)), (grid[i + 1, j], s * (1 - t)),
        (grid[i, j + 1], (1 - s) * t), (grid[i + 1, j + 1], s * t),
    ):  # fmt: skip
        weights[np.searchsorted(ids, corner)] += weight
    return weights
