"""Layers of keys with their expression on another basis."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from studio.sequence.channel_names import EXPRESSION, component_of, unit_of
from studio.sequence.curve_segments import Array
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer


def with_expression(
    layer: Layer, count: int, change: Callable[[Array], Array], axes: Mapping[str, Array]
) -> Layer:
    """``layer`` with its keys of expression components as ``change`` makes them of expressions (K, count).

    Every component of the new basis that moves gets a key at each frame at which one of the old had one, as
    the first of them goes on. Units keep their keys where ``axes`` has a direction for them.
    """
    components = {name: curve for name, curve in layer.curves.items() if 0 <= component_of(name) < count}
    kept = {
        name: curve
        for name, curve in layer.curves.items()
        if component_of(name) < 0 and (not unit_of(name) or name in axes)
    }
    made = _remade(components, count, change) if components else {}
    return layer.replace(curves={**made, **kept}, axes=axes)


def _remade(
    components: Mapping[str, Curve], count: int, change: Callable[[Array], Array]
) -> dict[str, Curve]:
    frames = np.unique(np.concatenate([curve.frames for curve in components.values()]))
    expr = np.zeros((len(frames), count))
    codes = np.zeros(len(frames), np.uint8)
    for name, curve in reversed(list(components.items())):
        expr[:, component_of(name)] = curve.at(frames)[:, 0]
        codes[np.searchsorted(frames, curve.frames)] = curve.interpolation
    changed = change(expr)
    moved = np.flatnonzero(changed.any(axis=0))
    return {f"{EXPRESSION}{place}": Curve.of(frames, changed[:, place], codes) for place in moved}


def scaled(curve: Curve, factors: float | Array) -> Curve:
    """``curve`` with its values, and the values of its handles, times ``factors`` (W,)."""
    handles = curve.handles.copy()
    handles[..., 1:] *= factors
    return curve.replace(values=curve.values * factors, handles=handles)
