"""The texels of the map: which face each shows, and what vertex values are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from .assembly import HeadMesh
from .source import Array, Indices


@dataclass(frozen=True, eq=False)
class Texels:
    """The N texels of one chart: rows and columns in the image, faces (N,), barycentric (N, 3)."""

    rows: Indices
    columns: Indices
    faces: Indices
    barycentric: Array

    def at(self, corner_values: Array) -> Array:
        """Values (N, ...) interpolated from ``corner_values`` (F, 3, ...)."""
        corners = corner_values[self.faces]
        weights = self.barycentric.reshape(self.barycentric.shape + (1,) * (corners.ndim - 2))
        return (corners * weights).sum(axis=1)


def rasterise(mesh: HeadMesh, size: int) -> NDArray[np.int64]:
    """Face shown by each texel (size, size), top row first; -1 where the map is empty."""
    image = np.full((size, size), -1)
    corners = mesh.uv[mesh.uv_faces] * (size, -size) + (0.0, size)
    low = np.maximum(np.floor(corners.min(axis=1)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=1)).astype(int), size)
    for face, (a, b, c) in enumerate(corners):
        x0, y0 = low[face]
        x1, y1 = high[face]
        x, y = np.meshgrid(np.arange(x0, x1) + 0.5, np.arange(y0, y1) + 0.5)
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(area) < 1e-12:
            continue
        s = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        t = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        image[y0:y1, x0:x1][(s >= 0.0) & (t >= 0.0) & (s + t <= 1.0)] = face
    return image


def texels_of(mesh: HeadMesh, image: NDArray[np.int64], chart: str) -> Texels:
    """The texels that show ``chart``, and a margin about it."""
    belongs = mesh.face_charts == mesh.chart_names.index(chart)
    size = image.shape[0]
    inside = (image >= 0) & belongs[image]
    rows, columns = np.nonzero(_grown(inside))
    _, (near_rows, near_columns) = distance_transform_edt(~inside, return_indices=True)
    faces = image[near_rows[rows, columns], near_columns[rows, columns]]
    a, b, c = np.moveaxis(mesh.uv[mesh.uv_faces[faces]] * (size, -size) + (0.0, size), 1, 0)
    p = np.stack([columns + 0.5, rows + 0.5], axis=1) - a
    u, v = b - a, c - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(np.abs(area) < 1e-12, 1e-12, area)
    s = (p[:, 0] * v[:, 1] - p[:, 1] * v[:, 0]) / area
    t = (u[:, 0] * p[:, 1] - u[:, 1] * p[:, 0]) / area
    weights = np.clip(np.stack([1.0 - s - t, s, t], axis=1), 0.0, None)
    return Texels(rows, columns, faces, weights / weights.sum(axis=1, keepdims=True))


MARGIN = 8  # texels painted beyond a chart's outline, so that coarser levels of the map do not bleed


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return distance_transform_edt(~mask) <= MARGIN
