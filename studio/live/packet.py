"""The UDP packets of Live Link Face: what is in one, and making one.

A packet is, in big-endian order: the version of the layout (one byte, 6), the device and the subject as texts
behind their lengths (int32), the time as frame number (int32), part of a frame (float32) and the rate as
numerator and denominator (int32), the count of values (one byte), and as many float32: the 52 units in the
order of ARKit's enumeration, then yaw, pitch and roll of head, left eye and right eye in radians. Without a
face before the camera the count is 0, or is left out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import UNITS
from studio.live.frame import Array
from studio.live.turns import head_turn

VERSION = 6
LONGEST_PACKET = 1024  # bytes; what is longer is none
CHANNELS: tuple[str, ...] = (
    *("eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft"),
    *("eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight"),
    *("eyeLookUpRight", "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen"),
    *("mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft"),
    *("mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight"),
    *("mouthStretchLeft", "mouthStretchRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower"),
    *("mouthShrugUpper", "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight"),
    *("mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft", "browDownRight", "browInnerUp"),
    *("browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft", "cheekSquintRight"),
    *("noseSneerLeft", "noseSneerRight", "tongueOut"),
    *("headYaw", "headPitch", "headRoll", "leftEyeYaw", "leftEyePitch", "leftEyeRoll"),
    *("rightEyeYaw", "rightEyePitch", "rightEyeRoll"),
)

_UNIT_PLACES = np.array([CHANNELS.index(name) for name in UNITS])
_HEAD = len(UNITS)  # where yaw, pitch and roll begin
_LENGTH = struct.Struct(">i")
_TIME = struct.Struct(">ifii")
_LONGEST_TEXT = 256  # bytes
_LOWEST, _HIGHEST = -1.0, 2.0  # of a unit; trackers leave 0..1 a little
_FARTHEST = 2.0 * np.pi  # radians


@dataclass(frozen=True, eq=False)
class Packet:
    """What one packet says."""

    device: str
    subject: str  # as the sender calls it
    frame: float  # on the sender's clock, in frames of its rate
    rate: float  # frames a second
    units: Array | None  # (52,) in the order of UNITS; None: no face is seen
    head: Array | None  # (3,) axis-angle in radians


def parse(data: bytes) -> Packet | None:
    """The packet in ``data``; None for anything that is not whole, finite and within its bounds."""
    if not 9 <= len(data) <= LONGEST_PACKET or data[0] != VERSION:
        return None
    device, place = _text(data, 1)
    if device is None:
        return None
    subject, place = _text(data, place)
    if subject is None or len(data) < place + _TIME.size:
        return None
    number, part, numerator, denominator = _TIME.unpack_from(data, place)
    if not (0.0 <= part <= 1.0) or number < 0 or numerator <= 0 or denominator <= 0:
        return None
    values = _values(data, place + _TIME.size)
    if values is None:
        return None
    found = subject, number + part, numerator / denominator
    if not len(values):
        return Packet(device, *found, None, None)
    head = head_turn(*values[_HEAD : _HEAD + 3].tolist())
    return Packet(device, *found, values[_UNIT_PLACES], head)


def build(device: str, subject: str, number: int, rate: int, units: Array, angles: Array) -> bytes:
    """A packet of frame ``number`` at ``rate`` frames a second.

    Args:
        device: who sends it, in at most 256 bytes; so is the ``subject``.
        subject: what the sender calls the performer.
        number: of the frame, from 0.
        rate: whole frames a second.
        units: (52,) in the order of UNITS.
        angles: (9,) yaw, pitch and roll of head, left eye and right eye in radians.

    """
    values = np.empty(len(CHANNELS), ">f4")
    values[_UNIT_PLACES] = units
    values[_HEAD:] = angles
    texts = [text.encode()[:_LONGEST_TEXT] for text in (device, subject)]
    framed = b"".join(_LENGTH.pack(len(text)) + text for text in texts)
    count = bytes((len(CHANNELS),))
    return bytes((VERSION,)) + framed + _TIME.pack(number, 0.0, rate, 1) + count + values.tobytes()


def _text(data: bytes, place: int) -> tuple[str | None, int]:
    """The text at ``place`` and where it ends; None where there is none."""
    if len(data) < place + _LENGTH.size:
        return None, place
    (length,) = _LENGTH.unpack_from(data, place)
    start = place + _LENGTH.size
    if not 0 <= length <= _LONGEST_TEXT or len(data) < start + length:
        return None, place
    try:
        text = data[start : start + length].decode("utf-8")
    except UnicodeDecodeError:
        return None, place
    return "".join(letter for letter in text if letter.isprintable()), start + length


def _values(data: bytes, place: int) -> NDArray[np.float64] | None:
    """The values (61,) from the count at ``place`` on, (0,) without a face; None where they are wrong."""
    rest = len(data) - place - 1
    if rest < 0 or (rest == 0 and data[place] == 0):
        return np.empty(0)
    if data[place] != len(CHANNELS) or rest != 4 * len(CHANNELS):
        return None
    with np.errstate(invalid="ignore"):  # a signalling NaN is refused below
        values = np.frombuffer(data, ">f4", len(CHANNELS), place + 1).astype(np.float64)
    units, angles = values[:_HEAD], values[_HEAD:]
    fit = units.min() >= _LOWEST and units.max() <= _HIGHEST and np.abs(angles).max() <= _FARTHEST
    return values if fit else None
