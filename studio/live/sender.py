"""Sends a clip as a phone would: for trying the Live panel, and for other programs that understand it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from studio.controls.arkit import UNITS
from studio.controls.named_controls import ControlSet, read
from studio.flame.params import Params
from studio.flame.rotations import compose, to_matrices
from studio.live.frame import Array
from studio.live.packet import build
from studio.sequence.clip import Frames

_LATE = 1.0  # seconds behind, from which lost time is not caught up


def told_units(controls: ControlSet, params: Params) -> Array:
    """How much of each unit (52,) the face of ``params`` holds, 0..1, in the order of UNITS."""
    values = read(controls, params)
    return np.clip([values[name] for name in UNITS], 0.0, 1.0)


def told_angles(params: Params) -> Array:
    """Yaw, pitch and roll of head, left eye and right eye (9,) in radians, as a phone tells them.

    R = R_y(yaw) R_x(pitch) R_z(roll) solved for its angles.
    """
    turns = np.stack([compose(params.rotation, params.neck_pose), *params.eyes_pose.reshape(2, 3)])
    m = to_matrices(turns)
    yaw = np.arctan2(m[:, 0, 2], m[:, 2, 2])
    pitch = np.arcsin(np.clip(-m[:, 1, 2], -1.0, 1.0))
    roll = np.arctan2(m[:, 1, 0], m[:, 1, 1])
    return np.stack([yaw, pitch, roll], axis=1).reshape(9)


def packets(controls: ControlSet, frames: Frames, fps: float, subject: str) -> Iterator[bytes]:
    """A packet for each of ``frames`` at ``fps``, in order."""
    for number in range(len(frames)):
        params = frames.frame(number)
        units, angles = told_units(controls, params), told_angles(params)
        yield build("FLAME-Studio", subject, number, max(round(fps), 1), units, angles)


def send(
    made: list[bytes],
    fps: float,
    address: tuple[str, int],
    again: bool = False,
    wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Send packets at ``fps`` a second; how many were sent.

    Args:
        made: the packets, in order.
        fps: packets a second.
        address: host and port.
        again: whether to begin anew at the end.
        wanted: asked before each packet; sending ends once it says no.

    Raises:
        OSError: the address cannot be sent to.

    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        began, number = time.monotonic(), 0
        for number in count():
            if not wanted() or (number >= len(made) and not again):
                break
            wait = began + number / fps - time.monotonic()
            if wait < -_LATE:
                began -= wait
            time.sleep(max(wait, 0.0))
            sending.sendto(made[number % len(made)], address)
        return number
