"""A slow float64 ray caster, independent of the rasterizer: every ray against every face."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from studio.render.pinhole import PinholeCamera
from studio.render.rasterizer import Visible


@dataclass(frozen=True, eq=False)
class Hits:
    """The nearest faces that rays (N, 3) meet."""

    faces: np.ndarray  # (N,), -1 where there is none
    weights: np.ndarray  # (N, 3)
    distances: np.ndarray  # (N,) in lengths of the direction


def cast(origin: np.ndarray, rays: np.ndarray, corners: np.ndarray, nearest: float = 0.0) -> Hits:
    """Rays from ``origin`` (3,) along ``rays`` (N, 3) onto ``corners`` (T, 3, 3).

    T. Moeller and B. Trumbore, "Fast, minimum storage ray-triangle intersection", 1997. What is closer
    than ``nearest`` is passed through.
    """
    return Hits(*_cast(np.asarray(origin, float), np.ascontiguousarray(rays), corners, nearest))


@numba.njit
def _cast(origin, rays, corners, nearest):
    count = len(rays)
    faces, weights, distances = np.full(count, -1), np.zeros((count, 3)), np.full(count, np.inf)
    for face in range(len(corners)):
        a = corners[face, 0]
        ux, uy, uz = corners[face, 1] - a
        vx, vy, vz = corners[face, 2] - a
        tx, ty, tz = origin - a
        qx, qy, qz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
        along = vx * qx + vy * qy + vz * qz
        for ray in range(count):
            dx, dy, dz = rays[ray, 0], rays[ray, 1], rays[ray, 2]
            px, py, pz = dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx
            determinant = ux * px + uy * py + uz * pz
            if determinant == 0.0:
                continue
            b = (tx * px + ty * py + tz * pz) / determinant
            c = (dx * qx + dy * qy + dz * qz) / determinant
            distance = along / determinant
            if b >= 0.0 and c >= 0.0 and b + c <= 1.0 and nearest <= distance < distances[ray]:
                faces[ray], distances[ray] = face, distance
                weights[ray] = (1.0 - b - c, b, c)
    return faces, weights, distances


def pictured(camera: PinholeCamera, vertices: np.ndarray, faces: np.ndarray) -> Hits:
    """What rays through the pixels' centres meet, pixel by pixel."""
    corners = np.asarray(vertices, float)[faces]
    return cast(camera.eye, camera.rays().reshape(-1, 3), corners, camera.near)


def agreeing(
    seen: Visible, hits: Hits, camera: PinholeCamera, vertices: np.ndarray, faces: np.ndarray
) -> np.ndarray:
    """Which pixels (N,) show exactly the face that the ray met.

    Asserts that they are nearly all, and that the others show what a ray meets less than a hundredth of
    a pixel beside the centre: corners are snapped to a 256th of a pixel.
    """
    shown = seen.faces.ravel()
    same = shown == hits.faces
    assert same.mean() > 0.99, same.mean()
    corners = np.asarray(vertices, float)[faces]
    rays = camera.rays().reshape(-1, 3)
    right, down = camera.rays()[0, -1] - camera.rays()[0, 0], camera.rays()[-1, 0] - camera.rays()[0, 0]
    right, down = right / max(camera.width - 1, 1), down / max(camera.height - 1, 1)
    other = np.flatnonzero(~same)
    met = np.zeros(len(other), bool)
    for radius in (0.002, 0.005, 0.009):
        for angle in np.arange(16) * math.pi / 8:
            moved = rays[other] + radius * (math.cos(angle) * right + math.sin(angle) * down)
            met |= cast(camera.eye, moved, corners, camera.near).faces == shown[other]
    assert met.all(), (other[~met], shown[other[~met]], hits.faces[other[~met]])
    return same
