"""Which point of the open head each vertex of another head stands on: by landmarks, parts and surfaces.

The other head is brought over the open head by the similarity that fits its 68 landmarks best (Umeyama
1991) and then by a smooth warp that takes each landmark the rest of the way, fading out behind the face
(radial basis functions of Wendland 1995). Each vertex then takes the nearest point of the corresponding
part whose surface faces the same way, so that an upper lip does not take what the lower one does. How far
that point still is says how much the vertex can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.donor import Donor
from studio.flame.areas import areas
from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.model import HeadModel
from studio.flame.neutral import Rest, rest
from studio.flame.similarity import similarity

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Loose pieces, which correspond only where both heads name them. Eyeballs turn, and take no unit.
PIECES = ("upper_teeth", "lower_teeth", "upper_gums", "lower_gums", "tongue", "lashes")
EYEBALLS = "eyeballs"
EYE_JOINTS = slice(3, 5)
WARP_REACH = 0.12  # metres around a landmark
STATIC_SLACK, CONTOUR_SLACK = 0.01, 0.3  # the jaw line is where a head was seen from, not a place on it
FACING = 0.01  # metres that a normal at right angles counts
TRUST = 0.008  # metres at which a vertex counts for a third
NEAREST = 4  # vertices whose triangles are looked at
MOST_TRIANGLES = 12  # around one vertex
ROWS_AT_A_TIME = 512


@dataclass(frozen=True, eq=False)
class Correspondence:
    """For each of V vertices a point on the donor, and what it counts; ``back`` turns displacements."""

    corners: Indices  # (V, 3) vertices of the donor
    barycentric: Array  # (V, 3)
    trust: Array  # (V,) 0..1, how surely they are the same point; 0 where nothing corresponds
    weights: Array  # (V,) trust by area, summing to 1
    back: Array  # (3, 3) from displacements of the donor to those of the model

    def carry(self, moved: NDArray[np.float32]) -> Array:
        """Displacements (V, 3, U) on the model of ``moved`` (V', 3, U) on the donor."""
        total = np.zeros((len(self.corners), *moved.shape[1:]))
        for corner in range(3):
            total += moved[self.corners[:, corner]] * self.barycentric[:, corner, None, None]
        return np.einsum("ij,vju->viu", self.back, total, optimize=True)


def correspond(model: HeadModel, donor: Donor) -> Correspondence:
    """Where each vertex of ``model`` lies on ``donor``.

    A head without landmarks is aligned by its joints alone, which is rougher.
    """
    own = rest(model)
    turn, shift = similarity(*_anchors(own, donor.rest))
    placed = own.vertices @ turn.T + shift
    if len(own.landmarks):
        placed = _warped(placed, own.landmarks @ turn.T + shift, donor.rest.landmarks)
    scale = np.cbrt(np.linalg.det(turn))
    normals = own.normals @ (turn / scale).T
    count = model.vertex_count
    corners, barycentric = np.zeros((count, 3), np.intp), np.zeros((count, 3))
    away = np.full(count, np.inf)
    for targets, faces in _parts(model, donor):
        found = closest(placed[targets], normals[targets], donor.rest, faces)
        corners[targets], barycentric[targets], away[targets] = found
    trust = np.exp(-((away / TRUST) ** 2))
    weights = areas(own.vertices, model.faces) * trust
    weights /= max(weights.sum(), 1e-300)
    back = np.asarray(np.linalg.inv(turn), np.float64)
    return Correspondence(corners, barycentric, trust, weights, back)


def _anchors(own: Rest, other: Rest) -> tuple[Array, Array]:
    """Points of both heads that are the same ones."""
    if len(own.landmarks):
        return own.landmarks.astype(np.float64), other.landmarks.astype(np.float64)
    return own.joints.astype(np.float64), other.joints.astype(np.float64)


def _warped(points: Array, marks: Array, wanted: NDArray[np.float32]) -> Array:
    """``points`` (N, 3) moved so that ``marks`` (68, 3) come to ``wanted``, smoothly and near them only."""
    slack = np.where(np.arange(len(marks)) < CONTOUR_COUNT, CONTOUR_SLACK, STATIC_SLACK)
    pull = np.linalg.solve(_wendland(marks, marks) + np.diag(slack), wanted - marks)
    return np.asarray(points + _wendland(points, marks) @ pull)


def _wendland(points: Array, centres: Array) -> Array:
    away = np.sqrt(np.maximum(_squared(points, centres), 0.0)) / WARP_REACH
    return np.maximum(1.0 - away, 0.0) ** 4 * (4.0 * away + 1.0)


def _squared(points: Array, others: Array) -> Array:
    """Squared distances (N, M)."""
    return np.asarray(((points[:, None, :] - others[None, :, :]) ** 2).sum(axis=2))


def _parts(model: HeadModel, donor: Donor) -> list[tuple[Indices, NDArray[np.int32]]]:
    """Vertices of the model, and the faces of the donor that they may lie on, part by part."""
    eyeball = (model.lbs_weights[:, EYE_JOINTS] > 0.5).any(axis=1)
    loose = ~_largest_piece(model) | eyeball
    parts = []
    skin = np.ones(len(donor.rest.vertices), bool)
    for name in (*PIECES, EYEBALLS):
        skin[donor.regions[name]] = False
    for name in PIECES:
        if name in model.regions:
            loose[model.regions[name]] = True
            of_piece = np.zeros(len(skin), bool)
            of_piece[donor.regions[name]] = True
            parts.append((model.regions[name].astype(np.intp), _within(donor.faces, of_piece)))
    return [(np.flatnonzero(~loose), _within(donor.faces, skin)), *parts]


def _within(faces: NDArray[np.int32], chosen: NDArray[np.bool_]) -> NDArray[np.int32]:
    return faces[chosen[faces].all(axis=1)]


def _largest_piece(model: HeadModel) -> NDArray[np.bool_]:
    """The vertices (V,) of the connected piece of the mesh with the most vertices."""
    labels = np.arange(model.vertex_count)
    edges = model.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    while True:
        before = labels.copy()
        lower = np.minimum(labels[edges[:, 0]], labels[edges[:, 1]])
        for end in range(2):
            np.minimum.at(labels, labels[edges[:, end]], lower)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return np.asarray(labels == np.bincount(labels).argmax())


def closest(
    points: Array, normals: Array, other: Rest, faces: NDArray[np.int32]
) -> tuple[Indices, Array, Array]:
    """The nearest point on ``faces`` that faces the same way: corners (N, 3), weights (N, 3), metres (N,)."""
    used = np.unique(faces)
    places = np.concatenate([other.vertices[used], FACING * other.normals[used]], axis=1).astype(np.float32)
    wanted = np.concatenate([points, FACING * normals], axis=1).astype(np.float32)
    around = _triangles_around(faces, len(other.vertices))
    found = [
        _closest_block(
            points[start : start + ROWS_AT_A_TIME],
            normals[start : start + ROWS_AT_A_TIME],
            other,
            faces,
            around[used[_nearest(wanted[start : start + ROWS_AT_A_TIME], places)]],
        )
        for start in range(0, len(points), ROWS_AT_A_TIME)
    ]
    corners, weights, away = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return corners, weights, away


def _nearest(points: NDArray[np.float32], others: NDArray[np.float32]) -> Indices:
    """The nearest of ``others`` (M, D) to each of ``points`` (N, D), in no order (N, NEAREST)."""
    squared = (others * others).sum(axis=1) - 2.0 * (points @ others.T)
    return np.argpartition(squared, NEAREST, axis=1)[:, :NEAREST]


def _triangles_around(faces: NDArray[np.int32], vertex_count: int) -> Indices:
    """The faces around each vertex (V, MOST_TRIANGLES), the first again where there are fewer."""
    order = np.argsort(faces.ravel(), kind="stable")
    counts = np.bincount(faces.ravel(), minlength=vertex_count)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    steps = np.minimum(np.arange(MOST_TRIANGLES)[None], np.maximum(counts - 1, 0)[:, None])
    places = np.minimum(starts[:, None] + steps, faces.size - 1)
    return np.asarray(order[places] // 3)


def _closest_block(
    points: Array, normals: Array, other: Rest, faces: NDArray[np.int32], candidates: Indices
) -> tuple[Indices, Array, Array]:
    triangles = faces[candidates.reshape(len(points), -1)]  # (N, K, 3)
    weights = _on_triangles(points[:, None], other.vertices[triangles].astype(np.float64))
    places = np.einsum("nkc,nkcx->nkx", weights, other.vertices[triangles])
    facing = np.einsum("nkc,nkcx->nkx", weights, other.normals[triangles])
    away = ((places - points[:, None]) ** 2).sum(axis=2)
    cost = away + FACING**2 * ((facing - normals[:, None]) ** 2).sum(axis=2)
    best = (np.arange(len(points)), cost.argmin(axis=1))
    return triangles[best].astype(np.intp), weights[best], np.sqrt(cost[best])


def _on_triangles(points: Array, corners: Array) -> Array:
    """Barycentric weights (N, K, 3) of the point of each triangle (N, K, 3, 3) nearest to ``points``."""
    first, second = corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0]
    arm = points - corners[:, :, 0]
    aa, ab, bb = (first * first).sum(2), (first * second).sum(2), (second * second).sum(2)
    pa, pb = (arm * first).sum(2), (arm * second).sum(2)
    area = np.maximum(aa * bb - ab * ab, 1e-24)
    u, v = (bb * pa - ab * pb) / area, (aa * pb - ab * pa) / area
    best = np.stack([1.0 - u - v, u, v], axis=2)
    inside = (best >= 0.0).all(axis=2)
    nearest = np.full(inside.shape, np.inf)
    for start, end in ((0, 1), (1, 2), (2, 0)):
        edge = corners[:, :, end] - corners[:, :, start]
        reach = points - corners[:, :, start]
        along = np.clip((reach * edge).sum(2) / np.maximum((edge * edge).sum(2), 1e-24), 0.0, 1.0)
        gap = ((reach - along[:, :, None] * edge) ** 2).sum(2)
        nearer = ~inside & (gap < nearest)
        nearest = np.where(nearer, gap, nearest)
        on_edge = np.zeros_like(best)
        on_edge[:, :, start], on_edge[:, :, end] = 1.0 - along, along
        best = np.where(nearer[:, :, None], on_edge, best)
    return best
