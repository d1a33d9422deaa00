"""A take with keys that make it show what is wanted at one time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from studio.controls.unit_space import UnitSpace
from studio.document.take import Take
from studio.flame.params import Params
from studio.flame.rotations import compose, relative
from studio.sequence.channel_names import (
    CONTROL,
    JOINTS,
    LIDS,
    TRANSLATION,
    channels_of_field,
    turns,
    value_of,
    width_of,
)
from studio.sequence.curve_segments import Array
from studio.sequence.curves import Curve, Interpolation
from studio.sequence.layers import VARYING, Layer, Rows, add_to_face, part_of

NEW_LAYER = "Keys"
NEW_KEYS: Interpolation = "smooth"
_DIFFERENT = 1e-6  # of any number, beyond what float32 rounds to


@dataclass(frozen=True)
class Keyed:
    """A take with keys, and the channels whose wish a layer above hides."""

    take: Take
    hidden: tuple[str, ...] = ()


def with_layer(take: Take) -> Take:
    """``take`` with a layer whose keys are seen.

    Over a clip of many frames a new one adds, so that a first key bends the clip and does not flatten it;
    over a still it replaces. A layer that is muted or has no weight is left alone.
    """
    if take.layer is not None and not take.layer.muted and take.layer.weight > 0.0:
        return take
    layer = Layer(free_name(take, NEW_LAYER), blend="add" if len(take.clip) > 1 else "replace")
    return replace(take, layers=(*take.layers, layer), active_layer=len(take.layers))


def free_name(take: Take, name: str) -> str:
    """``name``, with a number behind it where a layer of ``take`` is called so."""
    taken = {layer.name for layer in take.layers}
    names = (f"{name} {number}" if number > 1 else name for number in itertools.count(1))
    return next(free for free in names if free not in taken)


def changed_channels(before: Params, after: Params) -> tuple[str, ...]:
    """The channels in which ``after`` differs from ``before``."""
    expr = np.flatnonzero(np.abs(after.expr - before.expr) > _DIFFERENT)
    found = [*channels_of_field("expr", [int(place) for place in expr])]
    for channel in (*JOINTS, TRANSLATION, *LIDS):
        change_of = np.subtract(value_of(after, channel), value_of(before, channel))
        if np.abs(change_of).max() > _DIFFERENT:
            found.append(channel)
    return tuple(found)


def keyed(
    take: Take,
    position: float,
    wanted: Params,
    channels: Iterable[str],
    interpolation: Interpolation | None = None,
) -> Keyed:
    """``take`` with keys of ``channels``, no controls, so that it shows ``wanted`` at ``position``.

    Identity and vertex offsets have no keys. A layer above that replaces a channel wholly hides its keys.

    Args:
        take: whose active layer gets the keys; one is added where there is none.
        position: fractional frame.
        wanted: the parameters to be seen there.
        channels: that get a key, also where nothing changes.
        interpolation: of the keys; None: as the key before, :data:`NEW_KEYS` for a first one.

    """
    take = with_layer(take)
    layer = take.layer
    assert layer is not None
    frame = float(position)
    below = _rows(take.below(position, take.active_layer))
    target, hidden = _beneath(take, frame, wanted)
    for channel in layer.curves:
        if channel.startswith(CONTROL):
            value = layer.weight * layer.curves[channel].at(np.array([frame]))
            add_to_face(target, -value * layer.axes[channel])
    curves: dict[str, Curve | None] = {}
    for channel in channels:
        under, aim = part_of(below, channel), part_of(target, channel)
        if under is None or aim is None:
            continue
        value = layer.value_for(channel, under, aim)
        curves[channel] = _with_key(layer.curves.get(channel), channel, frame, value[0], interpolation)
    changed = layer.with_curves(curves)
    layers = (*take.layers[: take.active_layer], changed, *take.layers[take.active_layer + 1 :])
    return Keyed(replace(take, layers=layers), tuple(sorted(hidden & set(curves))))


def keyed_controls(take: Take, position: float, changes: Mapping[str, float], space: UnitSpace) -> Take:
    """``take`` with keys of named units that differ by ``changes`` from what is shown at ``position``."""
    take = with_layer(take)
    layer = take.layer
    assert layer is not None
    curves: dict[str, Curve | None] = {}
    axes: dict[str, Array] = {}
    for name, step in changes.items():
        channel = f"{CONTROL}{name}"
        known = layer.curves.get(channel)
        now = 0.0 if known is None else float(known.at(np.array([position]))[0, 0])
        axes[channel] = space.directions[:, space.places[name]]
        value = np.array([now + step / max(layer.weight, 1e-6)])
        curves[channel] = _with_key(known, channel, float(position), value, None)
    layers = (
        *take.layers[: take.active_layer],
        layer.with_curves(curves, axes),
        *take.layers[take.active_layer + 1 :],
    )
    return replace(take, layers=layers)


def _with_key(
    curve: Curve | None, channel: str, frame: float, value: Array, interpolation: Interpolation | None
) -> Curve:
    if curve is None:
        values = np.asarray(value, np.float64).reshape(1, width_of(channel))
        return Curve.of([frame], values, interpolation or NEW_KEYS, turns(channel))
    return curve.with_key(frame, value, interpolation)


def _rows(params: Params) -> Rows:
    return {name: np.atleast_2d(np.asarray(getattr(params, name), np.float64)).copy() for name in VARYING}


def _beneath(take: Take, frame: float, wanted: Params) -> tuple[Rows, set[str]]:
    """What the active layer has to let out so that ``wanted`` is seen, and the channels where it cannot."""
    target = _unstacked(take.offset, wanted)
    hidden: set[str] = set()
    for layer in reversed(take.layers[take.active_layer + 1 :]):
        if layer.is_silent:
            continue
        values = layer.values_at(frame)
        for channel, axis in layer.axes.items():
            add_to_face(target, -layer.weight * values[channel] * axis)
        for channel, value in values.items():
            aim = part_of(target, channel)
            if aim is None:
                continue
            if layer.blend == "add":
                aim[:] = _taken_off(channel, aim, layer.weight * value)
            elif layer.weight < 1.0:
                aim[:] = _before(channel, aim, value, layer.weight)
            else:
                hidden.add(channel)
    return target, hidden


def _unstacked(offset: Params, wanted: Params) -> Rows:
    rows, top = _rows(wanted), _rows(offset)
    for name in ("expr", TRANSLATION, "eyelids"):
        rows[name] -= top[name]
    for joint in JOINTS:
        aim, over = part_of(rows, joint), part_of(top, joint)
        assert aim is not None
        assert over is not None
        aim[:] = _taken_off(joint, aim, over)
    return rows


def _taken_off(channel: str, wanted: Array, top: Array) -> Array:
    """What lies below ``top`` where ``wanted`` comes out."""
    if not turns(channel) or not top.any():
        return wanted - top
    below = wanted - top
    return compose(wanted, -top) if below.any() else below


def _before(channel: str, wanted: Array, value: Array, weight: float) -> Array:
    """What lies below a layer that goes ``weight`` of the way to ``value`` where ``wanted`` comes out."""
    if not turns(channel):
        return (wanted - weight * value) / (1.0 - weight)
    return compose(value, relative(value, wanted) / (1.0 - weight))
