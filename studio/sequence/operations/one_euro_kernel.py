"""The one-euro filter frame after frame, compiled."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import compiled

Array = NDArray[np.float64]

_ROWS = types.Array(types.float64, 2, "C", readonly=True)
_QUATERNIONS = types.Array(types.float64, 3, "C", readonly=True)
_ONE = types.float64


@compiled(_ROWS, _ONE, _ONE, _ONE, _ONE, _ONE, types.float64[:, ::1])
def filter_numbers(
    rows: Array, rate: float, cutoff: float, response: float, speed_cutoff: float, unit: float, made: Array
) -> None:
    """Filter each column of ``rows`` (T, W) into ``made``; speeds are in ``unit`` a second."""
    follow = 1.0 / (1.0 + rate / (2.0 * np.pi * speed_cutoff))
    for column in range(rows.shape[1]):
        held = rows[0, column]
        speed = 0.0
        made[0, column] = held
        for frame in range(1, rows.shape[0]):
            step = rows[frame, column] - held
            speed += follow * (step * rate / unit - speed)
            frequency = cutoff + response * abs(speed)
            held += step / (1.0 + rate / (2.0 * np.pi * frequency))
            made[frame, column] = held


@compiled(_QUATERNIONS, _ONE, _ONE, _ONE, _ONE, _ONE, types.float64[:, :, ::1])
def filter_rotations(
    rotations: Array,
    rate: float,
    cutoff: float,
    response: float,
    speed_cutoff: float,
    unit: float,
    made: Array,
) -> None:
    """Filter unit quaternions (T, J, 4), scalar first, into ``made``; speeds are in ``unit`` a second."""
    follow = 1.0 / (1.0 + rate / (2.0 * np.pi * speed_cutoff))
    step, speed = np.zeros(3), np.zeros(3)
    for joint in range(rotations.shape[1]):
        made[0, joint] = rotations[0, joint]
        speed[:] = 0.0
        for frame in range(1, rotations.shape[0]):
            w, x, y, z = made[frame - 1, joint]
            a, b, c, d = rotations[frame, joint]
            scalar = w * a + x * b + y * c + z * d
            step[0] = w * b - x * a - y * d + z * c
            step[1] = w * c + x * d - y * a - z * b
            step[2] = w * d - x * c + y * b - z * a
            sign = -1.0 if scalar < 0.0 else 1.0
            sine = np.sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2)
            factor = 2.0 * sign
            if sine > 1e-12:
                factor = sign * 2.0 * np.arctan2(sine, sign * scalar) / sine
            total = 0.0
            for axis in range(3):
                step[axis] *= factor
                speed[axis] += follow * (step[axis] * rate / unit - speed[axis])
                total += speed[axis] ** 2
            share = 1.0 / (1.0 + rate / (2.0 * np.pi * (cutoff + response * np.sqrt(total))))
            angle = np.sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2) * share
            half = 0.5 * share if angle < 1e-12 else np.sin(0.5 * angle) / angle * share
            e, f, g, h = np.cos(0.5 * angle), step[0] * half, step[1] * half, step[2] * half
            made[frame, joint, 0] = w * e - x * f - y * g - z * h
            made[frame, joint, 1] = w * f + x * e + y * h - z * g
            made[frame, joint, 2] = w * g - x * h + y * e + z * f
            made[frame, joint, 3] = w * h + x * g - y * f + z * e
            length = np.sqrt((made[frame, joint] ** 2).sum())
            made[frame, joint] /= length
