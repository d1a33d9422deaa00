"""Layers of keys and single keys, from scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from studio.document import commands, layer_commands
from studio.document.auto_key import auto_keyed, with_length
from studio.document.keyed_take import keyed
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.scripting.calls import Call
from studio.scripting.naming import index_of, one_of
from studio.scripting.packing import finite, hear_values, tell_values
from studio.sequence.channel_names import channels_of_field
from studio.sequence.curves import INTERPOLATIONS
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.scripting.studio import Studio

LayerName = int | str
_BLENDS = ("replace", "add")
_SETTINGS = ("name", "blend", "weight", "muted")


def set_key(studio: Studio, frame: float, fields: Mapping[str, Any]) -> None:
    """Let the take show ``fields`` of parameters at the whole ``frame`` by keys there, in the active layer.

    A still gets a length first, as with auto-key.

    Raises:
        StudioError: there is no such frame or parameter, or a number is none.

    """
    document = studio.document
    take = with_length(document.take)
    place = float(round(finite(frame)))
    if not 0.0 <= place < len(take):
        raise StudioError(f"A key can stand at the take's frames 0 to {len(take) - 1}, not at {place:.16g}.")
    wanted = hear_values(take.params(place), dict(fields), studio.model)
    take = auto_keyed(take, place, wanted)
    take = keyed(take, place, wanted, _named(studio, fields)).take
    takes = commands.replace_take(document, take)
    studio.push(commands.change(document, f"Key {', '.join(fields) or 'nothing'}", takes=takes))


def _named(studio: Studio, fields: Mapping[str, Any]) -> list[str]:
    """The channels that ``fields`` name one by one: they get keys also where nothing changes."""
    model = studio.model
    found: list[str] = []
    for field, given in fields.items():
        count = len(getattr(studio.params, field))
        if isinstance(given, Mapping):
            found += channels_of_field(field, [index_of(model, field, which, count) for which in given])
        elif field != "expr":
            found += channels_of_field(field)
    return found


class Layering:
    """The layers of the active take, from the lowest: ``studio.layers.change("Keys", weight=0.5)``."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def __repr__(self) -> str:
        """Their names, the active one marked."""
        take = self._studio.document.take
        names = (f"{'*' if layer is take.layer else ''}{layer.name}" for layer in take.layers)
        return f"<layers: {', '.join(names) or 'none'}>"

    def add(self) -> None:
        """Put an empty layer over the active one, which gets new keys from then on."""
        self._studio.push(layer_commands.add_layer(self._studio.document))

    def duplicate(self, layer: LayerName) -> None:
        """Put a copy of a layer over it."""
        self._studio.push(layer_commands.duplicate_layer(self._studio.document, self._place(layer)))

    def delete(self, layer: LayerName) -> None:
        """Drop a layer with its keys."""
        self._studio.push(layer_commands.delete_layer(self._studio.document, self._place(layer)))

    def move(self, layer: LayerName, to: int) -> None:
        """Bring a layer to the place ``to``, from 0 for the lowest."""
        self._studio.push(layer_commands.move_layer(self._studio.document, self._place(layer), to))

    def use(self, layer: LayerName) -> None:
        """Let a layer get new keys."""
        self._studio.push(layer_commands.use_layer(self._studio.document, self._place(layer)))

    def change(self, layer: LayerName, **changes: Any) -> None:
        """Give a layer another name, blend ("replace" or "add"), weight (0..1), or leave it out (muted)."""
        for name in changes:
            one_of(name, _SETTINGS, "setting of a layer")
        if "blend" in changes:
            one_of(str(changes["blend"]), _BLENDS, "blend")
        if "weight" in changes and not 0.0 <= finite(changes["weight"]) <= 1.0:
            raise StudioError(f"A layer's weight is 0 to 1, not {changes['weight']}.")
        for name, kind in (("name", str), ("muted", bool)):
            if name in changes and not isinstance(changes[name], kind):
                raise StudioError(f"A layer's {name} cannot be {changes[name]!r:.40}.")
        place = self._place(layer)
        step = f"Change {self._studio.document.take.layers[place].name}"
        self._studio.push(layer_commands.change_layer(self._studio.document, step, place, **changes))

    def bake(self, layer: LayerName) -> None:
        """Lay a layer and those below it into the clip."""
        self._studio.push(layer_commands.bake_layers(self._studio.document, self._place(layer)))

    def reduce(
        self, millimetres: float = 0.5, interpolation: str = "smooth", groups: Sequence[str] = ()
    ) -> dict[str, float]:
        """Make the clip few keys within a tolerance; gives how many, and the error in millimetres.

        ``groups`` are of "face", "jaw", "eyes" and "head"; none is all.
        """
        from studio.sequence.reducing import GROUPS, Wish, reduce

        document = self._studio.document
        one_of(interpolation, INTERPOLATIONS, "interpolation")
        chosen = tuple(one_of(group, GROUPS, "part of the head") for group in groups) or GROUPS
        wish = Wish(finite(millimetres) / 1000.0, interpolation, chosen)  # type: ignore[arg-type]
        made = reduce(document.take.clip, document.model, self._studio.backend, wish, lambda _done: None)
        self._studio.push(layer_commands.reduced_clip(document, made))
        return {"keys": made.key_count, "millimetres": round(1000.0 * made.error, 4)}

    def _place(self, layer: LayerName) -> int:
        layers = self._studio.document.take.layers
        if isinstance(layer, str):
            names = [entry.name for entry in layers]
            return names.index(one_of(layer, names, "layer"))
        if not 0 <= layer < len(layers):
            raise StudioError(f"The take has layers 0 to {len(layers) - 1}, not {layer}.")
        return layer


def calls_of(old: Take, new: Take, model: HeadModel) -> Iterator[Call]:
    """Calls that may make ``old`` what ``new`` is, where their layers differ."""
    before, after = old.layers, new.layers
    if old.clip is not new.clip and len(after) < len(before):
        yield Call("layers.bake", (len(before) - len(after) - 1,))
    if len(after) == len(before) + 1:
        yield Call("layers.add")
        yield from (Call("layers.duplicate", (place,)) for place in range(len(before)))
    if len(after) == len(before) - 1:
        yield from (Call("layers.delete", (place,)) for place in range(len(before)))
    if len(after) == len(before):
        yield from _same_count(old, new)
    yield from _keys(old, new, model)


def _same_count(old: Take, new: Take) -> Iterator[Call]:
    before, after = old.layers, new.layers
    places = [place for place, layer in enumerate(before) if layer != after[place]]
    if not places:
        yield Call("layers.use", (new.active_layer,))
    if len(places) == 1:
        one, other = before[places[0]], after[places[0]]
        changed = {name: getattr(other, name) for name in _SETTINGS}
        named = {name: value for name, value in changed.items() if value != getattr(one, name)}
        if named:
            yield Call("layers.change", (places[0],), named)
    if len(places) > 1:
        yield Call("layers.move", (places[0], places[-1]))
        yield Call("layers.move", (places[-1], places[0]))


def _keys(old: Take, new: Take, model: HeadModel) -> Iterator[Call]:
    """A key set at one frame, as the values that are shown there."""
    frames = set()
    for place, layer in enumerate(new.layers):
        known = old.layers[place].curves if place < len(old.layers) else {}
        for name, curve in layer.curves.items():
            if curve != known.get(name):
                was = known[name].frames.tolist() if name in known else []
                frames |= set(curve.frames.tolist()) - set(was)
                if len(was) == len(curve):
                    differ = (curve.values != known[name].values).any(axis=1)
                    frames |= set(curve.frames[differ].tolist())
    if len(frames) == 1:
        frame = frames.pop()
        told = tell_values(old.params(frame), new.params(frame), model)
        if told:
            yield Call("key", (round(frame),), told)
