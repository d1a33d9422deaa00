"""Points of the head on the photo, for both kinds of camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.document.photo_camera import PhotoCamera
from studio.render.camera import NEAREST_PLANE

Array = NDArray[np.float64]


def project(camera: PhotoCamera, points: ArrayLike) -> tuple[Array, Array]:
    """Where ``points`` (..., 3) of the head, metres, fall on the photo.

    Returns:
        Pixels (..., 2), and the depth (...) before the camera in metres; with an orthographic camera the
        depth has no beginning, only an order.

    """
    placed = np.asarray(points, np.float64) + camera.place
    depth = -placed[..., 2]
    if camera.projection == "orthographic":
        factor = np.full_like(depth, camera.scale)
    else:
        with np.errstate(divide="ignore"):
            factor = camera.focal / depth
    pixels = np.stack([camera.cx + factor * placed[..., 0], camera.cy - factor * placed[..., 1]], axis=-1)
    return pixels, depth


def clip_positions(camera: PhotoCamera, points: NDArray) -> Array:
    """Clip-space positions (N, 4) of ``points`` (N, 3) for :mod:`studio.render.rasterizer`."""
    placed = np.asarray(points, np.float64) + camera.place
    depth = -placed[:, 2]
    across, down = 2.0 / camera.width, 2.0 / camera.height
    if camera.projection == "orthographic":
        x = (camera.cx + camera.scale * placed[:, 0]) * across - 1.0
        y = 1.0 - (camera.cy - camera.scale * placed[:, 1]) * down
        middle, half = 0.5 * (depth.min() + depth.max()), max(0.5 * float(np.ptp(depth)), 1e-6)
        return np.column_stack([x, y, 0.9 * (depth - middle) / half, np.ones(len(x))])
    x = across * camera.focal * placed[:, 0] + (across * camera.cx - 1.0) * depth
    y = down * camera.focal * placed[:, 1] + (1.0 - down * camera.cy) * depth
    return np.column_stack([x, y, np.full(len(x), -NEAREST_PLANE), depth])
