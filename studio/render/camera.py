"""Camera mathematics: pure functions from a :class:`Camera` to matrices, points, and other cameras.

Matrices are float64, for column vectors: ``clip = projection @ view @ point``. View space looks down
its -Z with +Y up (OpenGL's convention). Picture points are in pixels from the top left corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.document.camera import CLOSEST, ELEVATION_LIMIT, FARTHEST, Camera

Array = NDArray[np.float64]
Matrix = NDArray[np.float64]

NEAREST_PLANE = 0.002  # metres


@dataclass(frozen=True)
class Bounds:
    """A sphere around what is drawn, in metres."""

    center: tuple[float, float, float]
    radius: float

    @classmethod
    def of(cls, points: ArrayLike) -> Bounds:
        """The sphere around the axis-aligned box of ``points`` (N, 3); a small one around no points."""
        array = np.asarray(points)
        if len(array) == 0:
            return cls((0.0, 0.0, 0.0), 0.1)
        columns = np.ascontiguousarray(array.T, dtype=np.float64)  # much faster to search along
        low, high = columns.min(axis=1), columns.max(axis=1)
        x, y, z = (low + high) / 2.0
        return cls((float(x), float(y), float(z)), max(float(np.linalg.norm(high - low)) / 2.0, 1e-4))


@dataclass(frozen=True)
class Window:
    """A part of a picture in pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int


def rotation(camera: Camera) -> Matrix:
    """World to view rotation (3, 3); its rows are the camera's right, up and backward axes."""
    sin_a, cos_a = math.sin(camera.azimuth), math.cos(camera.azimuth)
    sin_e, cos_e = math.sin(camera.elevation), math.cos(camera.elevation)
    return np.array(
        [
            [cos_a, 0.0, -sin_a],
            [-sin_e * sin_a, cos_e, -sin_e * cos_a],
            [cos_e * sin_a, sin_e, cos_e * cos_a],
        ]
    )


def eye(camera: Camera) -> Array:
    """Where the camera stands (3,), metres."""
    return np.asarray(camera.target) + rotation(camera)[2] * camera.distance


def view_matrix(camera: Camera) -> Matrix:
    """World to view space (4, 4)."""
    matrix = np.eye(4)
    matrix[:3, :3] = axes = rotation(camera)
    matrix[:3, 3] = -(axes @ camera.target)
    matrix[2, 3] -= camera.distance
    return matrix


def depth_range(camera: Camera, bounds: Bounds) -> tuple[float, float]:
    """Distances (near, far) along the view axis, metres, that just hold ``bounds``.

    Behind an orthographic camera things are seen too, so its near plane may be negative.
    """
    middle = camera.distance + float(rotation(camera)[2] @ (np.asarray(camera.target) - bounds.center))
    near, far = middle - bounds.radius, middle + bounds.radius
    margin = 0.01 * bounds.radius
    if camera.orthographic:
        return near - margin, far + margin
    near = max(near - margin, NEAREST_PLANE)
    return near, max(far + margin, near * 1.01 + margin)


def half_height(camera: Camera) -> float:
    """Half the height of what is seen at the target's distance, metres."""
    return camera.distance * math.tan(camera.field_of_view / 2.0)


def projection_matrix(
    camera: Camera, size: tuple[int, int], bounds: Bounds, window: Window | None = None
) -> Matrix:
    """View to clip space (4, 4) for a picture of ``size``, or for a ``window`` of that picture."""
    width, height = size
    near, far = depth_range(camera, bounds)
    matrix = np.zeros((4, 4))
    if camera.orthographic:
        top = half_height(camera)
        matrix[2, 2], matrix[2, 3] = -2.0 / (far - near), -(far + near) / (far - near)
        matrix[3, 3] = 1.0
    else:
        top = math.tan(camera.field_of_view / 2.0)
        matrix[2, 2], matrix[2, 3] = -(far + near) / (far - near), -2.0 * far * near / (far - near)
        matrix[3, 2] = -1.0
    matrix[0, 0], matrix[1, 1] = height / (width * top), 1.0 / top
    return matrix if window is None else _onto_window(size, window) @ matrix


def _onto_window(size: tuple[int, int], window: Window) -> Matrix:
    """Clip space of the whole picture to clip space of a part of it."""
    width, height = size
    matrix = np.eye(4)
    matrix[0, 0], matrix[1, 1] = width / window.width, height / window.height
    matrix[0, 3] = (width - 2.0 * window.x - window.width) / window.width
    matrix[1, 3] = -(height - 2.0 * window.y - window.height) / window.height
    return matrix


def project(points: ArrayLike, camera: Camera, size: tuple[int, int]) -> Array:
    """Picture points (N, 3) of world points (N, 3): x and y in pixels, distance along the axis in metres."""
    in_view = np.atleast_2d(np.asarray(points, dtype=np.float64)) @ rotation(camera).T
    in_view -= rotation(camera) @ eye(camera)
    distance = -in_view[:, 2]
    xy = in_view[:, :2] * _pixels_per_metre(camera, size, distance)
    return np.column_stack([size[0] / 2.0 + xy[:, 0], size[1] / 2.0 - xy[:, 1], distance])


def unproject(points: ArrayLike, camera: Camera, size: tuple[int, int]) -> Array:
    """World points (N, 3) of picture points (N, 3) as :func:`project` gives them."""
    array = np.atleast_2d(np.asarray(points, dtype=np.float64))
    distance = array[:, 2]
    xy = (array[:, :2] - np.array(size) / 2.0) * (1.0, -1.0) / _pixels_per_metre(camera, size, distance)
    return np.column_stack([xy, -distance]) @ rotation(camera) + eye(camera)


def _pixels_per_metre(camera: Camera, size: tuple[int, int], distance: Array) -> Array:
    """The scale (N, 1) at distances (N,) along the axis."""
    at_target = size[1] / 2.0 / half_height(camera)
    nearer = np.ones_like(distance) if camera.orthographic else camera.distance / distance
    return (at_target * nearer)[:, None]


def orbit(camera: Camera, right: float, up: float) -> Camera:
    """Turn the head by ``right`` and ``up`` radians under a dragging hand: the camera goes the other way."""
    elevation = min(max(camera.elevation - up, -ELEVATION_LIMIT), ELEVATION_LIMIT)
    azimuth = math.remainder(camera.azimuth - right, 2.0 * math.pi)
    return camera.replace(azimuth=azimuth, elevation=elevation)


def pan(camera: Camera, right: float, down: float, height: int) -> Camera:
    """Shift the picture by ``right`` and ``down`` pixels of a picture ``height`` pixels high."""
    metres = 2.0 * half_height(camera) / max(height, 1)
    axes = rotation(camera)
    target = np.asarray(camera.target) - axes[0] * right * metres + axes[1] * down * metres
    return camera.replace(target=tuple(float(value) for value in target))


def zoom(
    camera: Camera,
    factor: float,
    anchor: tuple[float, float] | None = None,
    size: tuple[int, int] = (1, 1),
) -> Camera:
    """Come closer by ``factor`` (over 1: larger); what is under the picture point ``anchor`` stays there."""
    distance = min(max(camera.distance / factor, CLOSEST), FARTHEST)
    closer = camera.replace(distance=distance)
    if anchor is None:
        return closer
    moved = 1.0 - distance / camera.distance
    right, down = anchor[0] - size[0] / 2.0, anchor[1] - size[1] / 2.0
    panned = pan(camera, -right * moved, -down * moved, size[1])
    return closer.replace(target=panned.target)
