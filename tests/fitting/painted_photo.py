"""A photo of a head of known albedo under known light, pixel by pixel from the formulas, in float64."""

from __future__ import annotations

import numpy as np

from studio.document.harmonics import shading
from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions
from studio.render.colours import to_linear, to_srgb
from studio.render.rasterizer import rasterize

GROUND = (0.1, 0.4, 0.2)  # sRGB of what is behind the head


def camera_before(width: int = 360, height: int = 440, depth: float = 0.9) -> PhotoCamera:
    """A camera that the open head fills."""
    return PhotoCamera(
        width, height, "perspective", 1.4 * height, cx=width / 2, cy=height / 2, place=(0.0, 0.0, -depth)
    )


def painted_photo(model, surface, camera, albedo, light) -> np.ndarray:
    """(H, W, 3) uint8 sRGB of ``albedo`` (R, R, 3) uint8 sRGB, row 0 at v = 0, under ``light`` (9, 3)."""
    drawn = rasterize(clip_positions(camera, surface.vertices), model.faces, camera.width, camera.height)
    image = np.broadcast_to(np.array(GROUND), (camera.height, camera.width, 3)).copy()
    seen = drawn.faces >= 0
    faces, weights = drawn.faces[seen], drawn.weights[seen].astype(np.float64)
    uv = np.einsum("nk,nkc->nc", weights, model.uv[model.uv_faces[faces]])
    normals = np.einsum("nk,nkc->nc", weights, surface.normals[model.faces[faces]])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    size = len(albedo)
    columns, rows = np.clip((uv * size).astype(int), 0, size - 1).T
    linear = to_linear(albedo[rows, columns] / 255.0) * shading(light, normals)
    image[seen] = to_srgb(np.clip(linear, 0.0, 1.0))
    return np.round(255.0 * image).astype(np.uint8)
