"""Layers of keys with left and right exchanged."""

from __future__ import annotations

import numpy as np

from studio.controls.arkit import other_side
from studio.controls.mirror_basis import mirror_basis
from studio.controls.mirror_surface import SIDES, TURN
from studio.controls.unit_space import POSE_WIDTH
from studio.flame.model import HeadModel
from studio.sequence.channel_names import (
    CONTROL,
    EXPRESSION,
    JOINTS,
    LIDS,
    TRANSLATION,
    component_of,
    unit_of,
)
from studio.sequence.curve_segments import Array
from studio.sequence.curves import Curve
from studio.sequence.layer_maps import scaled, with_expression
from studio.sequence.layers import Layer

_SWAPPED = {"left_eye": "right_eye", "right_eye": "left_eye", LIDS[0]: LIDS[1], LIDS[1]: LIDS[0]}


def flipped_layer(model: HeadModel, layer: Layer) -> Layer:
    """``layer`` with left and right exchanged; over a flipped clip it shows what it showed, reflected.

    Where the sides of the expression have names their keys are exchanged whole; on other bases every
    component that moves gets a key at each frame at which one had one.
    """
    curves: dict[str, Curve] = {}
    axes: dict[str, Array] = {}
    flip = mirror_basis(model, "expr").flip if layer.moves_face else np.eye(1)
    for name, curve in layer.curves.items():
        if name in JOINTS:
            curves[_SWAPPED.get(name, name)] = scaled(curve, TURN.astype(np.float64))
        elif name == TRANSLATION:
            curves[name] = scaled(curve, SIDES.astype(np.float64))
        elif name in LIDS:
            curves[_SWAPPED[name]] = curve
        elif unit_of(name):
            other = f"{CONTROL}{other_side(unit_of(name)) or unit_of(name)}"
            curves[other], axes[other] = curve, _flipped_face(layer.axes[name], flip)
    components = layer.replace(
        curves={name: c for name, c in layer.curves.items() if component_of(name) >= 0}, axes={}
    )
    renamed = _renamed(components, flip)
    if renamed is None:
        count = max([len(flip), *(component_of(name) + 1 for name in components.curves)])
        renamed = dict(with_expression(components, count, lambda expr: _times(expr, flip), {}).curves)
    return layer.replace(curves={**renamed, **curves}, axes=axes)


def _renamed(layer: Layer, flip: Array) -> dict[str, Curve] | None:
    """The components' curves where each becomes another one; None where one becomes several."""
    made: dict[str, Curve] = {}
    for name, curve in layer.curves.items():
        place = component_of(name)
        if place >= len(flip):
            made[name] = curve
            continue
        into = np.flatnonzero(flip[:, place])
        if len(into) != 1:
            return None
        made[f"{EXPRESSION}{into[0]}"] = scaled(curve, float(flip[into[0], place]))
    return made


def _times(expr: Array, flip: Array) -> Array:
    known = expr.copy()
    known[:, : len(flip)] = expr[:, : len(flip)] @ flip.T
    return known


def _flipped_face(axis: Array, flip: Array) -> Array:
    """A direction (E + 11,) of the face, reflected: expression, jaw, eyes, eyelids."""
    count = len(axis) - POSE_WIDTH
    expr = _times(axis[None, :count], flip[:count, :count])[0]
    jaw, eyes, lids = axis[count : count + 3], axis[count + 3 : count + 9].reshape(2, 3), axis[count + 9 :]
    return np.concatenate([expr, jaw * TURN, (eyes[::-1] * TURN).reshape(-1), lids[::-1]])
