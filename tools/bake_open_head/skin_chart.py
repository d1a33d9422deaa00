"""Unfolding the skin onto a square: cut along the back of the head, then a convex-combination map."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from .parts import Chart, edges_of, open_loops
from .source import Array, Indices

RELAXATIONS = 60
FACE_ROOM, SKULL_ROOM = 2.3, 0.75  # how long an edge of the face, and of the rest, should be in the map


def unfold_skin(faces: Indices, positions: Array, border: Indices, seam_hint: Indices) -> Chart:
    """The chart of the skin: neck cut at the bottom, the back of the head at the sides, the crown on top.

    Floater 1997: every inner vertex is a convex combination of its neighbours and the outline is
    convex, so no triangle turns over, whatever the weights. They are found by turns: an edge that
    came out longer than it should be pulls harder the next time. Holes (lips, lids) are filled with
    one virtual vertex each.
    """
    seam = _seam_path(faces, positions, border, seam_hint)
    cut_faces, twin_of = _cut_open(faces, positions, seam)
    count = len(positions) + len(seam) - 1
    twin = np.arange(count)
    twin[len(positions) :] = seam[:-1]
    outline_left, outline_right = seam, np.array([twin_of.get(int(v), int(v)) for v in seam])

    start = int(np.flatnonzero(border == seam[0])[0])
    bottom = np.roll(border, -start)
    bottom = np.append(bottom, seam[0])
    square = _outline(positions, bottom, outline_left, outline_right, twin_of)

    edges, wanted = _springs(cut_faces, positions[twin])
    uv = _relaxed(edges, wanted, square)
    used = np.unique(cut_faces)
    compact = np.full(len(uv), -1)
    compact[used] = np.arange(len(used))
    return Chart("head", uv[used], compact[cut_faces])


def _seam_path(faces: Indices, positions: Array, border: Indices, hint: Indices) -> Indices:
    """The midline from the back of the neck cut to the crown: shortest path along midline edges."""
    midline = np.flatnonzero(np.abs(positions[:, 0]) < 1e-5)
    edges = edges_of(faces)
    edges = edges[np.isin(edges, midline).all(axis=1)]
    back = border[np.isin(border, midline)]
    path = [int(back[np.argmin(positions[back, 2])])]
    crown = int(hint[np.argmax(positions[hint, 2])])
    while path[-1] != crown:
        around = np.setdiff1d(edges[(edges == path[-1]).any(axis=1)], path)
        path.append(int(around[0]))
    return np.array(path)


def _cut_open(faces: Indices, positions: Array, seam: Indices) -> tuple[Indices, dict[int, int]]:
    """Faces with seam vertices doubled on the subject's right, and the double of each."""
    twin_of = {int(vertex): len(positions) + i for i, vertex in enumerate(seam[:-1])}
    cut = faces.copy()
    right = positions[faces][:, :, 0].mean(axis=1) < 0.0
    for vertex, double in twin_of.items():
        cut[right] = np.where(cut[right] == vertex, double, cut[right])
    return cut, twin_of


def _outline(
    positions: Array, bottom: Indices, left: Indices, right: Indices, twin_of: dict[int, int]
) -> dict[int, tuple[float, float]]:
    """Places on the square's outline; the subject's left is on the map's right, as seen from the front."""

    def along(path: Array) -> Array:
        steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()

    if positions[bottom[1], 0] < 0.0:
        bottom = bottom[::-1]
    square: dict[int, tuple[float, float]] = {}
    for place, vertex in zip(along(positions[bottom])[1:-1], bottom[1:-1], strict=True):
        square[int(vertex)] = (1.0 - float(place), 0.0)
    share = along(positions[left])
    split = share[np.argmin(np.abs(share - 0.62))]
    for place, a, b in zip(share, left, right, strict=True):
        if place <= split:
            height, inset = float(place / split), 0.0
        else:
            height, inset = 1.0, float(0.5 * (place - split) / (1.0 - split))
        square[int(a)] = (1.0 - inset, height)
        square[int(b)] = (inset, height)
    return square


def _springs(faces: Indices, positions: Array) -> tuple[Indices, Array]:
    """Edges (e, 2), spokes of filled holes too, and the lengths (e,) they should have, up to scale."""
    edges = edges_of(faces)
    middle = positions[edges].mean(axis=1)
    in_face = np.clip((middle[:, 2] - 0.015) / 0.045, 0.0, 1.0) * np.clip(
        (middle[:, 1] + 0.115) / 0.03, 0.0, 1.0
    )
    room = SKULL_ROOM + (FACE_ROOM - SKULL_ROOM) * in_face
    all_edges = [edges]
    lengths = [room * np.linalg.norm(positions[edges[:, 0]] - positions[edges[:, 1]], axis=1)]
    holes = sorted(open_loops(faces), key=len)[:-1]
    for hole, loop in enumerate(holes):
        spokes = np.linalg.norm(positions[loop] - positions[loop].mean(axis=0), axis=1)
        all_edges.append(np.stack([loop, np.full(len(loop), len(positions) + hole)], axis=1))
        lengths.append(FACE_ROOM * spokes)
    return np.concatenate(all_edges), np.concatenate(lengths)


def _relaxed(edges: Indices, wanted: Array, square: dict[int, tuple[float, float]]) -> Array:
    """Places (n, 2) of all vertices, those of ``square`` given."""
    count = int(edges.max()) + 1
    fixed = np.array(sorted(square))
    free = np.setdiff1d(np.unique(edges), fixed)
    uv = np.zeros((count, 2))
    uv[fixed] = [square[int(vertex)] for vertex in fixed]
    strength = 1.0 / wanted
    for _ in range(RELAXATIONS):
        weights = sparse.coo_matrix((strength, (edges[:, 0], edges[:, 1])), shape=(count, count))
        weights = (weights + weights.T).tocsr()
        system = (sparse.diags(np.asarray(weights.sum(axis=1)).ravel()) - weights).tocsr()
        uv[free] = spsolve(system[free][:, free].tocsc(), -system[free][:, fixed] @ uv[fixed])
        stretch = np.linalg.norm(uv[edges[:, 0]] - uv[edges[:, 1]], axis=1) / wanted
        strength *= np.sqrt(np.clip(stretch / np.median(stretch), 0.05, 20.0))
        strength = np.clip(strength / np.median(strength), 1e-4, 1e4)
    return uv
