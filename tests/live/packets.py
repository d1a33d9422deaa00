"""Packets of Live Link Face, built here byte by byte and not by the studio."""

from __future__ import annotations

import random
import struct

# ARKit's enumeration as the app sends it.
ORDER = (
    *("EyeBlinkLeft", "EyeLookDownLeft", "EyeLookInLeft", "EyeLookOutLeft", "EyeLookUpLeft"),
    *("EyeSquintLeft", "EyeWideLeft", "EyeBlinkRight", "EyeLookDownRight", "EyeLookInRight"),
    *("EyeLookOutRight", "EyeLookUpRight", "EyeSquintRight", "EyeWideRight", "JawForward", "JawLeft"),
    *("JawRight", "JawOpen", "MouthClose", "MouthFunnel", "MouthPucker", "MouthLeft", "MouthRight"),
    *("MouthSmileLeft", "MouthSmileRight", "MouthFrownLeft", "MouthFrownRight", "MouthDimpleLeft"),
    *("MouthDimpleRight", "MouthStretchLeft", "MouthStretchRight", "MouthRollLower", "MouthRollUpper"),
    *("MouthShrugLower", "MouthShrugUpper", "MouthPressLeft", "MouthPressRight", "MouthLowerDownLeft"),
    *("MouthLowerDownRight", "MouthUpperUpLeft", "MouthUpperUpRight", "BrowDownLeft", "BrowDownRight"),
    *("BrowInnerUp", "BrowOuterUpLeft", "BrowOuterUpRight", "CheekPuff", "CheekSquintLeft"),
    *("CheekSquintRight", "NoseSneerLeft", "NoseSneerRight", "TongueOut", "HeadYaw", "HeadPitch"),
    *("HeadRoll", "LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll", "RightEyeYaw", "RightEyePitch"),
    "RightEyeRoll",
)


def packet(values=None, device="A1B2", subject="Phone", number=0, rate=60, version=6, part=0.25, **named):
    """A packet of 61 values, or of those in ``named`` by ARKit's names and 0 for the others."""
    if values is None:
        values = [named.pop(name, 0.0) for name in ORDER]
    assert not named, named
    data = bytes([version])
    for text in (device, subject):
        data += struct.pack(">i", len(text.encode())) + text.encode()
    data += struct.pack(">i", number) + struct.pack(">f", part) + struct.pack(">ii", rate, 1)
    return data + bytes([len(values)]) + b"".join(struct.pack(">f", value) for value in values)


def malformed(seed, count=60):
    """``count`` packets, none of which is whole and right."""
    rng = random.Random(seed)
    good = packet(JawOpen=0.9, HeadYaw=0.5)
    start = len(good) - 4 * len(ORDER)
    made = [
        b"",
        b"\x06",
        good[:-1],
        good + b"\x00",
        good * 4,
        packet(JawOpen=0.9, version=5),
        packet(JawOpen=float("nan")),
        packet(JawOpen=float("inf")),
        packet(JawOpen=1e9),
        packet(JawOpen=-3.0),
        packet(HeadYaw=float("-inf")),
        packet(HeadYaw=1000.0),
        packet(JawOpen=0.9, rate=0),
        packet(JawOpen=0.9, rate=-60),
        packet(JawOpen=0.9, number=-1),
        packet(JawOpen=0.9, part=float("nan")),
        packet([0.9] * 60),
        packet([0.9] * 62),
        packet([0.9] * 255),
        packet(JawOpen=0.9, device="x" * 257),
        bytes([6]) + struct.pack(">i", 2**31 - 1) + good[5:],
        bytes([6]) + struct.pack(">i", -4) + good[5:],
        bytes([6]) + struct.pack(">i", 4) + b"\xff\xfe\xfd\xfc" + good[9:],
        good[: start - 1] + b"\x05" + good[start:],
        good[:start] + b"\x7f\xa0\x00\x00" * len(ORDER),  # signalling NaNs
    ]
    while len(made) < count:
        kind = rng.randrange(3)
        if kind == 0:
            made.append(rng.randbytes(rng.randrange(0, 1500)))
        elif kind == 1:
            made.append(good[: rng.randrange(1, len(good))])
        else:  # a whole packet of which some values are far out of bounds
            place = start + 4 * rng.randrange(len(ORDER))
            made.append(
                good[:place]
                + struct.pack(">f", rng.choice((-1, 1)) * 10 ** rng.uniform(3, 38))
                + good[place + 4 :]
            )
    return made
