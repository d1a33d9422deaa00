"""Where keys of a take put the camera, and keys that put it where it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from studio.document.camera import CLOSEST, ELEVATION_LIMIT, FARTHEST, FIELDS_OF_VIEW, Camera
from studio.document.document import Document
from studio.document.take import Take
from studio.sequence.channel_names import CAMERA
from studio.sequence.curves import Curve

CAMERA_FIELDS = ("azimuth", "elevation", "distance", "target", "field_of_view")  # projections have no keys
CAMERA_CHANNELS = tuple(f"{CAMERA}{name}" for name in CAMERA_FIELDS)


def camera_at(take: Take, position: float, camera: Camera) -> Camera:
    """``camera`` where the keys of ``take`` put it at fractional frame ``position``.

    What has no keys stays. Handles may lead a curve beyond what a camera can be: it stops there.
    """
    keys = take.camera_keys
    found: dict[str, Any] = {}
    for name, channel in zip(CAMERA_FIELDS, CAMERA_CHANNELS, strict=True):
        if channel in keys:
            numbers = [float(number) for number in keys[channel].at(position)]
            found[name] = tuple(numbers) if name == "target" else numbers[0]
    if "azimuth" in found:
        found["azimuth"] = math.remainder(found["azimuth"], 2.0 * math.pi)
    limits = {
        "elevation": (-ELEVATION_LIMIT, ELEVATION_LIMIT),
        "distance": (CLOSEST, FARTHEST),
        "field_of_view": FIELDS_OF_VIEW,
    }
    for name in limits.keys() & found.keys():
        low, high = limits[name]
        found[name] = min(max(found[name], low), high)
    return camera.replace(**found)


def camera_key(take: Take, channel: str, frame: float, camera: Camera) -> Curve:
    """The curve of ``channel``, one of CAMERA_CHANNELS, with a key at ``frame`` for where ``camera`` is.

    An azimuth is counted on from what the curve has there, so that the camera takes the shorter way round.
    """
    name, curve = channel.removeprefix(CAMERA), take.camera_keys.get(channel)
    value = getattr(camera, name)
    values = [float(number) for number in (value if isinstance(value, tuple) else (value,))]
    if curve is None:
        return Curve.of([frame], [values])
    if name == "azimuth":
        there = float(curve.at(frame)[0])
        values = [there + math.remainder(values[0] - there, 2.0 * math.pi)]
    return curve.with_key(frame, values)


def camera_path(document: Document) -> Callable[[float], Camera] | None:
    """Where the camera is at each frame of the active take; None where it stays.

    It is frozen: later changes do not reach it.
    """
    take, camera = document.take, document.camera
    if not take.camera_keys or not document.tools.follows_keys:
        return None
    return lambda position: camera_at(take, position, camera)
