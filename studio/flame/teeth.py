"""Teeth for FLAME-layout models that have none: two rows of plates behind the lips.

Vertex order and counts are those of VHAP and GaussianAvatars (Qian et al. 2024), so that vertex offsets
made for their mesh apply: eight rows of 15 points, each from the subject's left to the right, behind
the vertices of the model. Where the points lie is worked out from the mouth of the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.model import FloatArray, HeadModel, IndexArray
from studio.flame.surface_graph import landmark_vertex, path_through, resampling, surface_graph
from studio.flame.versions import FLAME_VERTICES
from studio.storage.errors import StudioError

COLUMNS = 15
ROWS = (
    "upper root",
    "lower root",
    "upper edge",
    "lower edge",
    "upper root back",
    "upper edge back",
    "lower root back",
    "lower edge back",
)
TEETH_VERTICES = COLUMNS * len(ROWS)
# Each strip of quads between two rows: front, biting edge and back of the upper, then of the lower teeth.
# The first row of a pair is on the left hand of who walks from the subject's left to the right outside.
STRIPS = (
    ("upper root", "upper edge"),
    ("upper edge", "upper edge back"),
    ("upper edge back", "upper root back"),
    ("lower edge", "lower root"),
    ("lower edge back", "lower edge"),
    ("lower root back", "lower edge back"),
)
NECK, JAW = 1, 2

# iBUG numbers along the outer border of the lips, from the subject's left corner to the right one.
UPPER_LIP = (54, 53, 52, 51, 50, 49, 48)
LOWER_LIP = (54, 55, 56, 57, 58, 59, 48)
INNER_LIPS = (61, 62, 63, 65, 66, 67)

# Fractions of the mouth's half width, about 25 mm on an adult.
ARCH_WIDTH = 1.06  # half, at its ends
ARCH_DEPTH = 1.2  # from the incisors back to its ends
BEHIND_LIPS = 0.40  # the incisors behind where the lips meet
OVERBITE = 0.04  # how far the upper incisors reach below where the lips meet
GAP = 0.02  # between the biting edges
UPPER_HEIGHT, LOWER_HEIGHT = 0.56, 0.50
LOWER_BACK = 0.07  # how far the lower teeth stand behind the upper ones
EDGE_THICKNESS, ROOT_THICKNESS = 0.09, 0.26

ARCH_POWER = 2.3  # of the curve: 2 is a parabola, more is flatter at the incisors

UV_LEFT, UV_RIGHT = 0.62, 0.38
UV_TOP, UV_STEP = 0.998, 0.005


@dataclass(frozen=True, eq=False)
class _Mouth:
    """What the teeth are placed by."""

    corners: NDArray[np.float64]  # (2, 3) left, right
    slit: NDArray[np.float64]  # (3,) where the lips meet, in the middle
    vertices: NDArray[np.intp]  # (N,) of both lips' outer borders
    weights: NDArray[np.float64]  # (15, N) the mean of the lips for each column


def teeth_refusal(model: HeadModel) -> str:
    """Why teeth cannot be added to ``model``, as one sentence; empty where they can."""
    complete = model.vertex_count == FLAME_VERTICES + TEETH_VERTICES
    if complete or any("teeth" in name for name in model.regions):
        return f"{model.name} has teeth of its own."
    if model.landmarks is None:
        return (
            f"Teeth are placed by the landmarks of the mouth, which {model.name} lacks; "
            "put the landmark files beside it."
        )
    return ""


def with_teeth(model: HeadModel) -> HeadModel:
    """``model`` with 120 more vertices and 168 more faces, the teeth.

    The upper ones are rigid to the neck, the lower ones to the jaw; of the bases only the identity
    moves them, as the mean of both lips; joints do not depend on them.

    Raises:
        StudioError: it has teeth, or no landmarks, or its lips are not one surface.

    """
    refusal = teeth_refusal(model)
    if refusal:
        raise StudioError(refusal)
    mouth = _mouth(model)
    points = np.concatenate(list(_rows(mouth)), dtype=np.float32)
    directions = np.tensordot(mouth.weights, model.shapedirs[mouth.vertices].astype(np.float64), 1)
    directions = np.tile(directions, (len(ROWS), 1, 1)).astype(np.float32)
    uv, uv_faces = _texture(model)
    return replace(
        model,
        v_template=np.concatenate([model.v_template, points]),
        faces=np.concatenate([model.faces, teeth_faces(model.vertex_count)]),
        shapedirs=np.concatenate([model.shapedirs, directions]),
        expressiondirs=_still(model.expressiondirs),
        posedirs=_still(model.posedirs),
        j_regressor=np.pad(model.j_regressor, ((0, 0), (0, TEETH_VERTICES))),
        lbs_weights=np.concatenate([model.lbs_weights, _weights()]),
        eyelids=None if model.eyelids is None else _still(model.eyelids),
        uv=uv,
        uv_faces=uv_faces,
        regions={**model.regions, **_regions(model.vertex_count)},
    )


def teeth_faces(start: int) -> IndexArray:
    """The 168 faces (168, 3) of teeth whose first vertex is ``start``, counter-clockwise from outside."""
    first = {name: start + COLUMNS * index for index, name in enumerate(ROWS)}
    steps = np.arange(COLUMNS - 1)
    quads = []
    for one, other in STRIPS:
        a, b = first[one] + steps, first[other] + steps
        quads.append(np.stack([a, a + 1, b, a + 1, b + 1, b], axis=1))
    return np.concatenate(quads).reshape(-1, 3).astype(np.int32)


def teeth_patch(model: HeadModel) -> tuple[float, float, float, float] | None:
    """The part of the texture (lowest u, highest u, lowest v, highest v) that only added teeth show.

    None where ``model`` has no added teeth, or other faces may show that part, too.
    """
    whole = model.original
    if not model.variant.teeth or whole.uv is None or whole.uv_faces is None:
        return None
    patch = (UV_RIGHT, UV_LEFT, UV_TOP - UV_STEP * (len(ROWS) - 1), UV_TOP)
    corners = whole.uv[whole.uv_faces]
    lows, highs = corners.min(axis=1), corners.max(axis=1)
    left, right, bottom, top = patch
    beside = (highs[:, 0] < left) | (lows[:, 0] > right) | (highs[:, 1] < bottom) | (lows[:, 1] > top)
    return patch if beside.all() else None


def _mouth(model: HeadModel) -> _Mouth:
    landmarks = model.landmarks
    assert landmarks is not None
    graph = surface_graph(model.v_template, model.faces)
    borders = []
    for numbers in (UPPER_LIP, LOWER_LIP):
        border = path_through(graph, [landmark_vertex(landmarks, number) for number in numbers])
        if border is None:
            raise StudioError(
                f"The landmarks of {model.name} do not lie on lips that are one surface; "
                "teeth cannot be placed."
            )
        borders.append(border)
    weights = [0.5 * resampling(model.v_template[border], COLUMNS) for border in borders]
    vertices = np.concatenate(borders).astype(np.intp)
    inner = [number - CONTOUR_COUNT for number in INNER_LIPS]
    corners = model.v_template[landmarks.static_corners[inner]].astype(np.float64)
    slit = np.einsum("nij,ni->j", corners, landmarks.static_barycentric[inner]) / len(inner)
    ends = model.v_template[[borders[0][0], borders[0][-1]]].astype(np.float64)
    return _Mouth(ends, slit, vertices, np.concatenate(weights, axis=1))


def _rows(mouth: _Mouth) -> list[NDArray[np.float64]]:
    """The points (15, 3) of each row, in the order of ``ROWS``."""
    size = 0.5 * float(np.linalg.norm(mouth.corners[0] - mouth.corners[1]))
    middle = np.array([mouth.corners[:, 0].mean(), mouth.slit[1], mouth.slit[2] - BEHIND_LIPS * size])
    rows = {}
    for jaw, edge, height in (
        ("upper", (0.0, -OVERBITE, 0.0), UPPER_HEIGHT),
        ("lower", (0.0, -OVERBITE - GAP, -LOWER_BACK), -LOWER_HEIGHT),
    ):
        front = middle + size * np.array(edge)
        root = front + size * np.array((0.0, height, 0.0))
        rows[f"{jaw} edge"] = front + _arch(size, 0.0)
        rows[f"{jaw} edge back"] = front + _arch(size, EDGE_THICKNESS * size)
        rows[f"{jaw} root"] = root + _arch(size, 0.0)
        rows[f"{jaw} root back"] = root + _arch(size, ROOT_THICKNESS * size)
    return [rows[name] for name in ROWS]


def _arch(size: float, inward: float) -> NDArray[np.float64]:
    """Points (15, 3) evenly along a curve in the plane y = 0 with its apex at the origin.

    ``inward`` moves them along its normals.
    """
    width, depth = ARCH_WIDTH * size, ARCH_DEPTH * size
    across = np.linspace(width, -width, 40 * COLUMNS)
    curve = np.stack([across, np.zeros_like(across), -depth * np.abs(across / width) ** ARCH_POWER], axis=1)
    points = resampling(curve, COLUMNS) @ curve
    along = points[:, 0] / width
    slope = -ARCH_POWER * depth / width * np.sign(along) * np.abs(along) ** (ARCH_POWER - 1.0)
    normals = np.stack([slope, np.zeros(COLUMNS), -np.ones(COLUMNS)], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(points + inward * normals)


def _still(basis: FloatArray) -> FloatArray:
    """``basis`` (V, 3, K) with zeros for the teeth."""
    return np.concatenate([basis, np.zeros((TEETH_VERTICES, *basis.shape[1:]), dtype=np.float32)])


def _weights() -> FloatArray:
    weights = np.zeros((len(ROWS), COLUMNS, 5), dtype=np.float32)
    for index, name in enumerate(ROWS):
        weights[index, :, NECK if name.startswith("upper") else JAW] = 1.0
    return weights.reshape(TEETH_VERTICES, 5)


def _texture(model: HeadModel) -> tuple[FloatArray | None, IndexArray | None]:
    """Texture coordinates with a strip for the teeth near the upper border of the map."""
    if model.uv is None or model.uv_faces is None:
        return None, None
    across = np.linspace(UV_LEFT, UV_RIGHT, COLUMNS)
    rows = [np.stack([across, np.full(COLUMNS, UV_TOP - UV_STEP * row)], axis=1) for row in range(len(ROWS))]
    uv = np.concatenate([model.uv, *rows], dtype=np.float32)
    return uv, np.concatenate([model.uv_faces, teeth_faces(len(model.uv))])


def _regions(start: int) -> Mapping[str, IndexArray]:
    ids = np.arange(start, start + TEETH_VERTICES, dtype=np.int32)
    upper = np.repeat([name.startswith("upper") for name in ROWS], COLUMNS)
    return {"teeth": ids, "upper_teeth": ids[upper], "lower_teeth": ids[~upper]}
