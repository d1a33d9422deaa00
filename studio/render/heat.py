"""Distances on the rows of a display mesh, and their colours as the processor draws them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.colour_scale import SHADE, colours_at
from studio.render.display_mesh import DisplayMesh

Array = NDArray[np.float32]


def heat_rows(mesh: DisplayMesh, shares: Array) -> Array:
    """The values (M,) of the display rows for ``shares`` (V,) of the model's vertices."""
    values = shares
    if mesh.stencils is not None:
        ends = mesh.coarse_lines
        values = np.concatenate([shares, (shares[ends[:, 0]] + shares[ends[:, 1]]) / np.float32(2.0)])
    return np.ascontiguousarray(np.concatenate([values, values[mesh.seam_sources]]), dtype=np.float32)


def heat_colours(shares: Array, normals: Array, views: Array, signed: bool) -> Array:
    """SRGB colours (N, 3) of points at ``shares`` (N,) of the scale, darker where seen from the side."""
    facing = np.clip((normals * views).sum(axis=1, keepdims=True), 0.0, 1.0)
    return colours_at(shares, signed) * (np.float32(SHADE) + np.float32(1.0 - SHADE) * facing)
