"""The texels of a head's texture: which point of the surface each of them shows, and its mirror image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from studio.controls.mirror_surface import SIDES, mirror_surface
from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.render.rasterizer import rasterize
from studio.storage.errors import StudioError

_CANDIDATES = 12  # faces near a mirrored one that are looked at
_FACING = 0.3  # cosine between the normals of a face and of its mirror image


@dataclass(frozen=True, eq=False)
class Texels:
    """The N texels of a texture of ``size`` squared, row 0 at v = 0, that faces of the head show."""

    model: HeadModel
    size: int
    places: NDArray[np.intp]  # (N,) row * size + column
    faces: NDArray[np.int32]  # (N,)
    weights: NDArray[np.float32]  # (N, 3) barycentric, of the face's corners

    def at(self, values: NDArray) -> NDArray:
        """Values of the vertices (V, C) at the texels (N, C)."""
        corners = self.model.faces[self.faces]
        total = self.weights[:, :1] * values[corners[:, 0]]
        for corner in (1, 2):
            total += self.weights[:, corner : corner + 1] * values[corners[:, corner]]
        return np.asarray(total)

    def to_vertices(self, values: NDArray, shares: NDArray) -> tuple[NDArray, NDArray]:
        """Values of the texels (N, C), counted by ``shares`` (N,), gathered at the vertices.

        Returns:
            Their means (V, C), 0 where nothing came, and what was counted (V,) in texels.

        """
        corners, count = self.model.faces[self.faces], self.model.vertex_count
        sums, counted = np.zeros((count, values.shape[1])), np.zeros(count)
        for corner in range(3):
            share = shares * self.weights[:, corner]
            counted += np.bincount(corners[:, corner], share, count)
            for channel in range(values.shape[1]):
                sums[:, channel] += np.bincount(corners[:, corner], share * values[:, channel], count)
        return sums / np.maximum(counted, 1e-12)[:, None], counted

    def picture(self, values: NDArray, ground: NDArray) -> NDArray:
        """The texture (R, R, C) with ``values`` (N, C), and ``ground`` (R, R, C) where nothing shows."""
        image = ground.reshape(self.size * self.size, -1).copy()
        image[self.places] = values
        return image.reshape(self.size, self.size, -1)

    @cached_property
    def mirrored(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Row and column (N,) each, fractional, of the texel that shows the other side's same point."""
        model = self.model
        assert model.uv is not None
        assert model.uv_faces is not None
        twins = _mirrored_faces(model)[self.faces]
        point = self.at(_mirrored_vertices(model))
        corners = rest(model).vertices[model.faces[twins]].astype(np.float64)  # (N, 3, 3)
        shares = _barycentric(point, corners).astype(np.float32)
        uv = np.einsum("nk,nkc->nc", shares, model.uv[model.uv_faces[twins]])
        return uv[:, 1] * self.size - 0.5, uv[:, 0] * self.size - 0.5


def texels_of(model: HeadModel, size: int) -> Texels:
    """The texels of the texture of ``model`` at ``size`` pixels squared.

    Raises:
        StudioError: the model has no texture coordinates.

    """
    if model.uv is None or model.uv_faces is None:
        raise StudioError(
            f"{model.name} has no texture coordinates; put head_template.obj or FLAME_texture.npz into its "
            "folder to get a texture."
        )
    across, up = 2.0 * model.uv.astype(np.float64).T - 1.0
    clip = np.column_stack([across, -up, np.zeros(len(across)), np.ones(len(across))])
    drawn = rasterize(clip, model.uv_faces, size, size)
    places = np.flatnonzero(drawn.faces.ravel() >= 0)
    return Texels(model, size, places, drawn.faces.ravel()[places], drawn.weights.reshape(-1, 3)[places])


def pieces(model: HeadModel) -> NDArray[np.int32]:
    """Which of the unconnected surfaces of a head (F,) each face belongs to: skin, eyes, teeth, and so on."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    heads, tails = model.faces.ravel(), np.roll(model.faces, -1, axis=1).ravel()
    edges = coo_matrix((np.ones(len(heads)), (heads, tails)), (model.vertex_count,) * 2)
    return np.asarray(connected_components(edges, directed=False)[1][model.faces[:, 0]], np.int32)


def _mirrored_vertices(model: HeadModel) -> NDArray[np.float64]:
    """Where the mirror image of each neutral vertex is (V, 3)."""
    mirror, vertices = mirror_surface(model), rest(model).vertices.astype(np.float64)
    return np.asarray(np.einsum("vk,vkc->vc", mirror.barycentric, vertices[mirror.corners]))


def _mirrored_faces(model: HeadModel) -> NDArray[np.intp]:
    """The face (F,) on which the mirror image of each face's middle lies."""
    from scipy.spatial import cKDTree

    corners = rest(model).vertices.astype(np.float64)[model.faces]
    middles = corners.mean(axis=1)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    images = _mirrored_vertices(model)[model.faces].mean(axis=1)
    near = cKDTree(middles).query(images, k=_CANDIDATES)[1]
    facing = np.einsum("fkc,fc->fk", normals[near], normals * SIDES) > _FACING
    first = np.where(facing.any(axis=1), facing.argmax(axis=1), 0)
    return np.asarray(near[np.arange(len(near)), first])


def _barycentric(points: NDArray, corners: NDArray) -> NDArray:
    """Barycentric weights (N, 3) within their triangles (N, 3, 3) of the nearest places to ``points``."""
    origin, first, second = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    to = points - origin
    aa, ab, bb = (np.einsum("nc,nc->n", p, q) for p, q in ((first, first), (first, second), (second, second)))
    ta, tb = np.einsum("nc,nc->n", to, first), np.einsum("nc,nc->n", to, second)
    size = np.maximum(aa * bb - ab * ab, 1e-24)
    u, v = (bb * ta - ab * tb) / size, (aa * tb - ab * ta) / size
    shares = np.clip(np.stack([1.0 - u - v, u, v], axis=1), 0.0, 1.0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
