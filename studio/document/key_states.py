"""Whether values have keys at the time cursor, and setting or deleting those, as a command."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from studio.document.auto_key import with_length
from studio.document.commands import Command, change, replace_take
from studio.document.control_state import controls_of
from studio.document.document import Document
from studio.document.keyed_take import keyed, keyed_controls
from studio.document.locks import Locks, unit_of
from studio.document.take import Take
from studio.sequence.channel_names import CONTROL, channels_of_field
from studio.sequence.channel_names import unit_of as unit_in
from studio.sequence.layers import Layer

KeyState = Literal["none", "keyed", "here"]


def channels_of(components: Locks) -> tuple[str, ...]:
    """The channels that hold ``components``, told as locks tell them; those of the identity are in none."""
    found: list[str] = []
    for field, index in sorted(components):
        unit = unit_of(field)
        found += [f"{CONTROL}{unit}"] if unit else channels_of_field(field, [index])
    return tuple(dict.fromkeys(found))


def key_state(document: Document, channels: Collection[str]) -> KeyState:
    """Whether ``channels`` have keys in any layer of the active take, and one at the time cursor."""
    take = document.take
    if not take.layers:
        return "none"
    frame = float(round(document.position))
    curves = [layer.curves[name] for layer in take.layers for name in channels if name in layer.curves]
    if any(curve.index_at(frame) is not None for curve in curves):
        return "here"
    return "keyed" if curves else "none"


def toggle_key(document: Document, what: str, channels: Collection[str]) -> Command:
    """Delete the keys of ``channels`` at the time cursor, or set them to what is shown where there is none.

    Raises:
        StudioError: a unit among ``channels`` has to be solved first, and cannot be.

    """
    if key_state(document, channels) == "here":
        take = _without(document.take, float(round(document.position)), channels)
        return change(document, f"Delete key {what}", takes=replace_take(document, take))
    return change(document, f"Key {what}", takes=replace_take(document, _with(document, channels)))


def _with(document: Document, channels: Collection[str]) -> Take:
    frame = float(round(document.position))
    units = [unit_in(channel) for channel in channels if unit_in(channel)]
    take = with_length(document.take)
    if units:
        take = keyed_controls(take, frame, dict.fromkeys(units, 0.0), controls_of(document).space)
    return keyed(take, frame, document.params, [name for name in channels if not unit_in(name)]).take


def _without(take: Take, frame: float, channels: Collection[str]) -> Take:
    return replace(take, layers=tuple(_layer_without(layer, frame, channels) for layer in take.layers))


def _layer_without(layer: Layer, frame: float, channels: Collection[str]) -> Layer:
    changed = {}
    for name in channels:
        curve = layer.curves.get(name)
        place = None if curve is None else curve.index_at(frame)
        if curve is not None and place is not None:
            changed[name] = curve.taken(curve.frames != curve.frames[place])
    return layer.with_curves(changed) if changed else layer
