"""Pins in a session's JSON."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

from studio.controls.handles import Handle, Pin
from studio.session.plain import LONGEST

PINS = "pins"
MOST_PINS = 1000
_FARTHEST = 1e6  # metres
_MOST_VERTEX = 2**31


class _UnfitError(Exception):
    """What is told is no pin."""


def told_of_pins(pins: tuple[Pin, ...]) -> list[dict[str, Any]]:
    """``pins`` as plain JSON."""
    return [
        {
            "name": entry.handle.name,
            "vertices": list(entry.handle.vertices),
            "weights": list(entry.handle.weights),
            "radius": entry.handle.radius,
            "target": list(entry.target),
        }
        for entry in pins
    ]


def pins_from(given: object, faults: list[str]) -> tuple[Pin, ...]:
    """What the JSON ``given`` says; what cannot be used is left out, and told in ``faults``."""
    entries = given if isinstance(given, list) and len(given) <= MOST_PINS else [None]
    pins = []
    for entry in entries:
        with suppress(_UnfitError):
            pins.append(_pin(entry))
    if len(pins) < len(entries):
        faults.append(PINS)
    return tuple(pins)


def _pin(given: object) -> Pin:
    if not isinstance(given, dict):
        raise _UnfitError
    name, vertices = given.get("name", ""), given.get("vertices")
    if not isinstance(name, str) or len(name) > LONGEST:
        raise _UnfitError
    if not isinstance(vertices, list) or not 0 < len(vertices) <= LONGEST:
        raise _UnfitError
    if not all(type(vertex) is int and 0 <= vertex < _MOST_VERTEX for vertex in vertices):
        raise _UnfitError
    weights = _numbers(given.get("weights"), len(vertices), 1.0)
    if not math.isclose(sum(weights), 1.0, abs_tol=1e-3):
        raise _UnfitError
    (radius,) = _numbers([given.get("radius", 0.0)], 1, _FARTHEST)
    x, y, z = _numbers(given.get("target"), 3, _FARTHEST)
    return Pin(Handle(tuple(vertices), weights, name, abs(radius)), (x, y, z))


def _numbers(given: object, count: int, most: float) -> tuple[float, ...]:
    if not isinstance(given, list) or len(given) != count:
        raise _UnfitError
    if not all(type(value) in (int, float) and abs(value) <= most for value in given):
        raise _UnfitError
    return tuple(float(value) for value in given)
