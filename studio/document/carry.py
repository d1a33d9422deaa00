"""What of a take survives when the model is switched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

import numpy as np

from studio.controls.arkit import GROUP_OF
from studio.controls.handles import Pin
from studio.controls.transfer import transferred
from studio.controls.unit_space import POSE_FIELDS, UnitSpace
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.offsets import fitted, same_mesh
from studio.flame.params import FIELD_WIDTHS, FloatArray
from studio.sequence.channel_names import CONTROL
from studio.sequence.curve_segments import Array
from studio.sequence.layer_maps import with_expression
from studio.sequence.layers import Layer


def same_basis(first: HeadModel, second: HeadModel) -> bool:
    """Whether parameters mean the same on both models, to the digits of float32 storage."""
    if first.original is second.original:
        return True
    first, second = first.original, second.original
    pairs = ((first.shapedirs, second.shapedirs), (first.expressiondirs, second.expressiondirs))
    if any(a.shape != b.shape for a, b in pairs):
        return False
    return first.digest == second.digest or all(np.allclose(a, b, rtol=0.0, atol=1e-6) for a, b in pairs)


def _by_name(values: FloatArray, old: tuple[str, ...], new: tuple[str, ...], count: int) -> FloatArray:
    """``values`` (..., E) of named components, at the places ``new`` has for those names."""
    carried = np.zeros((*values.shape[:-1], count), dtype=np.float32)
    for index, name in enumerate(old):
        if name and name in new:
            carried[..., new.index(name)] = values[..., index]
    return carried


class Named(Protocol):
    """What is known of a model whose arrays may not be there."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def shape_names(self) -> tuple[str, ...]:
        """What its shape components are called; empty where they have no names."""

    @property
    def expression_names(self) -> tuple[str, ...]:
        """What its expression components are called; empty where they have no names."""


Units = tuple[UnitSpace, UnitSpace]
"""The units of two models, by which a face of the first is made on the second."""


@dataclass(frozen=True)
class _Carrier:
    """Shape and expression of one model's takes in the sizes of another."""

    old: Named
    new: HeadModel
    units: Units | None = None

    def shape(self, values: FloatArray) -> FloatArray:
        return _by_name(values, self.old.shape_names, self.new.shape_names, self.new.shape_count)

    def expr(self, values: FloatArray) -> FloatArray:
        return _by_name(
            values, self.old.expression_names, self.new.expression_names, self.new.expression_count
        )

    def face(self, fields: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Expression, jaw, eyes and eyelids (T, …), by the units where they are known."""
        if self.units is None:
            return {**fields, "expr": self.expr(fields["expr"])}
        old, new = self.units
        known = min(fields["expr"].shape[1], old.expression_count)
        expr = np.zeros((len(fields["expr"]), old.expression_count))
        expr[:, :known] = fields["expr"][:, :known]
        faces = np.concatenate([expr, *(fields[name] for name in POSE_FIELDS)], axis=1)
        carried = transferred(faces, old, new)
        widths = [new.expression_count, *(FIELD_WIDTHS[name] for name in POSE_FIELDS)]
        parts = np.split(carried.astype(np.float32), list(accumulate(widths))[:-1], axis=1)
        made = dict(zip(("expr", *POSE_FIELDS), parts, strict=True))
        strange = tuple("" if name in GROUP_OF else name for name in self.old.expression_names)
        named = tuple(name if name not in GROUP_OF else "" for name in self.new.expression_names)
        made["expr"] += _by_name(fields["expr"], strange, named, self.new.expression_count)
        return made

    def take(self, take: Take) -> Take:
        names = ("expr", *POSE_FIELDS)
        clip = take.clip.replace(
            shape=self.shape(take.clip.shape),
            **self.face({name: getattr(take.clip, name) for name in names}),
            model_name=self.new.name,
            model_digest=self.new.digest,
        )
        offset = self.face({name: getattr(take.offset, name)[None] for name in names})
        changed = {name: values[0] for name, values in offset.items()}
        return replace(
            take,
            clip=clip,
            offset=take.offset.replace(shape=self.shape(take.offset.shape), **changed),
            layers=tuple(self.layer(layer, take.clip.expr.shape[1]) for layer in take.layers),
        )

    def layer(self, layer: Layer, count: int) -> Layer:
        """The keys of ``layer`` on the new model: components by their faces, units by their names."""

        def carried(expr: Array) -> Array:
            still = {name: np.zeros((len(expr), FIELD_WIDTHS[name]), np.float32) for name in POSE_FIELDS}
            return np.asarray(self.face({"expr": expr.astype(np.float32), **still})["expr"], np.float64)

        space = None if self.units is None else self.units[1]
        axes = (
            {f"{CONTROL}{name}": space.directions[:, place] for name, place in space.places.items()}
            if space is not None
            else {}
        )
        return with_expression(layer, count, carried, axes)


def _with_offsets(take: Take, old: HeadModel, new: HeadModel) -> Take:
    """``take`` with its vertex offsets for the mesh of ``new``; without them where it is another one."""
    kept = same_mesh(old, new)

    def carried(offset: FloatArray | None) -> FloatArray | None:
        return fitted(offset, new) if kept and offset is not None else None

    clip = take.clip.replace(
        static_offset=carried(take.clip.static_offset), dynamic_offset=carried(take.clip.dynamic_offset)
    )
    return replace(
        take, clip=clip, offset=take.offset.replace(vertex_offset=carried(take.offset.vertex_offset))
    )


def _has_offsets(take: Take) -> bool:
    clip = take.clip
    offsets = (clip.static_offset, clip.dynamic_offset, take.offset.vertex_offset)
    return any(offset is not None for offset in offsets)


def _any(takes: tuple[Take, ...], field: str) -> bool:
    return any(
        getattr(take.clip, field).any()
        or getattr(take.offset, field).any()
        or (field == "expr" and any(layer.moves_face for layer in take.layers))
        for take in takes
    )


def asks_for_units(takes: tuple[Take, ...], old: HeadModel, new: HeadModel) -> bool:
    """Whether ``takes`` have an expression that only the units of both models can carry over."""
    return _any(takes, "expr") and not same_basis(old, new)


def carried_over(
    takes: tuple[Take, ...], old: HeadModel, new: HeadModel, units: Units | None = None
) -> tuple[tuple[Take, ...], str]:
    """``takes`` of model ``old`` for model ``new``, and a notice, empty where nothing was left behind.

    On the same basis every parameter stays. On another one the poses and the eyelids stay, and those
    shape and expression components that both models know by name; with the ``units`` of both models the
    face is made anew of what they say of it. Vertex offsets stay on the same mesh, also where one of the
    models has teeth added to it.
    """
    moved = any(_has_offsets(take) for take in takes)
    if moved and (old.vertex_count != new.vertex_count or not same_mesh(old, new)):
        takes = tuple(_with_offsets(take, old, new) for take in takes)
    lost = moved and not same_mesh(old, new)
    notices = [f"Vertex offsets were made for the mesh of {old.name} and were left out."] if lost else []
    if same_basis(old, new):
        return takes, _told(notices)
    carrier = _Carrier(old, new, units)
    carried = tuple(carrier.take(take) for take in takes)
    shape, face = _any(takes, "shape"), _any(takes, "expr")
    if units is not None and face:
        notices.append(
            f"The face was carried over to {new.name} by its controls; what they cannot say was not."
        )
    if shape or (face and units is None):
        left = "shape" if not face or units is not None else "shape and expression" if shape else "expression"
        verbs = ("mean", "start") if "and" in left else ("means", "starts")
        notices.append(
            f"Poses were kept; {left} of {old.name} {verbs[0]} something else on {new.name} and {verbs[1]} "
            "from neutral where the two share no names."
        )
    return carried, _told(notices)


def carried_without(takes: tuple[Take, ...], old: Named, new: HeadModel) -> tuple[tuple[Take, ...], str]:
    """``takes`` of a model ``old`` that is not there, for model ``new``, and a notice.

    Poses, eyelids and components that both know by name stay; vertex offsets do not: nobody can tell
    whether the meshes agree.
    """
    carrier = _Carrier(old, new)
    carried = tuple(_without_offsets(carrier.take(take)) for take in takes)
    return carried, (
        f"{old.name}, which this was made on, was not found, so {new.name} is used: poses were kept; shape, "
        "expression and vertex offsets start from neutral where the two share no names."
    )


def _without_offsets(take: Take) -> Take:
    clip = take.clip.replace(static_offset=None, dynamic_offset=None)
    return replace(take, clip=clip, offset=take.offset.replace(vertex_offset=None))


def _told(notices: list[str]) -> str:
    return " ".join((*notices, "Undo brings them back.")) if notices else ""


def carried_pins(pins: tuple[Pin, ...], old: HeadModel, new: HeadModel) -> tuple[Pin, ...]:
    """Those of ``pins`` on model ``old`` whose vertices are there, and the same ones, on ``new``."""
    if old is new or not pins:
        return pins
    return tuple(entry for entry in pins if entry.handle.fits(new)) if same_mesh(old, new) else ()


def lost_pins_notice(pins: tuple[Pin, ...], old: HeadModel, new: HeadModel) -> str:
    """What to tell of pins that :func:`carried_pins` leaves behind; empty where all stay."""
    if len(carried_pins(pins, old, new)) == len(pins):
        return ""
    return f"Pins were set on the mesh of {old.name} and were taken out. Undo brings them back."
