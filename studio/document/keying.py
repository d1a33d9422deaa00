"""Keys over the active take, as commands: set what is shown at the time cursor, in the active layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from studio.document.auto_key import STILL_LENGTH
from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.keyed_take import Keyed as Keyed
from studio.document.keyed_take import changed_channels as changed_channels
from studio.document.keyed_take import keyed as keyed
from studio.document.keyed_take import keyed_controls as keyed_controls
from studio.document.keyed_take import with_layer as with_layer
from studio.document.take import difference
from studio.flame.params import Params
from studio.sequence.curves import Interpolation
from studio.sequence.layers import Layer


def set_keys(
    document: Document,
    name: str,
    params: Params,
    channels: Iterable[str],
    gesture: int | None = None,
    interpolation: Interpolation | None = None,
) -> Command:
    """Show ``params`` at the time cursor by keys of ``channels``; identity by the offset."""
    take = keyed(document.take, document.position, params, channels, interpolation).take
    moved = difference(take.below(document.position), params)
    offset = take.offset.replace(shape=moved.shape, vertex_offset=moved.vertex_offset)
    return change(document, name, gesture, takes=replace_take(document, replace(take, offset=offset)))


def set_layers(
    document: Document,
    name: str,
    layers: tuple[Layer, ...],
    active: int | None = None,
    gesture: int | None = None,
) -> Command:
    """Give the active take other layers, and let ``active`` be the one that gets new keys."""
    chosen = document.take.active_layer if active is None else active
    chosen = min(max(chosen, 0), max(len(layers) - 1, 0))
    take = replace(document.take, layers=layers, active_layer=chosen)
    return change(document, name, gesture, takes=replace_take(document, take))


def toggle_auto_key(document: Document, push: Callable[[Command], object]) -> None:
    """Let changes of the head set keys, or not; a still gets a length, so that the cursor has where to go."""
    tools = document.tools
    if not tools.auto_key and len(document.take) == 1:
        push(set_length(document, STILL_LENGTH))
    document.set(tools=tools.replace(auto_key=not tools.auto_key))


def set_length(document: Document, frames: int) -> Command:
    """Let the active take last ``frames`` frames, at least those of its clip."""
    take = replace(document.take, length=frames if frames > len(document.take.clip) else 0)
    return change(document, "Take length", takes=replace_take(document, take))
