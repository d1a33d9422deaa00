"""Layers of keys, markers and camera keys of a take as arrays of one npz, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.take import LONGEST_TAKE, Marker, Take
from studio.sequence.channel_names import CAMERA, is_channel, turns, width_of
from studio.sequence.curves import INTERPOLATIONS, Curve
from studio.sequence.layers import Layer
from studio.storage.errors import DamagedFileError
from studio.storage.json_files import parse_json

KEYS = "keys"
_PARTS = ("key_frames", "key_values", "key_kinds", "key_handles", "key_axes")
NAMES = (KEYS, *_PARTS)
_LONGEST_TEXT = 1000
_FARTHEST = 1e6  # of any number of a key
_MOST = 10_000  # layers, channels of one, markers


def layer_arrays(take: Take) -> dict[str, NDArray]:
    """The arrays of what ``take`` has over its clip; none where it has nothing."""
    if not (take.layers or take.markers or take.camera_keys or take.length):
        return {}
    curves: list[Curve] = []
    axes: list[NDArray] = []
    told = {
        "layers": [_told_layer(layer, curves, axes) for layer in take.layers],
        "active_layer": take.active_layer,
        "camera": _told_curves(take.camera_keys, curves),
        "markers": [[marker.frame, marker.name, marker.colour] for marker in take.markers],
        "length": take.length,
    }
    flat: dict[str, list[NDArray]] = {
        "key_frames": [curve.frames for curve in curves],
        "key_values": [curve.values.reshape(-1) for curve in curves],
        "key_kinds": [curve.interpolation for curve in curves],
        "key_handles": [curve.handles.reshape(-1) for curve in curves],
        "key_axes": axes,
    }
    kinds = {"key_kinds": np.uint8}
    arrays = {
        name: np.concatenate([np.zeros(0), *parts]).astype(kinds.get(name, np.float64))
        for name, parts in flat.items()
    }
    return {KEYS: np.array(json.dumps(told)), **arrays}


def _told_layer(layer: Layer, curves: list[Curve], axes: list[NDArray]) -> dict[str, Any]:
    axes += layer.axes.values()
    return {
        "name": layer.name,
        "blend": layer.blend,
        "weight": layer.weight,
        "muted": layer.muted,
        "curves": _told_curves(layer.curves, curves),
        "axes": [[name, len(axis)] for name, axis in layer.axes.items()],
    }


def _told_curves(found: Mapping[str, Curve], curves: list[Curve]) -> list[list[Any]]:
    curves += found.values()
    return [[name, len(curve)] for name, curve in found.items()]


def layers_of(arrays: Mapping[str, NDArray], expression_count: int, label: str) -> dict[str, Any]:
    """The fields of a take that :func:`layer_arrays` gave, by name.

    Raises:
        DamagedFileError: they disagree, or a number is not finite or beyond all bounds.

    """
    if KEYS not in arrays:
        return {}
    try:
        return _read(arrays, expression_count, label)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DamagedFileError(f"{label} is damaged: its keys do not belong together ({error}).") from None


def _read(arrays: Mapping[str, NDArray], expression_count: int, label: str) -> dict[str, Any]:
    told = parse_json(str(arrays[KEYS]).encode(), label)
    source = _Source([np.asarray(arrays[name]).reshape(-1) for name in _PARTS])
    layers = tuple(_layer(entry, source, expression_count) for entry in _listed(told["layers"]))
    camera = _curves(told["camera"], source, lambda name: name.startswith(CAMERA))
    active, length = told["active_layer"], told["length"]
    if type(active) is not int or type(length) is not int or not 0 <= length <= LONGEST_TAKE:
        raise ValueError("its length is not one that a take can have")
    markers = tuple(_marker(entry) for entry in _listed(told["markers"]))
    return {
        "layers": layers,
        "active_layer": min(max(active, 0), max(len(layers) - 1, 0)),
        "camera_keys": camera,
        "markers": tuple(sorted(markers, key=lambda marker: marker.frame)),
        "length": length,
    }


class _Source:
    """Flat arrays of which curves take their share, one after the other."""

    def __init__(self, arrays: Sequence[NDArray]) -> None:
        for array in arrays:
            if array.dtype.kind not in "iuf" or (array.size and not np.abs(array).max() <= LONGEST_TAKE):
                raise ValueError("a number of a key is beyond all bounds")
        self._arrays = dict(zip(_PARTS, arrays, strict=True))
        self._places = dict.fromkeys(_PARTS, 0)

    def take(self, part: str, count: int) -> NDArray:
        start = self._places[part]
        self._places[part] = start + count
        found = self._arrays[part][start : start + count]
        if count < 0 or len(found) != count:
            raise ValueError("keys are missing")
        return found

    def curve(self, count: int, width: int, is_rotation: bool) -> Curve:
        frames, values = self.take("key_frames", count), self.take("key_values", count * width)
        if len(values) and np.abs(values).max() > _FARTHEST:
            raise ValueError("a value of a key is beyond all bounds")
        kinds = self.take("key_kinds", count)
        if len(kinds) and not 0 <= kinds.max() < len(INTERPOLATIONS):
            raise ValueError("there is no such interpolation")
        handles = self.take("key_handles", count * 2 * (1 + width))
        return Curve(
            frames,
            values.reshape(count, width),
            kinds.astype(np.uint8),
            handles.reshape(count, 2, 1 + width),
            is_rotation,
        )


def _layer(entry: Any, source: _Source, expression_count: int) -> Layer:
    curves = _curves(entry["curves"], source, lambda name: is_channel(name, expression_count))
    axes = {
        str(name): source.take("key_axes", count)
        for name, count in _listed(entry["axes"])
        if type(count) is int
    }
    if entry["blend"] not in ("replace", "add"):
        raise ValueError("there is no such blend")
    return Layer(
        _text(entry["name"]), curves, axes, entry["blend"], float(entry["weight"]), bool(entry["muted"])
    )


def _curves(given: Any, source: _Source, known: Any) -> dict[str, Curve]:
    curves = {}
    for name, count in _listed(given):
        if type(count) is not int or not isinstance(name, str) or len(name) > _LONGEST_TEXT:
            raise ValueError("a channel has no name or no keys")
        curve = source.curve(count, width_of(name), turns(name))
        if not known(name):
            raise ValueError(f"there is no channel {name[:60]!r}")
        curves[name] = curve
    return curves


def _marker(entry: Any) -> Marker:
    frame, name, colour = entry
    if (
        type(frame) is not int
        or type(colour) is not int
        or not (0 <= frame <= LONGEST_TAKE and 0 <= colour < 100)
    ):
        raise ValueError("a marker stands nowhere")
    return Marker(frame, _text(name), colour)


def _text(given: Any) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST_TEXT:
        raise ValueError("a name is no text")
    return given


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list) or len(given) > _MOST:
        raise ValueError("a list is missing or too long")
    return given
