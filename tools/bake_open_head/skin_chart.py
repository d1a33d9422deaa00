"""Unfolding the skin onto a square: cut along the back of the head, then a convex-combination map."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from .parts import Chart
from .source import Array, Indices

EDGE_EXPONENT = (
    0.75  # 0 gives every vertex the same room, 1 keeps lengths: the face gets more texels than the skull
)


def unfold_skin(faces: Indices, positions: Array, border: Indices, seam_hint: Indices) -> Chart:
    """The chart of the skin: neck cut at the bottom, the back of the head at the sides, the crown on top.

    Floater 1997: every inner vertex is a convex combination of its neighbours and the outline is
    convex, so no triangle turns over. Holes (lips, lids) are filled with one virtual vertex each.
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

    lengths_of, weights = _edge_weights(cut_faces, positions[twin], count)
    del lengths_of
    fixed = np.array(sorted(square))
    values = np.array([square[int(v)] for v in fixed])
    used = np.unique(cut_faces)
    uv = np.zeros((weights.shape[0], 2))
    uv[fixed] = values
    free = np.setdiff1d(np.concatenate([used, np.arange(count, weights.shape[0])]), fixed)
    degree = sparse.diags(np.asarray(weights.sum(axis=1)).ravel())
    system = (degree - weights).tocsr()
    right = -system[free][:, fixed] @ values
    uv[free] = spsolve(system[free][:, free].tocsc(), right)
    compact = np.full(len(uv), -1)
    compact[used] = np.arange(len(used))
    return Chart("head", uv[used], compact[cut_faces])


def _seam_path(faces: Indices, positions: Array, border: Indices, hint: Indices) -> Indices:
    """The midline from the back of the neck cut to the crown: shortest path along midline edges."""
    midline = np.flatnonzero(np.abs(positions[:, 0]) < 1e-5)
    edges = np.unique(
        np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0
    )
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
    """Places on the square's outline: the subject's left is on the right of the map, as seen from the front."""

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


def _edge_weights(faces: Indices, positions: Array, count: int) -> tuple[Array, sparse.csr_matrix]:
    """Edge lengths and the symmetric weights, with one more vertex in the middle of every inner hole."""
    directed = {
        (int(a), int(b)) for a, b in np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    }
    open_edges = {a: b for a, b in directed if (b, a) not in directed}
    loops = []
    while open_edges:
        start, current = next(iter(sorted(open_edges.items())))
        loop = [start]
        del open_edges[start]
        while current != start:
            loop.append(current)
            current = open_edges.pop(current)
        loops.append(loop)
    loops.sort(key=len)
    pairs = {tuple(sorted(edge)) for edge in directed}
    a, b = np.array(sorted(pairs)).T
    lengths = np.linalg.norm(positions[a] - positions[b], axis=1)
    strength = lengths**-EDGE_EXPONENT
    for hole, loop in enumerate(loops[:-1]):
        a = np.concatenate([a, np.full(len(loop), count + hole)])
        b = np.concatenate([b, loop])
        strength = np.concatenate([strength, np.full(len(loop), strength.mean())])
    size = count + len(loops) - 1
    weights = sparse.coo_matrix((strength, (a, b)), shape=(size, size))
    return lengths, (weights + weights.T).tocsr()
