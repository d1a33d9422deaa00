"""The skin: face, skull, ears and neck, cut to a bust, with the cavities behind lips and lids."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from .parts import Chart, Part, chart_from, edges_of, open_loops, triangulate
from .skin_chart import unfold_skin
from .source import Array, BaseMesh, Indices

NECK_RINGS = 10
CAP_STEPS = (0.03, 0.45)
SNAP = 0.003  # metres above the cut within which vertices are moved onto it, instead of leaving slivers
CAVITIES = ("mouth_cavity", "left_eye_cavity", "right_eye_cavity")


def cut_height(positions: Array) -> Array:
    """Height (n,) of ``positions`` above the surface that cuts the bust."""
    x, y, z = positions.T
    return y - (-0.165 - 0.22 * z + 5.5 * x * x)


def uv_islands(base: BaseMesh) -> Indices:
    """The label of the texture island that each body quad (q,) lies in."""
    quads = base.groups["body"].uv_quads
    edges = np.concatenate([quads[:, [0, i]] for i in (1, 2, 3)])
    graph = sparse.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(base.uv),) * 2)
    _, labels = csgraph.connected_components(graph, directed=False)
    return labels[quads[:, 0]]


def select_quads(base: BaseMesh) -> dict[str, Indices]:
    """Rows of the body group: head, neck, mouth cavity, and the two eye cavities."""
    body = base.groups["body"].quads
    by_quad = uv_islands(base)
    size = {label: len(np.unique(body[by_quad == label])) for label in np.unique(by_quad)}
    named = {count: label for label, count in size.items()}
    torso, head = by_quad == named[3999], by_quad == named[3185]
    reached = np.isin(np.arange(len(base.vertices)), body[head])
    neck = np.zeros(len(body), dtype=bool)
    for _ in range(NECK_RINGS):
        neck |= torso & reached[body].any(axis=1)
        reached[body[neck]] = True
    cavities = [np.flatnonzero(by_quad == label) for label, count in size.items() if count == 308]
    cavities.sort(key=lambda rows: float(-base.vertices[body[rows]][..., 0].mean()))
    return {
        "head": np.flatnonzero(head),
        "neck": np.flatnonzero(neck),
        "mouth_cavity": np.flatnonzero(by_quad == named[418]),
        "left_eye_cavity": cavities[0],
        "right_eye_cavity": cavities[1],
    }


def build_skin(base: BaseMesh, average: Array, close_neck: bool) -> tuple[Part, Array]:
    """The skin part, closed at the neck or open, and the base mesh's own texture coordinates of its faces.

    The latter are (f, 3, 2), and -1 on faces that are not on the outside.
    """
    kept = _kept_faces(base, average)
    outer = np.concatenate([kept["head"][0], kept["neck"][0]])
    used = np.unique(np.concatenate([outer, *(kept[name][0] for name in CAVITIES)]))
    renumber = np.full(len(average), -1)
    renumber[used] = np.arange(len(used))
    rows = _cut_operator(used, outer, average)
    outer = renumber[outer]
    positions = rows @ average

    border = border_loop(outer, positions)
    cap_rows, cap_faces, cap_uv, cap_uv_faces = _cap(border, rows, len(used))
    if not close_neck:
        cap_faces, cap_uv_faces = cap_faces[:0], cap_uv_faces[:0]
    crown_to_nape = renumber[_seam_vertices(base, select_quads(base)["head"])]
    head_chart = unfold_skin(outer, positions, border, crown_to_nape[crown_to_nape >= 0])
    charts = [head_chart, Chart("neck_cut", cap_uv, cap_uv_faces)]
    charts += [chart_from(name, kept[name][1]) for name in CAVITIES]
    faces = np.concatenate([outer, cap_faces, *(renumber[kept[name][0]] for name in CAVITIES)])
    mask_uv = np.full((len(faces), 3, 2), -1.0)
    mask_uv[: len(outer)] = np.concatenate([kept["head"][1], kept["neck"][1]])
    regions = {name: np.unique(renumber[kept[name][0]]) for name in CAVITIES}
    regions["neck_cut"] = np.concatenate([border, np.arange(len(used), len(used) + cap_rows.shape[0])])
    return Part(sparse.vstack([rows, cap_rows]).tocsr(), faces, charts, regions), mask_uv


def _kept_faces(base: BaseMesh, average: Array) -> dict[str, tuple[Indices, Array]]:
    """By part: faces (f, 3) above the cut that may be seen, as base vertices, and their texture corners."""
    body = base.groups["body"]
    kept = {}
    for name, rows in select_quads(base).items():
        faces, corners = triangulate(body.quads[rows], average)
        uv = base.uv[body.uv_quads[np.repeat(rows, 2)[:, None], corners]]
        if name.endswith("eye_cavity"):
            eye = average[base.joint("l-eye" if name.startswith("left") else "r-eye")].mean(axis=0)
            seen = average[faces].mean(axis=1)[:, 2] > eye[2]
        else:
            seen = (cut_height(average)[faces] > SNAP).any(axis=1)
        kept[name] = faces[seen], uv[seen]
    return kept


def _cut_operator(used: Indices, faces: Indices, average: Array) -> sparse.csr_matrix:
    """Rows (used, base) that keep what lies above the cut and move the rest onto it, along edges."""
    height = cut_height(average)
    below = height <= SNAP
    edges = edges_of(faces)
    crossings: dict[int, list[tuple[int, float]]] = {}
    for a, b in edges:
        if below[a] == below[b]:
            continue
        low, high = (a, b) if below[a] else (b, a)
        crossings.setdefault(int(low), []).append(
            (int(high), float(height[high] / (height[high] - height[low])))
        )
    entries: list[tuple[int, int, float]] = []
    for index, vertex in enumerate(used.tolist()):
        ways = crossings.get(vertex, [])
        if not ways:
            entries.append((index, vertex, 1.0))
        for high, amount in ways:
            entries.append((index, high, (1.0 - amount) / len(ways)))
            entries.append((index, vertex, amount / len(ways)))
    row, column, value = zip(*entries, strict=True)
    return sparse.csr_matrix((value, (row, column)), shape=(len(used), len(average)))


def border_loop(faces: Indices, positions: Array) -> Indices:
    """The vertices of the lowest open border, in order, with the mesh on their left."""
    return min(open_loops(faces), key=lambda loop: float(positions[loop][:, 1].mean()))


def _cap(
    border: Indices, rows: sparse.csr_matrix, first: int
) -> tuple[sparse.csr_matrix, Indices, Array, Indices]:
    """A disc that closes the neck: rings between the border and its mean, then the mean itself."""
    count = len(border)
    ring = rows[border]
    centre = sparse.csr_matrix(ring.mean(axis=0))
    repeated = sparse.vstack([centre] * count)
    rings = [(1.0 - step) * ring + step * repeated for step in CAP_STEPS]
    ids = np.concatenate([border, np.arange(first, first + count * len(CAP_STEPS))]).reshape(-1, count)
    middle = first + count * len(CAP_STEPS)
    index = np.arange(ids.size).reshape(ids.shape)
    faces: list[Indices] = []
    uv_faces: list[Indices] = []
    for table, hub, out in ((ids, middle, faces), (index, ids.size, uv_faces)):
        following = np.roll(table, -1, axis=1)
        for outer, outer_next, inner, inner_next in zip(
            table, following, table[1:], following[1:], strict=False
        ):
            out += [np.stack([outer_next, outer, inner_next], 1), np.stack([inner_next, outer, inner], 1)]
        out.append(np.stack([following[-1], table[-1], np.full(count, hub)], 1))
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(angle), -np.sin(angle)], 1)
    uv = np.concatenate([*(0.5 + 0.5 * (1.0 - step) * circle for step in (0.0, *CAP_STEPS)), [[0.5, 0.5]]])
    return sparse.vstack([*rings, centre]).tocsr(), np.concatenate(faces), uv, np.concatenate(uv_faces)


def _seam_vertices(base: BaseMesh, rows: Indices) -> Indices:
    """Base vertices of the head where its texture is cut: those with more than one texture vertex."""
    body = base.groups["body"]
    pairs = np.unique(np.stack([body.quads[rows].ravel(), body.uv_quads[rows].ravel()], 1), axis=0)
    ids, counts = np.unique(pairs[:, 0], return_counts=True)
    return ids[counts > 1]
