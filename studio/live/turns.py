"""One rotation at a time as plain numbers: ten times as fast for one as :mod:`studio.flame.rotations`."""

from __future__ import annotations

from math import atan2, cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Quaternion = tuple[float, float, float, float]  # scalar first

_LEAST = 1e-12


def quaternion_of(turn: Array) -> Quaternion:
    """The unit quaternion of an axis-angle ``turn`` (3,) in radians."""
    x, y, z = turn.tolist()
    angle = sqrt(x * x + y * y + z * z)
    share = sin(0.5 * angle) / angle if angle > _LEAST else 0.5
    return cos(0.5 * angle), share * x, share * y, share * z


def turn_of(quaternion: Quaternion) -> Array:
    """The axis-angle (3,) in radians, of length at most pi, of a unit ``quaternion``."""
    w, x, y, z = quaternion
    sine = sqrt(x * x + y * y + z * z)
    if sine < _LEAST:
        return np.zeros(3)
    if w < 0.0:
        w, sine = -w, -sine
    return np.array((x, y, z)) * (2.0 * atan2(abs(sine), w) / sine)


def product(first: Quaternion, second: Quaternion) -> Quaternion:
    """Hamilton's product: ``second`` is applied before ``first``."""
    a, b, c, d = first
    w, x, y, z = second
    return (
        a * w - b * x - c * y - d * z,
        a * x + b * w + c * z - d * y,
        a * y - b * z + c * w + d * x,
        a * z + b * y - c * x + d * w,
    )


def between(base: Array, target: Array) -> Array:
    """The inner rotation (3,), by the short arc, that leads from ``base`` (3,) to ``target`` (3,)."""
    w, x, y, z = quaternion_of(base)
    return turn_of(product((w, -x, -y, -z), quaternion_of(target)))


def followed(base: Array, inner: Array) -> Array:
    """``inner`` (3,) applied first, then ``base`` (3,)."""
    return turn_of(product(quaternion_of(base), quaternion_of(inner)))


def head_turn(yaw: float, pitch: float, roll: float) -> Array:
    """The axis-angle (3,) of a head that tilts by ``roll``, then nods by ``pitch``, then turns by ``yaw``.

    R = R_y(yaw) R_x(pitch) R_z(roll), in radians: + turns to the subject's left, nods down and tilts to the
    right.
    """
    about_y = cos(0.5 * yaw), 0.0, sin(0.5 * yaw), 0.0
    about_x = cos(0.5 * pitch), sin(0.5 * pitch), 0.0, 0.0
    about_z = cos(0.5 * roll), 0.0, 0.0, sin(0.5 * roll)
    return turn_of(product(about_y, product(about_x, about_z)))
