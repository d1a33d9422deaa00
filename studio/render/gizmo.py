"""The rotation gizmo: rings around a joint, of one size on the screen, and what a drag on one means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.camera import Camera
from studio.render.camera import eye, project, rotation
from studio.render.picking import ray_through

Array = NDArray[np.float64]

RADIUS, OUTER_RADIUS = 72.0, 88.0  # pixels: of the rings about axes, and of the one that faces the eye
REACH = 7.0  # pixels from a ring that count as on it
PIECES = 72
FACING = 0.25  # cosine of axis and sight from which an angle is read in the ring's plane
NAMES = ("X", "Y", "Z", "View")
LETTER_SIDES = {"X": (0.2, -1.0), "Y": (1.0, 0.3), "Z": (-1.0, -0.6), "View": (0.7, 0.7)}  # right, down


@dataclass(frozen=True, eq=False)
class Ring:
    """A circle around the joint, as it is seen."""

    name: str
    axis: Array  # (3,) unit, in the world
    points: Array  # (PIECES + 1, 2) pixels, the first one again at the end
    near: NDArray[np.bool_]  # (PIECES,) which pieces lie before the joint

    def letter_place(self, middle: Array) -> tuple[float, float]:
        """Where its letter stands: on the near half, each ring's on another side of ``middle`` (2,)."""
        seen = self.points[:-1][self.near] if self.near.any() else self.points[:-1]
        x, y = seen[np.argmax((seen - middle) @ LETTER_SIDES[self.name])]
        return float(x), float(y)


@dataclass(frozen=True, eq=False)
class Gizmo:
    """The rings of one joint under one camera."""

    joint: int
    centre: Array  # (3,) metres
    place: Array  # (2,) pixels
    rings: tuple[Ring, ...]
    camera: Camera
    size: tuple[int, int]

    def ring_at(self, place: tuple[float, float]) -> int | None:
        """The ring under ``place``: of those within reach, the nearest, and its near half before the far."""
        found: list[tuple[bool, float, int]] = []
        for index, ring in enumerate(self.rings):
            distances = _distances(ring.points, np.asarray(place))
            for near in (True, False):
                part = distances[ring.near == near]
                if part.size and part.min() <= REACH:
                    found.append((not near, float(part.min()), index))
        return min(found)[2] if found else None


def gizmo_at(joint: int, centre: NDArray, axes: Array, camera: Camera, size: tuple[int, int]) -> Gizmo | None:
    """The gizmo of ``joint`` at ``centre`` (3,) with ``axes`` (3, 3) as rows; None where it is not seen."""
    middle = np.asarray(centre, np.float64)
    right = rotation(camera)[0]
    here, beside = project(np.stack([middle, middle + 0.01 * right]), camera, size)
    if here[2] <= 0.0 and not camera.orthographic:
        return None
    metres = 0.01 / float(np.linalg.norm(beside[:2] - here[:2]))  # of a pixel
    towards = _towards_eye(middle, camera)
    rings = [
        _ring(name, axis, middle, RADIUS * metres, towards, camera, size)
        for name, axis in zip(NAMES[:3], axes, strict=True)
    ]
    rings.append(_ring(NAMES[3], towards, middle, OUTER_RADIUS * metres, towards, camera, size))
    return Gizmo(joint, middle, here[:2], tuple(rings), camera, size)


class RingDrag:
    """The angle of a drag on a ring, from its press on; positive about the ring's axis."""

    def __init__(self, gizmo: Gizmo, ring: int, place: tuple[float, float]) -> None:
        self._gizmo, self._axis = gizmo, gizmo.rings[ring].axis
        towards = _towards_eye(gizmo.centre, gizmo.camera)
        self._in_plane = abs(float(self._axis @ towards)) > FACING
        self._angle = 0.0
        points = gizmo.rings[ring].points
        at = int(_distances(points, np.asarray(place)).argmin())
        per_radian = (points[at + 1] - points[at]) * (PIECES / (2.0 * np.pi))
        self._tangent = per_radian / max(float(per_radian @ per_radian), 1e-9)  # radians for a pixel
        self._press = np.asarray(place, np.float64)
        self._last = self._direction(place)

    def to(self, place: tuple[float, float]) -> float:
        """Radians with the pointer at ``place``; more than a turn where it went around more than once."""
        if not self._in_plane:
            return float((np.asarray(place) - self._press) @ self._tangent)
        direction = self._direction(place)
        if direction is not None and self._last is not None:
            across = float(self._axis @ np.cross(self._last, direction))
            self._angle += float(np.arctan2(across, self._last @ direction))
            self._last = direction
        return self._angle

    def _direction(self, place: tuple[float, float]) -> Array | None:
        """From the joint to where the line of sight meets the ring's plane; None where it does not."""
        ray = ray_through(place, self._gizmo.camera, self._gizmo.size)
        slope = float(self._axis @ ray.direction)
        if abs(slope) < 1e-9:
            return None
        along = float(self._axis @ (self._gizmo.centre - ray.origin)) / slope
        arm = ray.at(along) - self._gizmo.centre
        length = float(np.linalg.norm(arm))
        return None if along < ray.nearest or length < 1e-9 else arm / length


def snapped(angle: float, step: float) -> float:
    """The multiple of ``step`` nearest to ``angle``."""
    return round(angle / step) * step


def _towards_eye(point: Array, camera: Camera) -> Array:
    if camera.orthographic:
        return rotation(camera)[2]
    away = eye(camera) - point
    return np.asarray(away / np.linalg.norm(away))


def _ring(
    name: str,
    axis: Array,
    centre: Array,
    radius: float,
    towards: Array,
    camera: Camera,
    size: tuple[int, int],
) -> Ring:
    first = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    angles = np.linspace(0.0, 2.0 * np.pi, PIECES + 1)[:, None]
    arms = np.cos(angles) * first + np.sin(angles) * second
    points = project(centre + radius * arms, camera, size)[:, :2]
    middles = 0.5 * (arms[1:] + arms[:-1])
    return Ring(name, np.asarray(axis, np.float64), points, middles @ towards > -0.02)


def _distances(points: Array, place: Array) -> Array:
    """From ``place`` to each piece (PIECES,) of a chain of points, pixels."""
    starts, steps = points[:-1], np.diff(points, axis=0)
    lengths = np.maximum((steps * steps).sum(axis=1), 1e-12)
    share = np.clip(((place - starts) * steps).sum(axis=1) / lengths, 0.0, 1.0)
    return np.asarray(np.linalg.norm(starts + share[:, None] * steps - place, axis=1))
