"""Where each vertex of a head has its mirror image: the same head, reflected from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.controls.correspondence import FACING, ROWS_AT_A_TIME, closest
from studio.flame.model import HeadModel
from studio.flame.neutral import rest

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SIDES = np.array([-1.0, 1.0, 1.0])  # what a reflection does to a direction
TURN = np.array([1.0, -1.0, -1.0], np.float32)  # and to an axis-angle vector
EXACT, SAME = 2e-5, 0.003  # metres within which two vertices are a pair whatever way they face, or the same
LEFT_EYE, RIGHT_EYE = 3, 4  # joints
BLENDED = 0.008  # metres to each side of the middle in which one side becomes the other


@dataclass(frozen=True, eq=False)
class MirrorSurface:
    """For each of V vertices the point of the neutral head that is its mirror image."""

    middle: float  # x of the plane between the sides, metres
    corners: Indices  # (V, 3) vertices
    barycentric: Array  # (V, 3)

    def reflected(self, moved: NDArray) -> NDArray[np.float32]:
        """The mirror image (V, 3, C) of displacements ``moved`` (V, 3, C), metres."""
        total = np.zeros(moved.shape, np.float32)
        for corner in range(3):
            share = self.barycentric[:, corner, None, None].astype(np.float32)
            total += moved[self.corners[:, corner]] * share
        total[:, 0] *= -1.0
        return total

    def left(self, vertices: NDArray) -> Array:
        """How far each of ``vertices`` (V, 3) belongs to the left side (V,): 1 left, 0 right."""
        along = np.clip(0.5 + (vertices[:, 0] - self.middle) / (2.0 * BLENDED), 0.0, 1.0)
        return np.asarray(along * along * (3.0 - 2.0 * along), np.float64)


_found: WeakKeyDictionary[HeadModel, MirrorSurface] = WeakKeyDictionary()


def mirror_surface(model: HeadModel) -> MirrorSurface:
    """The mirror images of the vertices of ``model``: found within a second or two, once, and kept.

    The neutral head is reflected at the plane half-way between its eyes. Two vertices that are nearest to
    each other's images are a pair, so that what is reflected twice is what it was; any other vertex takes
    the nearest point of the surface that faces the same way.
    """
    base = model.original if model.original.vertex_count == model.vertex_count else model
    if base not in _found:
        _found[base] = _matched(base)
    return _found[base]


def _matched(model: HeadModel) -> MirrorSurface:
    own = rest(model)
    middle = 0.5 * float(own.joints[LEFT_EYE, 0] + own.joints[RIGHT_EYE, 0])
    points, normals = own.vertices * SIDES, own.normals * SIDES
    points[:, 0] += 2.0 * middle
    nearest, alone = np.arange(model.vertex_count), np.arange(model.vertex_count)
    for facing, within in ((0.0, EXACT), (FACING, SAME)):
        nearest[alone] = _nearest(points[alone], facing * normals[alone], own.vertices, facing * own.normals)
        away = np.linalg.norm(own.vertices[nearest] - points, axis=1)
        alone = alone[(nearest[nearest[alone]] != alone) | (away[alone] > within)]
    corners = np.repeat(nearest[:, None], 3, axis=1)
    barycentric = np.tile((1.0, 0.0, 0.0), (model.vertex_count, 1))
    if len(alone):
        corners[alone], barycentric[alone], _ = closest(points[alone], normals[alone], own, model.faces)
    for array in (corners, barycentric):
        array.setflags(write=False)
    return MirrorSurface(middle, corners, barycentric)


def _nearest(points: Array, normals: Array, others: NDArray, their_normals: NDArray) -> Indices:
    """The nearest of ``others`` (V, 3) to each of ``points`` (N, 3), metres; normals count as lengths."""
    centre = others.mean(axis=0)
    wanted = np.concatenate([points - centre, normals], axis=1).astype(np.float32)
    places = np.concatenate([others - centre, their_normals], axis=1).astype(np.float32)
    squared = 0.5 * (places * places).sum(axis=1)
    found = np.zeros(len(points), np.intp)
    for start in range(0, len(points), ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        found[rows] = (squared - wanted[rows] @ places.T).argmin(axis=1)
    return found
