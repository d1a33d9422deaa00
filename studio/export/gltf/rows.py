"""Vertices as glTF has them: one row for each pair of a vertex and a texture coordinate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel


@dataclass(frozen=True, eq=False)
class Rows:
    """M rows: the V vertices of the model in their order, then copies of those at seams of the texture."""

    vertices: NDArray[np.intp]  # (M,) the vertex of each row; 0..V-1 first
    faces: NDArray[np.int32]  # (F, 3) into the rows
    uv: NDArray[np.float32] | None  # (M, 2), v down; None for a model without
    vertex_count: int  # V

    @property
    def copied(self) -> NDArray[np.intp]:
        """The vertices (M - V,) that the rows behind the model's own repeat."""
        return self.vertices[self.vertex_count :]

    def spread(self, values: NDArray) -> NDArray:
        """``values`` (V, K) of the vertices for all rows (M, K), C-contiguous."""
        return np.ascontiguousarray(np.concatenate([values, values[self.copied]]))


def rows_of(model: HeadModel) -> Rows:
    """The rows of ``model``; a vertex keeps its number and the texture coordinate of its first corner."""
    count = model.vertex_count
    everything = np.arange(count)
    if model.uv is None or model.uv_faces is None:
        return Rows(everything, model.faces, None, count)
    points, coordinates = model.faces.ravel(), model.uv_faces.ravel()
    first = np.zeros(count, dtype=np.int64)
    first[points[::-1]] = coordinates[::-1]
    others = np.flatnonzero(coordinates != first[points])
    width = len(model.uv)
    keys, places = np.unique(
        points[others].astype(np.int64) * width + coordinates[others], return_inverse=True
    )
    faces = points.copy()
    faces[others] = count + places
    chosen = np.concatenate([first, keys % width])
    uv = model.uv[chosen] * np.array([1, -1]) + np.array([0, 1])
    return Rows(
        np.concatenate([everything, keys // width]), faces.reshape(-1, 3), uv.astype(np.float32), count
    )
