"""What a fit looks like by its own definition: albedo times the light of its harmonics, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.harmonics import shading
from studio.document.look import Texture
from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions
from studio.fitting.state import GREY, FitState
from studio.flame.model import HeadModel
from studio.render.colours import to_linear
from studio.render.cpu_texture import bilinear
from studio.render.rasterizer import rasterize
from studio.render.texture import read_albedo

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shown:
    """The N pixels of a photo that a fitted head covers, row by row."""

    covered: NDArray[np.bool_]  # (H, W)
    faces: NDArray[np.int32]  # (N,) of the model
    normals: Array  # (N, 3) unit
    albedo: Array  # (N, 3) linear light
    shade: Array  # (N, 3) what white skin would send out

    @property
    def light(self) -> Array:
        """(N, 3) linear light of the head."""
        return self.albedo * self.shade

    def over(self, ground: NDArray, values: NDArray) -> NDArray:
        """``ground`` (H, W, C) with ``values`` (N, C) where the head covers it; a copy."""
        picture = np.array(ground)
        picture[self.covered] = values
        return picture


def show(model: HeadModel, surface: Surface, state: FitState, camera: PhotoCamera | None = None) -> Shown:
    """``state``, whose surface is ``surface``, as ``camera`` sees it; None: as its own does.

    Raises:
        StudioError: the model's texture cannot be read.

    """
    camera = camera or state.camera
    seen = rasterize(clip_positions(camera, surface.vertices), model.faces, camera.width, camera.height)
    covered = seen.faces >= 0
    faces, weights = seen.faces[covered], seen.weights[covered].astype(np.float64)
    normals = np.einsum("nk,nkc->nc", weights, surface.normals[model.faces[faces]].astype(np.float64))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    albedo = _albedo(model, state, faces, weights)
    return Shown(covered, faces, normals, albedo, shading(state.light, normals))


def _albedo(model: HeadModel, state: FitState, faces: NDArray, weights: Array) -> Array:
    picture = None
    if state.texture_key:
        choice = Texture(state.texture_key, tuple(float(value) for value in state.texture))
        picture = read_albedo(model, choice)
    if model.uv is None or model.uv_faces is None:
        return np.full((len(faces), 3), GREY)
    places = np.einsum("nk,nkc->nc", weights, model.uv[model.uv_faces[faces]].astype(np.float64))
    if picture is None:
        albedo = np.full((len(faces), 3), GREY)
    else:
        albedo = to_linear(bilinear(picture, places) / 255.0)
    if state.albedo_offset is not None:
        albedo = albedo + bilinear(state.albedo_offset, places)
    return np.clip(albedo, 0.0, None)
