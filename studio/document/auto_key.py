"""Auto-key: what is changed at the time cursor becomes keys there, in the active layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from studio.controls.named_controls import ControlSet, wanted_units
from studio.controls.unit_space import UnitSpace, unit_values
from studio.controls.unit_space import changed as with_change
from studio.document.keyed_take import changed_channels, keyed, keyed_controls
from studio.document.take import Take, difference
from studio.flame.params import Params

STILL_LENGTH = 100  # frames that a still gets as soon as it has keys
_LEAST_STEP = 1e-9


@dataclass(frozen=True, eq=False)
class UnitSteps:
    """Changes of named units that several components make together, by name, and what they are made of."""

    steps: Mapping[str, float] = field(default_factory=dict)
    space: UnitSpace | None = None


def unit_steps(
    controls: ControlSet, params: Params, values: Mapping[str, float], near: Mapping[str, float]
) -> UnitSteps:
    """By how much the units of ``params`` change as ``values`` of controls are set.

    Units that are one component, or a pose, are left out: the keys of those are the component's own.
    """
    space = controls.space
    now = unit_values(space, params, near)
    steps = {
        name: value - float(now[space.places[name]])
        for name, value in wanted_units(controls, params, values, near).items()
        if is_mix(space, name)
    }
    return UnitSteps({name: step for name, step in steps.items() if abs(step) > _LEAST_STEP}, space)


def is_mix(space: UnitSpace, name: str) -> bool:
    """Whether the unit ``name`` is made of several components of the expression."""
    direction = space.directions[: space.expression_count, space.places[name]]
    return int(np.count_nonzero(direction)) > 1


def auto_keyed(take: Take, position: float, wanted: Params, units: UnitSteps | None = None) -> Take:
    """``take`` that shows ``wanted`` at ``position`` by keys of the channels in which it differs.

    Keys stand on whole frames. Units in ``units`` get keys of their own, and the components what is left.
    Identity and vertex offsets have no keys: they change over the whole take. Where a layer above shows
    nothing of the active one, it gets the keys. A still gets a length.
    """
    frame = float(round(position))
    before = take.params(position)
    take = with_length(take)
    if units is not None and units.space is not None and units.steps:
        take = keyed_controls(take, frame, units.steps, units.space)
        before = with_change(before, _change(units.steps, units.space))
    take = _keyed_where_seen(take, frame, wanted, changed_channels(before, wanted))
    moved = difference(take.below(frame), wanted)
    return replace(take, offset=take.offset.replace(shape=moved.shape, vertex_offset=moved.vertex_offset))


def with_length(take: Take) -> Take:
    """``take`` with room for keys in time, where it has one frame."""
    return take if len(take) > 1 else replace(take, length=STILL_LENGTH)


def _change(steps: Mapping[str, float], space: UnitSpace) -> np.ndarray:
    """What ``steps`` add to a face (N,)."""
    places = [space.places[name] for name in steps]
    return np.asarray(space.directions[:, places] @ np.array(list(steps.values())))


def _keyed_where_seen(take: Take, frame: float, wanted: Params, channels: Iterable[str]) -> Take:
    active = take.active_layer
    by_layer: dict[int, list[str]] = {}
    for channel in channels:
        by_layer.setdefault(_hiding(take, channel), []).append(channel)
    for layer in sorted(by_layer):
        aimed = replace(take, active_layer=layer if layer >= 0 else take.active_layer)
        made = keyed(aimed, frame, wanted, by_layer[layer]).take
        take = replace(made, active_layer=active) if layer >= 0 else made
        active = take.active_layer
    return take


def _hiding(take: Take, channel: str) -> int:
    """The highest layer above the active one that lets nothing of ``channel`` through; -1: there is none."""
    for place in range(len(take.layers) - 1, take.active_layer, -1):
        layer = take.layers[place]
        is_whole = layer.blend == "replace" and layer.weight == 1.0 and not layer.muted
        if is_whole and channel in layer.curves:
            return place
    return -1
