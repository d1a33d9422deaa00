"""How far components move a head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel

Array = NDArray[np.float32]


def directions_of(model: HeadModel, field: str) -> Array:
    """What a unit of each component of "shape" or "expr" moves, metres (V, 3, N)."""
    return model.shapedirs if field == "shape" else model.expressiondirs


def reaches(model: HeadModel, field: str) -> Array:
    """The farthest that a unit of each component of ``field`` moves any vertex of a face, metres (N,)."""
    moved = directions_of(model, field)[np.unique(model.faces)]
    squared = np.einsum("vkn,vkn->vn", moved, moved)
    return np.sqrt(squared.max(axis=0, initial=0.0)).astype(np.float32)
