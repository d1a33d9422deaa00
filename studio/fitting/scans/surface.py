"""Heads of fits to scans: their surface, how they stand, and offsets of their posed vertices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.fitting.head_part import Blends, HeadPart, PosedPart
from studio.fitting.scans.scan import Placement
from studio.flame.distances import MILLIMETRES
from studio.flame.model import HeadModel
from studio.flame.normals import vertex_normals
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from studio.flame.skeleton import rest_joints

Array = NDArray[np.float64]
_NONE = np.zeros(0, np.intp)


def posed_vertices(model: HeadModel, params: Params) -> Array:
    """The vertices (V, 3) of ``params``, metres, in float64."""
    return _posed(model, params).vertices + params.translation


def turned_back(model: HeadModel, params: Params, moved: Array) -> Array:
    """Motions (V, 3) of posed vertices as offsets of those at rest."""
    return np.einsum("vji,vj->vi", _posed(model, params).turns, moved)


def upright(model: HeadModel, params: Params, placement: Placement) -> tuple[Params, Placement]:
    """The head without the turn of its root and its translation, and the scan moved instead."""
    turn = to_matrices(params.rotation)
    root = rest_joints(model, params)[0]
    shift = root - turn @ root + params.translation  # a point p of the upright head is at turn @ p + shift
    still = params.replace(rotation=np.zeros(3), translation=np.zeros(3))
    return still, Placement(turn.T @ placement.turn, turn.T @ (placement.shift - shift))


def _posed(model: HeadModel, params: Params) -> PosedPart:
    part = HeadPart(model, params, None, Blends(_NONE, _NONE, _NONE), _NONE)
    return part.posed(np.zeros(0), params.pose.astype(np.float64))


def moved_onto(model: HeadModel, params: Params, distances: NDArray[np.float32]) -> Params:
    """``params`` with an offset along the normals by ``distances`` (V,) in millimetres; NaN moves nothing."""
    vertices = posed_vertices(model, params)
    normals = vertex_normals(vertices.astype(np.float32), model.faces).astype(np.float64)
    moved = normals * (np.nan_to_num(distances).astype(np.float64) / MILLIMETRES)[:, None]
    before = np.zeros_like(moved) if params.vertex_offset is None else params.vertex_offset
    return params.replace(vertex_offset=before + turned_back(model, params, moved))
