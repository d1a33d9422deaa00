"""Edits of keys of the active take, as commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.controls.unit_space import UnitSpace
from studio.document.auto_key import with_length
from studio.document.camera import Camera
from studio.document.camera_keys import CAMERA_CHANNELS as CAMERA_CHANNELS
from studio.document.camera_keys import camera_key
from studio.document.commands import Command, change, replace_take
from studio.document.control_state import known_controls
from studio.document.document import Document
from studio.document.keying import changed_channels, keyed, keyed_controls, with_layer
from studio.document.take import LONGEST_TAKE, Take
from studio.flame.params import Params
from studio.sequence.channel_names import CAMERA, unit_of
from studio.sequence.curve_segments import Array
from studio.sequence.curves import Curve
from studio.sequence.key_selection import Curves
from studio.sequence.layers import Layer


def keys_of(take: Take) -> Curves:
    """What can be edited of ``take``: the curves of its active layer and those of the camera, by channel."""
    layer = take.layer
    return {**(layer.curves if layer is not None else {}), **take.camera_keys}


def edit_keys(
    document: Document,
    name: str,
    take: Take,
    changes: Mapping[str, Curve | None],
    gesture: int | None = None,
) -> Command:
    """Make the active take what ``take`` is with other curves, or none, for channels of its layer and camera.

    ``take`` is the active one as it was when the gesture began; where keys come to lie behind its end it
    grows. Keys of units that this head has no direction for are left out.
    """
    made = with_curves(take, changes, _axes(document, changes))
    return change(document, name, gesture, takes=replace_take(document, made))


def _axes(document: Document, channels: Iterable[str]) -> dict[str, Array]:
    """The directions of the units among ``channels``, as far as they are known."""
    layers = [layer.axes for take in document.takes for layer in take.layers]
    units = [name for name in channels if unit_of(name)]
    found = {name: axes[name] for name in units for axes in layers if name in axes}
    space = _space(document) if len(found) < len(units) else None
    if space is not None:
        found |= {
            name: space.directions[:, space.places[unit_of(name)]]
            for name in units
            if name not in found and unit_of(name) in space.places
        }
    return found


def with_curves(
    take: Take, changes: Mapping[str, Curve | None], axes: Mapping[str, Array] | None = None
) -> Take:
    """``take`` with other curves in its active layer and for its camera, long enough for their keys."""
    camera = {name: curve for name, curve in changes.items() if name.startswith(CAMERA)}
    others = {name: curve for name, curve in changes.items() if name not in camera}
    if camera:
        kept = {**take.camera_keys, **camera}
        take = replace(take, camera_keys={name: curve for name, curve in kept.items() if curve is not None})
    if others:
        take = with_layer(take)
        layer = take.layer
        assert layer is not None
        directions = {**(axes or {}), **layer.axes}
        known = {name: curve for name, curve in others.items() if not unit_of(name) or name in directions}
        take = replace_layer(take, layer.with_curves(known, directions))
    last = max((float(curve.frames[-1]) for curve in changes.values() if curve is not None), default=0.0)
    needed = min(int(last + 0.999), LONGEST_TAKE - 1) + 1
    return replace(take, length=needed) if needed > len(take) else take


def replace_layer(take: Take, layer: Layer) -> Take:
    """``take`` with ``layer`` in place of its active one."""
    place = take.active_layer
    return replace(take, layers=(*take.layers[:place], layer, *take.layers[place + 1 :]))


def set_keys_at(document: Document, name: str, channels: Iterable[str], frame: float) -> Command:
    """Set keys of ``channels`` at ``frame`` to what is shown there; of the camera to where it is."""
    take = keys_set(document.take, channels, frame, document.camera, _space(document))
    return change(document, name, takes=replace_take(document, take))


def keys_set(
    take: Take, channels: Iterable[str], frame: float, camera: Camera, space: UnitSpace | None
) -> Take:
    """``take`` with keys of ``channels`` at ``frame`` that change nothing of what is seen there."""
    channels, take = tuple(channels), with_length(take)
    units = {unit_of(name): 0.0 for name in channels if unit_of(name)}
    seen = [name for name in channels if name in CAMERA_CHANNELS]
    others = [name for name in channels if not unit_of(name) and not name.startswith(CAMERA)]
    if others:
        take = keyed(take, frame, take.params(frame), others).take
    if units and space is not None:
        known = {name: step for name, step in units.items() if name in space.places}
        take = keyed_controls(take, frame, known, space)
    if seen:
        take = with_curves(take, {name: camera_key(take, name, frame, camera) for name in seen})
    return take


def _space(document: Document) -> UnitSpace | None:
    controls = known_controls(document)
    return None if controls is None else controls.space


def face_channels(take: Take, frame: float) -> tuple[str, ...]:
    """The components and units of the face that have keys in the active layer, or are not at rest."""
    keys = keys_of(take)
    at_rest = Params.zeros(len(take.offset.shape), len(take.offset.expr))
    moved = changed_channels(at_rest, take.params(frame))
    found = [name for name in keys if name.startswith(("expr/", "control/"))]
    return tuple(dict.fromkeys([*found, *(name for name in moved if name.startswith("expr/"))]))
