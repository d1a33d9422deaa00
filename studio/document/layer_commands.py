"""Layers of the active take, as commands: the highest is the last of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.keyed_take import NEW_LAYER, free_name
from studio.document.keying import set_layers
from studio.document.take import Take
from studio.sequence.layers import Blend, Layer
from studio.sequence.merging import merged_down
from studio.sequence.merging import why_not_merged as why_not_one

if TYPE_CHECKING:
    from studio.sequence.reducing import Reduced

REDUCED_LAYER = "Clip"


def add_layer(document: Document) -> Command:
    """Put an empty layer over the active one, and let it get new keys.

    Over a clip of many frames it adds, over a still it replaces.
    """
    take = document.take
    blend: Blend = "add" if len(take.clip) > 1 else "replace"
    return _inserted(document, "Add layer", Layer(free_name(take, NEW_LAYER), blend=blend))


def duplicate_layer(document: Document, place: int) -> Command:
    """Put a copy of the layer at ``place`` over it."""
    layer = document.take.layers[place]
    copy = layer.replace(name=free_name(document.take, layer.name))
    return _inserted(document, f"Duplicate {layer.name}", copy, place)


def delete_layer(document: Document, place: int) -> Command:
    """Drop the layer at ``place`` with its keys."""
    layers = document.take.layers
    kept = (*layers[:place], *layers[place + 1 :])
    active = document.take.active_layer
    return set_layers(
        document, f"Delete {layers[place].name}", kept, active - (active >= place and active > 0)
    )


def move_layer(document: Document, place: int, to: int) -> Command:
    """Bring the layer at ``place`` to ``to`` among the others; the active one stays so."""
    layers = list(document.take.layers)
    to = min(max(to, 0), len(layers) - 1)
    active = document.take.layer
    layer = layers.pop(place)
    layers.insert(to, layer)
    way = "up" if to > place else "down"
    chosen = next((index for index, found in enumerate(layers) if found is active), 0)
    return set_layers(document, f"Move {layer.name} {way}", tuple(layers), chosen)


def change_layer(
    document: Document, step: str, place: int, gesture: int | None = None, **changes: object
) -> Command:
    """Give the layer at ``place`` other values of some fields, in a step called ``step``."""
    layers = document.take.layers
    changed = layers[place].replace(**changes)
    return set_layers(document, step, (*layers[:place], changed, *layers[place + 1 :]), gesture=gesture)


def rename_layer(document: Document, place: int, name: str) -> Command:
    """Call the layer at ``place`` ``name``; one that is called so already lets it have a number behind it."""
    take = document.take
    others = replace(take, layers=(*take.layers[:place], *take.layers[place + 1 :]))
    free = free_name(others, name.strip() or NEW_LAYER)
    return change_layer(document, f"Rename {take.layers[place].name}", place, name=free)


def use_layer(document: Document, place: int) -> Command:
    """Let the layer at ``place`` get new keys."""
    layers = document.take.layers
    return set_layers(document, f"Use {layers[place].name}", layers, place)


def mute_layer(document: Document, place: int) -> Command:
    """Leave out the layer at ``place``, or no longer."""
    layer = document.take.layers[place]
    name = f"{'Unmute' if layer.muted else 'Mute'} {layer.name}"
    return change_layer(document, name, place, muted=not layer.muted)


def is_solo(take: Take, place: int) -> bool:
    """Whether the layer at ``place`` is the only one of several that is not muted."""
    heard = [index for index, layer in enumerate(take.layers) if not layer.muted]
    return heard == [place] and len(take.layers) > 1


def solo_layer(document: Document, place: int) -> Command:
    """Leave out every layer but the one at ``place``; where that is so already, bring all back."""
    take = document.take
    back = is_solo(take, place)
    layers = tuple(
        layer.replace(muted=not back and index != place) for index, layer in enumerate(take.layers)
    )
    name = take.layers[place].name
    return set_layers(document, "Unmute all layers" if back else f"Solo {name}", layers)


def bake_layers(document: Document, place: int) -> Command:
    """Lay the layers from the lowest up to the one at ``place`` into the clip, as frames.

    Nothing looks different. Between whole frames the clip goes on in equal steps. The layers above stay.
    """
    take = document.take
    lower = replace(take, layers=take.layers[: place + 1])
    baked = replace(
        take,
        clip=lower.layered(),
        layers=take.layers[place + 1 :],
        active_layer=max(take.active_layer - place - 1, 0),
    )
    name = "Bake layers" if place else f"Bake {take.layers[0].name}"
    return change(document, name, takes=replace_take(document, baked))


def why_not_merged(take: Take, place: int) -> str:
    """Why the layer at ``place`` cannot be merged into the one below, in a sentence; empty where it can."""
    if not 0 < place < len(take.layers):
        return "There is no layer below to merge into."
    return why_not_one(take.layers[place - 1], take.layers[place])


def merge_layer(document: Document, place: int) -> Command:
    """Make one layer of the one at ``place`` and the one below it, which new keys go into.

    Nothing looks different in whole frames; see :func:`studio.sequence.merging.merged_down`.
    """
    take = document.take
    lower, upper = take.layers[place - 1 : place + 1]
    below = replace(take, layers=take.layers[: place - 1]).layered()
    layers = (*take.layers[: place - 1], merged_down(lower, upper, below), *take.layers[place + 1 :])
    active = take.active_layer - (take.active_layer >= place)
    return set_layers(document, f"Merge {upper.name} into {lower.name}", layers, active)


def reduced_clip(document: Document, reduced: Reduced) -> Command:
    """Put the keys that the clip was reduced to in its place, as the lowest layer; the take stays as long."""
    take = document.take
    layer = Layer(free_name(take, REDUCED_LAYER), reduced.curves)
    keyed = replace(
        take,
        clip=reduced.rest,
        layers=(layer, *take.layers),
        active_layer=take.active_layer + 1 if take.layers else 0,
        length=len(take) if len(take) > len(reduced.rest) else 0,
    )
    return change(document, "Reduce to keys", takes=replace_take(document, keyed))


def _inserted(document: Document, name: str, layer: Layer, below: int | None = None) -> Command:
    layers = document.take.layers
    place = (document.take.active_layer if below is None else below) + 1 if layers else 0
    return set_layers(document, name, (*layers[:place], layer, *layers[place:]), place)
