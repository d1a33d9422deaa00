"""Teeth and gums: one closed-looking ridge per jaw, built along a dental arch, tooth by tooth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .parts import Chart, Part, affine_weights, grid_faces, operator_from
from .source import Array, BaseMesh

MILLIMETRE = 1e-3
COLUMNS_PER_TOOTH = (0.0, 0.2, 0.5, 0.8)
GUM_ROWS = (0, 1, 2, 9, 10)


@dataclass(frozen=True)
class Arch:
    """One dental arch, in millimetres; tuples run from the midline back, one entry a tooth of one side."""

    group: str
    name: str
    root: float  # +1 when the roots point up
    front: float  # z of the incisors' front
    edge: float  # y of the incisors' edge
    spread: float  # half width of the arch at its end
    depth: float  # length of the arch in z
    taper: float  # 0 a U, 1 a parabola
    widths: tuple[float, ...]
    crowns: tuple[float, ...]  # from gum margin to edge
    thicknesses: tuple[float, ...]
    edges: tuple[float, ...]  # how far each edge stands back from the biting plane


UPPER = Arch(
    "helper-upper-teeth", "upper_teeth", 1.0, 65.0, -46.6, 28.0, 47.0, 0.32,
    (8.7, 6.8, 7.8, 7.0, 6.8, 9.6, 9.0), (10.8, 10.0, 11.2, 10.2, 9.8, 9.0, 8.4),
    (3.2, 3.2, 4.6, 7.6, 7.8, 9.4, 9.4), (0.0, 0.7, -0.2, 0.4, 0.5, 0.4, 0.4),
)  # fmt: skip
LOWER = Arch(
    "helper-lower-teeth", "lower_teeth", -1.0, 61.9, -45.9, 24.8, 45.0, 0.62,
    (5.6, 6.2, 7.2, 7.2, 7.3, 10.4, 9.6), (9.0, 9.0, 9.8, 8.4, 7.8, 6.8, 6.2),
    (2.9, 3.0, 4.4, 6.6, 7.0, 8.6, 8.6), (0.0, 0.1, 0.5, 1.8, 3.0, 4.0, 4.6),
)  # fmt: skip
BITING_PLANE_RISE = 0.115  # the plane of the bite climbs towards the back


def build_arch(base: BaseMesh, average: Array, arch: Arch) -> Part:
    """Teeth and gums of one jaw, following MakeHuman's teeth as one affine body."""
    points, uv, gum = _ridge(arch)
    rows, columns = points.shape[:2]
    faces = grid_faces(rows, columns)
    flat = points.reshape(-1, 3) * MILLIMETRE
    corners = flat[faces]
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    front = (
        (corners.mean(axis=1)[:, 2] > 0.05)
        & (faces.min(axis=1) // columns > 1)
        & (faces.max(axis=1) // columns < 6)
    )
    if outward[front].sum() < 0.0:
        faces = faces[:, ::-1]
    ids = base.groups[arch.group].vertices
    operator = operator_from(affine_weights(flat, average[ids]), ids, len(average))
    every = np.arange(len(flat))
    regions = {arch.name: every[~gum], f"{arch.name.split('_')[0]}_gums": every[gum]}
    return Part(operator, faces, [Chart(arch.name, uv.reshape(-1, 2), faces)], regions)


def _ridge(arch: Arch) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Points (rows, columns, 3) in mm from the root in front over the edge to the root behind, uv, gum."""
    tooth, within, at = _columns(arch)
    plan, outward = _plan(arch, at)
    crown, thickness, back = (np.array(v)[tooth] for v in (arch.crowns, arch.thicknesses, arch.edges))
    belly = np.sin(np.pi * within) ** 0.7  # 0 in the gaps, 1 on the middle of a tooth
    side = np.abs(at) / np.abs(at).max()
    molar = np.clip((thickness - 5.0) / 4.0, 0.0, 1.0)
    scallop = 2.3 * (1.0 - belly)
    edge = 1.0 - (0.05 + 0.10 * side) * (1.0 - belly) ** 2
    groove = 1.0 - belly
    middle = -0.5 * thickness
    profile = [  # (height above the biting edge towards the root, depth outwards from the labial surface)
        (crown + 9.0, -2.2 + 0.0 * belly),
        (crown + 4.0, 0.5 + 0.5 * belly),
        (crown + 0.6 - scallop, 0.9 + 0.2 * belly),
        (crown - 0.5 - scallop, 0.0 - 0.2 * groove),
        (0.52 * crown, 0.75 * belly - 0.9 * groove),
        (0.16 * crown + (1.0 - edge) * crown, 0.25 * belly - 1.0 * groove),
        ((1.0 - edge) * crown, -0.7 - 0.6 * molar - 0.5 * groove),
        ((1.0 - edge) * crown + 0.2, 0.25 * middle - 0.8 - 0.55 * thickness * molar),
        (0.45 * crown, -thickness + 0.6 * groove),
        (crown - 0.3 - 0.6 * scallop, -thickness - 0.7),
        (crown + 8.0, -thickness - 2.0),
    ]
    biting = arch.edge + BITING_PLANE_RISE * (arch.front - plan[:, 1]) + arch.root * back
    points = np.empty((len(profile), len(at), 3))
    for row, (height, depth) in enumerate(profile):
        points[row, :, 0] = plan[:, 0] + outward[:, 0] * depth
        points[row, :, 1] = biting + arch.root * height
        points[row, :, 2] = plan[:, 1] + outward[:, 1] * depth
    length = np.linalg.norm(np.diff(points[:, len(at) // 2], axis=0), axis=1)
    v = np.concatenate([[0.0], np.cumsum(length)]) / length.sum()
    u = (at - at.min()) / (at.max() - at.min())
    uv = np.stack(np.broadcast_arrays(u[None], 1.0 - v[:, None]), axis=-1)
    gum = np.zeros(points.shape[:2], dtype=bool)
    gum[list(GUM_ROWS)] = True
    return points, uv, gum.ravel()


def ridge_layout(arch: Arch) -> tuple[Array, Array]:
    """Where the chart has its rows, from the root in front (v downwards), and u of the gaps between teeth."""
    _, uv, _ = _ridge(arch)
    _, within, _ = _columns(arch)
    gaps = (within == 0.0) | (within == 1.0)
    return 1.0 - uv[:, 0, 1], uv[0, gaps, 0]


def _columns(arch: Arch) -> tuple[Array, Array, Array]:
    """Tooth (c,) of each column, place 0..1 within it, and distance along the arch from the midline."""
    starts = np.concatenate([[0.0], np.cumsum(arch.widths)])
    tooth = np.repeat(np.arange(len(arch.widths)), len(COLUMNS_PER_TOOTH))
    within = np.tile(COLUMNS_PER_TOOTH, len(arch.widths))
    tooth, within = np.append(tooth, len(arch.widths) - 1), np.append(within, 1.0)
    at = starts[tooth] + within * np.array(arch.widths)[tooth]
    return (
        np.concatenate([tooth[:0:-1], tooth]),
        np.concatenate([within[:0:-1], within]),
        np.concatenate([-at[:0:-1], at]),
    )


def _plan(arch: Arch, at: Array) -> tuple[Array, Array]:
    """Points (c, 2) in x, z at the arc lengths ``at``, and the outward directions there."""
    x = np.linspace(0.0, arch.spread, 2000)
    z = arch.front - arch.depth * (
        arch.taper * (x / arch.spread) ** 2.0 + (1.0 - arch.taper) * (x / arch.spread) ** 6.0
    )
    steps = np.hypot(np.diff(x), np.diff(z))
    length = np.concatenate([[0.0], np.cumsum(steps)])
    scaled = np.abs(at) * length[-1] / np.abs(at).max()
    plan = np.stack([np.sign(at) * np.interp(scaled, length, x), np.interp(scaled, length, z)], axis=1)
    tangent = np.gradient(plan, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return plan, normal / np.linalg.norm(normal, axis=1, keepdims=True)
