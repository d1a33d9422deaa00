"""What a fitted state looks like by its own definition: albedo times harmonics, nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.document.harmonics import shading
from studio.fitting.projection import clip_positions
from studio.fitting.state import GREY, FitState
from studio.flame.model import HeadModel
from studio.flame.texture_spaces import to_linear
from studio.flame.textures import source_called, texture_picture
from studio.render.rasterizer import rasterize

Array = NDArray[np.float64]


def shown_light(model: HeadModel, backend: Backend, state: FitState) -> tuple[Array, NDArray[np.bool_]]:
    """Linear light (H, W, 3) of ``state`` on its photo, and where the head covers it (H, W)."""
    assert model.uv is not None
    assert model.uv_faces is not None
    camera, surface = state.camera, backend.forward(state.params)
    clip = clip_positions(camera, surface.vertices)
    seen = rasterize(clip, model.faces, camera.width, camera.height)
    covered = seen.faces >= 0
    faces, weights = seen.faces[covered], seen.weights[covered].astype(np.float64)
    normals = np.einsum("nk,nkc->nc", weights, surface.normals[model.faces[faces]].astype(np.float64))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    places = np.einsum("nk,nkc->nc", weights, model.uv[model.uv_faces[faces]].astype(np.float64))
    albedo = _sampled(_albedo(model, state), places)
    if state.albedo_offset is not None:
        albedo = albedo + _sampled(state.albedo_offset.astype(np.float64), places)
    light = np.zeros((camera.height, camera.width, 3))
    light[covered] = albedo * shading(state.light, normals)
    return light, covered


def _albedo(model: HeadModel, state: FitState) -> Array:
    source = source_called(model, state.texture_key) if state.texture_key else None
    if source is None:
        return np.full((1, 1, 3), GREY)
    picture = texture_picture(source, model, tuple(state.texture.tolist()))
    return np.asarray(to_linear(np.arange(256) / 255.0)[picture])


def _sampled(picture: Array, places: Array) -> Array:
    """``picture`` (H, W, 3), row 0 at v = 0, at texture coordinates (N, 2), linear between texels."""
    from scipy.ndimage import map_coordinates

    height, width = picture.shape[:2]
    rows_columns = np.stack([places[:, 1] * height - 0.5, places[:, 0] * width - 0.5])
    return np.stack(
        [
            map_coordinates(picture[..., channel], rows_columns, order=1, mode="nearest")
            for channel in range(3)
        ],
        axis=1,
    )
