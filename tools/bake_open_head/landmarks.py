"""The 68 iBUG landmarks on the template: 51 placed by hand, 17 on the silhouette for every yaw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .source import Array, Indices

# where the landmarks of the subject's left half and the midline are: x and y in millimetres, from the front
BROW = ((10.5, 45.5), (18.0, 49.5), (27.0, 50.8), (37.0, 48.8), (45.5, 43.8))  # from the nose outwards
BRIDGE = ((0.0, 33.0), (0.0, 21.0), (0.0, 9.0), (0.0, -5.5))
NOSTRILS = ((13.0, -16.6), (6.5, -18.6), (0.0, -20.8))  # from the wing to the middle
EYE = (
    (20.0, 27.4),
    (27.5, 33.6),
    (39.5, 33.8),
    (46.8, 29.8),
    (39.0, 25.2),
    (28.0, 25.1),
)  # inner corner, up, round
LIPS_OUTER_UPPER = ((25.5, -45.0), (16.0, -39.8), (6.0, -36.8), (0.0, -37.8))
LIPS_OUTER_LOWER = ((16.5, -53.2), (8.0, -56.6), (0.0, -57.4))
LIPS_INNER_UPPER = ((22.5, -44.6), (8.0, -44.0), (0.0, -44.4))
LIPS_INNER_LOWER = ((8.0, -45.0), (0.0, -45.2))

FAN_CENTRE = (0.0, 0.028)
CONTOUR_POINTS = 17
LARGEST_YAW = 39


@dataclass(frozen=True, eq=False)
class Embedding:
    """Points on faces by id and barycentric coordinates: 51 static ones, 79 rows of 17 of the contour."""

    static_faces: Indices
    static_barycentric: Array
    contour_faces: Indices
    contour_barycentric: Array


def build_landmarks(
    template: Array, faces: Indices, skin_faces: Indices, upper: Indices, lower: Indices, lids: Indices
) -> Embedding:
    """The landmark embedding.

    Args:
        template: (V, 3).
        faces: (F, 3).
        skin_faces: rows of ``faces`` that are skin of face and jaw, without ears and neck.
        upper: vertices of the upper lip.
        lower: vertices of the lower lip.
        lids: vertices of the lid rims.

    """
    points = _static_points()
    ids = np.empty(51, dtype=np.int64)
    weights = np.empty((51, 3))
    for row, (x, y) in enumerate(points):
        if 19 <= row < 31:
            ids[row], weights[row] = _at_vertex(_nearest(template, lids, x, y, 0.3), faces[skin_faces])
        elif row >= 43:
            lip = lower if row >= 48 else upper
            ids[row], weights[row] = _at_vertex(_nearest(template, lip, x, y, 0.3), faces[skin_faces])
        else:
            ids[row], weights[row] = _front(template, faces[skin_faces], x, y)
    contour_faces, contour_weights = _contour(template, faces[skin_faces])
    return Embedding(skin_faces[ids], weights, skin_faces[contour_faces], contour_weights)


def _static_points() -> Array:
    """The 51 places (51, 2) in metres in iBUG order: subject's right first."""

    def right(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        return [(-x, y) for x, y in points]

    eye = list(EYE)
    rows = [
        *right(BROW)[::-1], *BROW, *BRIDGE, *right(NOSTRILS), *NOSTRILS[1::-1],
        *right((eye[3], eye[2], eye[1], eye[0], eye[5], eye[4])), *eye,
        *right(LIPS_OUTER_UPPER), *LIPS_OUTER_UPPER[2::-1],
        *LIPS_OUTER_LOWER, *right(LIPS_OUTER_LOWER)[1::-1],
        *right(LIPS_INNER_UPPER), *LIPS_INNER_UPPER[1::-1], *LIPS_INNER_LOWER, *right(LIPS_INNER_LOWER)[:1],
    ]  # fmt: skip
    return np.array(rows) * 1e-3


def _nearest(template: Array, among: Indices, x: float, y: float, depth_cost: float) -> int:
    points = template[among]
    behind = points[:, 2].max() - points[:, 2]
    return int(among[np.argmin(np.hypot(points[:, 0] - x, points[:, 1] - y) + depth_cost * behind)])


def _at_vertex(vertex: int, faces: Indices) -> tuple[int, Array]:
    row = int(np.flatnonzero((faces == vertex).any(axis=1))[0])
    return row, (faces[row] == vertex).astype(np.float64)


def _front(template: Array, faces: Indices, x: float, y: float) -> tuple[int, Array]:
    """The foremost point over (x, y): face and barycentric coordinates."""
    a, b, c = (template[faces[:, k]] for k in range(3))
    u, v = (b - a)[:, :2], (c - a)[:, :2]
    p = np.array([x, y]) - a[:, :2]
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(np.abs(area) < 1e-14, 1e-14, area)
    s = (p[:, 0] * v[:, 1] - p[:, 1] * v[:, 0]) / area
    t = (u[:, 0] * p[:, 1] - u[:, 1] * p[:, 0]) / area
    inside = (s >= -1e-9) & (t >= -1e-9) & (s + t <= 1.0 + 1e-9)
    depth = np.where(inside, a[:, 2] + s * (b - a)[:, 2] + t * (c - a)[:, 2], -np.inf)
    row = int(np.argmax(depth))
    return row, np.clip([1.0 - s[row] - t[row], s[row], t[row]], 0.0, 1.0)


def _contour(template: Array, faces: Indices) -> tuple[Indices, Array]:
    """Rows in RingNet's order: frontal, 1..39 degrees to the subject's left, then 1..39 to the right.

    Each point stays in its half-plane about the line of sight through the face's centre, on the edge
    crossing that reaches farthest out on the screen. On the side that turns towards the viewer the
    frontal point stays, since there the ear hides the outline.
    """
    slices = [_slice(template, faces, angle) for angle in np.linspace(np.pi, 2.0 * np.pi, CONTOUR_POINTS)]
    ids = np.empty((2 * LARGEST_YAW + 1, CONTOUR_POINTS), dtype=np.int64)
    weights = np.empty((2 * LARGEST_YAW + 1, CONTOUR_POINTS, 3))
    middle = CONTOUR_POINTS // 2
    for row in range(len(ids)):
        yaw = row if row <= LARGEST_YAW else LARGEST_YAW - row
        for column, (face, barycentric, radius, depth, cosine) in enumerate(slices):
            turning_away = (column > middle) == (yaw > 0) and column != middle
            angle = np.radians(yaw if turning_away else 0.0)
            reach = radius * (cosine**2 * np.cos(angle) + 1.0 - cosine**2) + depth * np.sin(angle) * cosine
            best = int(np.argmax(reach))
            ids[row, column], weights[row, column] = face[best], barycentric[best]
    return ids, weights


def _slice(template: Array, faces: Indices, angle: float) -> tuple[Indices, Array, Array, Array, float]:
    """Where edges cross the half-plane at ``angle``: face, barycentric, distance from the axis, z."""
    direction = np.array([np.cos(angle), np.sin(angle)])
    flat = template[:, :2] - FAN_CENTRE
    # a hair off the midline, so that edges lying in it count as crossed once
    beside = -direction[1] * flat[:, 0] + direction[0] * flat[:, 1] + 1e-9
    found_faces, found_weights = [], []
    for k in range(3):
        a, b = faces[:, k], faces[:, (k + 1) % 3]
        crossed = np.flatnonzero(beside[a] * beside[b] < 0.0)
        share = beside[a[crossed]] / (beside[a[crossed]] - beside[b[crossed]])
        weights = np.zeros((len(crossed), 3))
        weights[:, k], weights[:, (k + 1) % 3] = 1.0 - share, share
        found_faces.append(crossed)
        found_weights.append(weights)
    ids, barycentric = np.concatenate(found_faces), np.concatenate(found_weights)
    points = np.einsum("nk,nkd->nd", barycentric, template[faces[ids]])
    radius = (points[:, :2] - FAN_CENTRE) @ direction
    ahead = radius > 0.0
    return ids[ahead], barycentric[ahead], radius[ahead], points[ahead, 2], float(direction[0])
