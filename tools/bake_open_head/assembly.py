"""Putting the parts together: one mesh, one texture map, and the average adult it is designed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from .eyes import build_eyeball
from .lashes import build_lashes
from .parts import Part
from .phenotypes import average_shape
from .plain import plain_parts
from .skin import build_skin
from .source import Array, BaseMesh, Indices
from .teeth import LOWER, UPPER, build_arch
from .tongue import build_tongue

HALF_EYE_DISTANCE = 0.0313  # metres; the average adult is scaled to it
EYES = np.array([0.0, 0.030, 0.045])  # the point between the eyes, in the head's frame

CHIN = -0.08  # metres; above it all skin belongs to the head

ATLAS = {  # chart -> left, bottom, width, height in the texture map
    "head": (0.005, 0.205, 0.79, 0.79),
    "left_eyeball": (0.805, 0.805, 0.19, 0.19),
    "right_eyeball": (0.805, 0.605, 0.19, 0.19),
    "tongue": (0.805, 0.405, 0.19, 0.19),
    "mouth_cavity": (0.805, 0.205, 0.19, 0.19),
    "upper_teeth": (0.005, 0.105, 0.60, 0.09),
    "lower_teeth": (0.005, 0.005, 0.60, 0.09),
    "neck_cut": (0.615, 0.005, 0.185, 0.185),
    "left_eye_cavity": (0.805, 0.105, 0.09, 0.09),
    "right_eye_cavity": (0.905, 0.105, 0.09, 0.09),
    "lashes": (0.805, 0.005, 0.02, 0.09),
}


@dataclass(frozen=True, eq=False)
class HeadMesh:
    """The whole head: V vertices as an operator (V, base vertices) on the base mesh, F faces, one map."""

    operator: sparse.csr_matrix
    template: Array  # (V, 3) the average adult
    faces: Indices  # (F, 3)
    uv: Array  # (U, 2)
    uv_faces: Indices  # (F, 3)
    chart_names: tuple[str, ...]
    face_charts: Indices  # (F,) index into chart_names
    mask_uv: Array  # (F, 3, 2) the base mesh's own texture coordinates; -1 where it has none
    regions: dict[str, Indices]
    mirror: Indices  # (V,) the vertex on the other side
    skull: Indices  # the vertices of the skin above the neck: what people are aligned by
    scale: float  # metres of the head per metre of the average adult
    unit_scale: float  # metres of the head per metre of the base mesh: the face units are made for that
    origin: Array  # (3,) subtracted before scaling
    plain: bool  # whether the parts are MakeHuman's own


def place(shape: Array, mesh: HeadMesh) -> Array:
    """Base mesh positions (n, 3) in the head's frame."""
    return (shape - mesh.origin) * mesh.scale + EYES


def assemble(folder: Path, base: BaseMesh, plain: bool = False) -> HeadMesh:
    """All parts of the head on the average adult; ``plain`` as MakeHuman has them, the neck left open."""
    average = average_shape(folder, base.vertices)
    left, right = (average[base.joint(name)].mean(axis=0) for name in ("l-eye", "r-eye"))
    origin, scale = 0.5 * (left + right), 2.0 * HALF_EYE_DISTANCE / float(left[0] - right[0])
    average = (average - origin) * scale + EYES
    base_left, base_right = (base.vertices[base.joint(name)].mean(axis=0) for name in ("l-eye", "r-eye"))
    unit_scale = 2.0 * HALF_EYE_DISTANCE / float(base_left[0] - base_right[0])
    skin, skin_mask_uv = build_skin(base, average, close_neck=not plain)
    parts = [skin, *(plain_parts(base, average) if plain else _own_parts(base, average))]
    return _join(parts, average, skin_mask_uv, scale, unit_scale, origin, plain)


def _own_parts(base: BaseMesh, average: Array) -> list[Part]:
    parts = [build_eyeball(base, average, side) for side in ("left", "right")]
    parts += [build_arch(base, average, arch) for arch in (UPPER, LOWER)]
    parts.append(build_tongue(base, average))
    parts += [build_lashes(base, side) for side in ("left", "right")]
    return parts


def _join(
    parts: list[Part],
    average: Array,
    skin_mask_uv: Array,
    scale: float,
    unit_scale: float,
    origin: Array,
    plain: bool,
) -> HeadMesh:
    names = tuple(ATLAS)
    faces, uvs, uv_faces, charts = [], [], [], []
    regions: dict[str, list[Indices]] = {}
    first = first_uv = 0
    for part in parts:
        faces.append(part.faces + first)
        for chart in part.charts:
            left, bottom, width, height = ATLAS[chart.name]
            uvs.append(chart.uv * (width, height) + (left, bottom))
            uv_faces.append(chart.faces + first_uv)
            charts.append(np.full(len(chart.faces), names.index(chart.name)))
            first_uv += len(chart.uv)
        for name, ids in part.regions.items():
            regions.setdefault(name, []).append(ids + first)
        first += part.operator.shape[0]
    operator = sparse.vstack([part.operator for part in parts]).tocsr()
    template = operator @ average
    all_faces = np.concatenate(faces)
    mask_uv = np.full((len(all_faces), 3, 2), -1.0)
    mask_uv[: len(skin_mask_uv)] = skin_mask_uv
    return HeadMesh(
        operator, template, all_faces, np.concatenate(uvs), np.concatenate(uv_faces), names,
        np.concatenate(charts), mask_uv, {name: np.concatenate(ids) for name, ids in regions.items()},
        _mirror(template), _skull(parts[0], template), scale, unit_scale, origin, plain,
    )  # fmt: skip


def _skull(skin: Part, template: Array) -> Indices:
    chart_faces = skin.faces[: len(skin.charts[0].faces)]
    outer = np.unique(chart_faces)
    return outer[template[outer, 1] > CHIN]


def _mirror(template: Array) -> Indices:
    """The vertex nearest to each vertex's mirror image; the head is symmetric, so it is an involution."""
    distance, mirror = cKDTree(template).query(template * (-1.0, 1.0, 1.0))
    if distance.max() > 1e-6 or (mirror[mirror] != np.arange(len(mirror))).any():
        raise AssertionError(
            f"the head is not symmetric: a vertex misses its mirror image by {distance.max():.2e} m"
        )
    return mirror
