"""Vertex offsets between variants of a mesh: with the teeth's vertices at the end, and without them."""

from __future__ import annotations

import numpy as np

from studio.flame.model import HeadModel
from studio.flame.params import FloatArray
from studio.flame.teeth import TEETH_VERTICES
from studio.flame.versions import FLAME_VERTICES


def fits(count: int, model: HeadModel) -> bool:
    """Whether offsets of ``count`` vertices are for ``model``, its added teeth left in or out."""
    whole = model.original
    # Teeth that a mesh has of its own are no vertices at its end that could be left out.
    if any("teeth" in name for name in whole.regions):
        return count == model.vertex_count
    bare = whole.vertex_count
    bare -= TEETH_VERTICES if bare == FLAME_VERTICES + TEETH_VERTICES else 0
    return count in (bare, bare + TEETH_VERTICES)


def fitted(offset: FloatArray, model: HeadModel) -> FloatArray:
    """``offset`` (..., V', 3), which ``fits``, for the V vertices of ``model``; teeth without any stay."""
    missing = model.vertex_count - offset.shape[-2]
    if missing <= 0:
        return offset[..., : model.vertex_count, :]
    return np.pad(offset, [(0, 0)] * (offset.ndim - 2) + [(0, missing), (0, 0)])


def same_mesh(first: HeadModel, second: HeadModel) -> bool:
    """Whether vertex offsets mean the same on both models: those of the files have the same faces."""
    one, other = first.original, second.original
    return one is other or (one.vertex_count == other.vertex_count and np.array_equal(one.faces, other.faces))
