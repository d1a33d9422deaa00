"""Cameras that show the head well: framed in any direction, and the named directions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from studio.document.camera import Camera
from studio.flame.model import HeadModel
from studio.render.camera import rotation

MARGIN = 1.12  # of the head's extent, so that it does not touch the border

VIEWS: dict[str, tuple[float, float]] = {  # azimuth, elevation in radians
    "front": (0.0, 0.0),
    "three_quarter": (math.radians(35.0), math.radians(5.0)),
    "profile": (math.radians(90.0), 0.0),
    "back": (math.radians(180.0), 0.0),
}


def view_preset(name: str, camera: Camera | None = None) -> Camera:
    """``camera`` turned into the named direction: front, three_quarter, profile or back.

    Raises:
        KeyError: there is no such view.
    """
    azimuth, elevation = VIEWS[name]
    return (camera or Camera()).replace(azimuth=azimuth, elevation=elevation)


def frame_head(head: HeadModel | ArrayLike, camera: Camera, aspect: float = 1.0) -> Camera:
    """``camera`` moved, not turned, so that the whole head is seen in the middle.

    Args:
        head: a model, whose neutral head is framed, or vertices (V, 3) in metres.
        camera: gives direction, field of view and kind of projection.
        aspect: width over height of the picture.
    """
    vertices = np.asarray(head.v_template if isinstance(head, HeadModel) else head, dtype=np.float64)
    axes = rotation(camera)
    points = vertices @ axes.T
    vertical = math.tan(camera.field_of_view / 2.0)
    if camera.orthographic:
        center, distance = _fit_orthographic(points, vertical, aspect)
    else:
        center, distance = _fit_perspective(points, vertical, aspect)
    target = axes.T @ center
    return camera.replace(target=tuple(float(value) for value in target), distance=distance)


def _fit_orthographic(points: np.ndarray, vertical: float, aspect: float) -> tuple[np.ndarray, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max((high[1] - low[1]) / 2.0, (high[0] - low[0]) / 2.0 / aspect)
    return (low + high) / 2.0, float(max(extent * MARGIN / vertical, 1e-3))


def _fit_perspective(points: np.ndarray, vertical: float, aspect: float) -> tuple[np.ndarray, float]:
    """The closest eye from which every point is inside the four planes of the view."""
    depth = float((points[:, 2].min() + points[:, 2].max()) / 2.0)
    slope_y, slope_x = vertical / MARGIN, vertical * aspect / MARGIN
    x, x_eye = _between_planes(points[:, 0], points[:, 2], slope_x)
    y, y_eye = _between_planes(points[:, 1], points[:, 2], slope_y)
    distance = max(x_eye, y_eye) - depth
    return np.array([x, y, depth]), float(max(distance, 1e-3))


def _between_planes(across: np.ndarray, depth: np.ndarray, slope: float) -> tuple[float, float]:
    """Middle and eye for which ``|across - middle| <= slope * (eye - depth)`` just holds on both sides."""
    highest = float((across + slope * depth).max())
    lowest = float((across - slope * depth).min())
    return (highest + lowest) / 2.0, (highest - lowest) / (2.0 * slope)
