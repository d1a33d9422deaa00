"""How the places of points on a photo change with the points and with the camera."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import project

Array = NDArray[np.float64]

NEAREST = 1e-3  # metres before the camera, where points stop to fall anywhere


def by_point(camera: PhotoCamera, points: Array) -> Array:
    """How the pixels move with their point (..., 2, 3), which is also how they move with the place."""
    placed = points + np.asarray(camera.place)
    factor = _factor(camera, placed)
    found = np.zeros((*points.shape[:-1], 2, 3))
    found[..., 0, 0], found[..., 1, 1] = factor, -factor
    if camera.projection == "perspective":
        depth = np.maximum(-placed[..., 2], NEAREST)
        found[..., 0, 2] = factor * placed[..., 0] / depth
        found[..., 1, 2] = -factor * placed[..., 1] / depth
    return found


def by_zoom(camera: PhotoCamera, points: Array) -> Array:
    """How the pixels move with the logarithm of the focal length, or of the scale (..., 2)."""
    return project(camera, points)[0] - np.array([camera.cx, camera.cy])


def zoomed(camera: PhotoCamera, logarithm: float) -> PhotoCamera:
    """``camera`` with the focal length, or the scale, that has this natural logarithm."""
    value = math.exp(logarithm)
    return camera.replace(focal=value) if camera.projection == "perspective" else camera.replace(scale=value)


def zoom(camera: PhotoCamera) -> float:
    """The natural logarithm of the focal length, or of the scale."""
    return math.log(camera.focal if camera.projection == "perspective" else camera.scale)


def _factor(camera: PhotoCamera, placed: Array) -> Array:
    if camera.projection == "orthographic":
        return np.full(placed.shape[:-1], camera.scale)
    return np.asarray(camera.focal / np.maximum(-placed[..., 2], NEAREST))
