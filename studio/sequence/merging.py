"""Two layers as one that does the same in every frame."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from studio.sequence.channel_names import turns, unit_of
from studio.sequence.clip import Clip
from studio.sequence.curve_segments import Array
from studio.sequence.curves import Curve
from studio.sequence.layers import VARYING, Layer, Rows, add_to_face, part_of

_SAME = 1e-9  # radians, metres, or of a component


def merged_down(lower: Layer, upper: Layer, below: Clip) -> Layer:
    """``upper`` and ``lower`` in one layer, called as the lower, over ``below``.

    In every whole frame of ``below`` the same comes out as with both, within 1e-6 of each number; between
    frames it goes on in equal steps. A curve that alone says what both did keeps its keys; the others get
    one at each frame. Two layers that add make one that adds; any others, one that replaces. A layer that
    is silent has no part in it.

    Args:
        lower: the layer that is merged into.
        upper: the one right above it.
        below: the frames that lie under both, as many as the take has.

    """
    heard = [layer for layer in (lower, upper) if not layer.is_silent]
    frames = np.arange(len(below), dtype=np.float64)
    start: Rows = {name: np.asarray(getattr(below, name), np.float64) for name in VARYING}
    made = start
    for layer in heard:
        made = layer.blended(made, {name: curve.at(frames) for name, curve in layer.curves.items()})
    units, axes, added = _units(heard, frames, start)
    adds = all(layer.blend == "add" for layer in heard)
    merged = Layer(lower.name, units, axes, "add" if adds else "replace")
    channels = dict.fromkeys(name for layer in heard for name in layer.curves if name not in units)
    curves = dict(units)
    for channel in channels:
        under, wanted, unit = (part_of(rows, channel) for rows in (start, made, added))
        if under is not None and wanted is not None and unit is not None:
            value = merged.value_for(channel, under, wanted - unit)
            curves[channel] = _curve(channel, heard, frames, value)
    return merged.replace(curves=curves)


def why_not_merged(lower: Layer, upper: Layer) -> str:
    """Why the two cannot be one, in a sentence; empty where they can."""
    for name in upper.axes.keys() & lower.axes.keys():
        if not np.array_equal(upper.axes[name], lower.axes[name]):
            return f"{unit_of(name)} moves the face in another way in each of the layers; bake them instead."
    return ""


def _units(heard: list[Layer], frames: Array, start: Rows) -> tuple[dict[str, Curve], dict[str, Array], Rows]:
    """The curves of units of both together, their directions, and what they add in each frame."""
    axes = {name: axis for layer in heard for name, axis in layer.axes.items()}
    added = {name: np.zeros_like(rows) for name, rows in start.items()}
    curves = {}
    for name, axis in axes.items():
        value = sum(
            (layer.weight * layer.curves[name].at(frames) for layer in heard if name in layer.curves),
            start=np.zeros((len(frames), 1)),
        )
        add_to_face(added, value * axis)
        curves[name] = _curve(name, heard, frames, value)
    return curves, axes, added


def _curve(channel: str, layers: Iterable[Layer], frames: Array, value: Array) -> Curve:
    """The curve of one of ``layers`` that has ``value`` in all ``frames``, else one of a key a frame."""
    for layer in layers:
        known = layer.curves.get(channel)
        if known is not None and np.allclose(known.at(frames), value, rtol=0.0, atol=_SAME):
            return known
    return Curve.of(frames, value, "linear", turns=turns(channel))
