"""The picture of a head by the plain formulas, in float64: what the engine's cost is held against."""

from __future__ import annotations

import numpy as np

from studio.document.harmonics import shading
from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions
from studio.render.rasterizer import find_visible


def slow_normals(vertices, faces):
    """Unit normals (V, 3), area-weighted."""
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    cross, found = np.cross(b - a, c - a), np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(found, faces[:, corner], cross)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def slow_pixels(model, vertices, camera: PhotoCamera, texels, light, places):
    """Linear light (N, 3) of the pixels ``places`` of a picture of ``vertices`` (V, 3).

    Each pixel's ray is cut with the plane of the face that it shows; ``texels`` are (R, R, 3).
    """
    clip = clip_positions(camera, vertices)
    shown = find_visible(clip, model.faces, camera.width, camera.height).faces.ravel()[places]
    assert (shown >= 0).all()
    rows, columns = np.divmod(places, camera.width)
    x, y = columns + 0.5 - camera.cx, camera.cy - rows - 0.5
    corners = (vertices + np.asarray(camera.place))[model.faces[shown]]  # (N, 3, 3)
    if camera.projection == "perspective":
        rays = np.stack([x / camera.focal, y / camera.focal, -np.ones(len(x))], axis=1)
        weights = np.linalg.solve(corners.transpose(0, 2, 1), rays[..., None])[..., 0]
    else:
        flat = corners.copy()
        flat[..., 2] = 1.0
        points = np.stack([x / camera.scale, y / camera.scale, np.ones(len(x))], axis=1)
        weights = np.linalg.solve(flat.transpose(0, 2, 1), points[..., None])[..., 0]
    weights /= weights.sum(axis=1, keepdims=True)
    shade = shading(light, slow_normals(vertices, model.faces))
    lit = (weights[..., None] * shade[model.faces[shown]]).sum(axis=1)
    uv = (weights[..., None] * model.uv[model.uv_faces[shown]].astype(np.float64)).sum(axis=1)
    return lit * slow_sample(texels, uv)


def slow_sample(texels, uv):
    """Bilinear samples (N, 3) of ``texels`` (R, R, 3), row 0 at v = 0."""
    side = len(texels)
    across, up = np.clip(uv.T * side - 0.5, 0.0, side - 1.001)
    column, row = np.floor(across).astype(int), np.floor(up).astype(int)
    right, above = (across - column)[:, None], (up - row)[:, None]
    low = texels[row, column] * (1.0 - right) + texels[row, column + 1] * right
    high = texels[row + 1, column] * (1.0 - right) + texels[row + 1, column + 1] * right
    return low * (1.0 - above) + high * above
