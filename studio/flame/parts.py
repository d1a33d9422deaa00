"""A head model without some of its parts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from studio.flame.model import HeadModel
from studio.storage.errors import StudioError


def without_parts(model: HeadModel, names: Collection[str]) -> HeadModel:
    """``model`` without the faces that lie within the regions ``names`` taken together.

    Every vertex stays, so that parameters, vertex offsets, landmarks and masks stay valid.

    Raises:
        StudioError: there is no such region, or no face would be left.

    """
    unknown = sorted(set(names) - model.regions.keys())
    if unknown:
        raise StudioError(_unknown(model, unknown[0]))
    hidden = np.zeros(model.vertex_count, dtype=bool)
    for name in names:
        hidden[model.regions[name]] = True
    kept = ~hidden[model.faces].all(axis=1)
    if not kept.any():
        raise StudioError(
            f"Without {', '.join(sorted(names))} nothing of {model.name} is left; keep some part of it."
        )
    uv_faces = None if model.uv_faces is None else model.uv_faces[kept]
    return replace(model, faces=model.faces[kept], uv_faces=uv_faces)


def _unknown(model: HeadModel, name: str) -> str:
    if not model.regions:
        return (
            f"{model.name} has no named regions, so that {name} cannot be left out; "
            "put FLAME_masks.pkl beside it."
        )
    return f"{model.name} has no region {name}; it has {', '.join(sorted(model.regions))}."
