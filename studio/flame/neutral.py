"""The neutral head straight from the model's file, for the first picture, before any backend is loaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Rest:
    """The neutral head: float32 arrays in metres, in the model's frame."""

    vertices: Array  # (V, 3)
    normals: Array  # (V, 3) unit
    landmarks: Array  # (68, 3), or (0, 3) without an embedding
    joints: Array  # (5, 3)


def rest(model: HeadModel) -> Rest:
    """What a backend gives for all parameters at zero."""
    vertices = model.v_template
    joints = (model.j_regressor.astype(np.float64) @ vertices).astype(np.float32)
    return Rest(vertices, _normals(vertices, model.faces), _landmarks(model), joints)


def _normals(vertices: Array, faces: NDArray[np.int32]) -> Array:
    """Area-weighted unit normals (V, 3), by NumPy alone: no kernel is compiled for one head."""
    a, b, c = (vertices[faces[:, corner]].astype(np.float64) for corner in range(3))
    face_normals = np.cross(b - a, c - a)
    corners, count = faces.T.ravel(), len(vertices)
    summed = np.stack(
        [np.bincount(corners, np.tile(face_normals[:, axis], 3), minlength=count) for axis in range(3)],
        axis=1,
    )
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    unit = np.where(length > 0.0, summed / np.maximum(length, 1e-300), (0.0, 0.0, 1.0))
    return unit.astype(np.float32)


def _landmarks(model: HeadModel) -> Array:
    embedding = model.landmarks
    if embedding is None:
        return np.zeros((0, 3), dtype=np.float32)
    corners = np.concatenate([embedding.contour_corners[0], embedding.static_corners])
    weights = np.concatenate([embedding.contour_barycentric[0], embedding.static_barycentric])
    return np.einsum("nij,ni->nj", model.v_template[corners], weights).astype(np.float32)
