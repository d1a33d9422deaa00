"""What of a take survives when the model is switched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from studio.controls.handles import Pin
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.offsets import fitted, same_mesh
from studio.flame.params import FloatArray, Params


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
        if name in new:
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


@dataclass(frozen=True)
class _Carrier:
    """Shape and expression of one model's takes in the sizes of another."""

    old: Named
    new: HeadModel

    def shape(self, values: FloatArray) -> FloatArray:
        return _by_name(values, self.old.shape_names, self.new.shape_names, self.new.shape_count)

    def expr(self, values: FloatArray) -> FloatArray:
        return _by_name(
            values, self.old.expression_names, self.new.expression_names, self.new.expression_count
        )

    def take(self, take: Take) -> Take:
        clip = take.clip.replace(
            shape=self.shape(take.clip.shape),
            expr=self.expr(take.clip.expr),
            model_name=self.new.name,
            model_digest=self.new.digest,
        )
        offset = take.offset.replace(shape=self.shape(take.offset.shape), expr=self.expr(take.offset.expr))
        return Take(take.name, clip, offset)


def _with_offsets(take: Take, old: HeadModel, new: HeadModel) -> Take:
    """``take`` with its vertex offsets for the mesh of ``new``; without them where it is another one."""
    kept = same_mesh(old, new)

    def carried(offset: FloatArray | None) -> FloatArray | None:
        return fitted(offset, new) if kept and offset is not None else None

    clip = take.clip.replace(
        static_offset=carried(take.clip.static_offset), dynamic_offset=carried(take.clip.dynamic_offset)
    )
    return Take(take.name, clip, take.offset.replace(vertex_offset=carried(take.offset.vertex_offset)))


def _has_offsets(take: Take) -> bool:
    clip = take.clip
    offsets = (clip.static_offset, clip.dynamic_offset, take.offset.vertex_offset)
    return any(offset is not None for offset in offsets)


def _has_face(params: Params) -> bool:
    return bool(params.shape.any() or params.expr.any())


def carried_over(takes: tuple[Take, ...], old: HeadModel, new: HeadModel) -> tuple[tuple[Take, ...], str]:
    """``takes`` of model ``old`` for model ``new``, and a notice, empty where nothing was left behind.

    On the same basis every parameter stays. On another one the poses and the eyelids stay, and those
    shape and expression components that both models know by name. Vertex offsets stay on the same
    mesh, also where one of the models has teeth added to it.
    """
    moved = any(_has_offsets(take) for take in takes)
    if moved and (old.vertex_count != new.vertex_count or not same_mesh(old, new)):
        takes = tuple(_with_offsets(take, old, new) for take in takes)
    lost = moved and not same_mesh(old, new)
    notices = [f"Vertex offsets were made for the mesh of {old.name} and were left out."] if lost else []
    if same_basis(old, new):
        return takes, _told(notices)
    carrier = _Carrier(old, new)
    carried = tuple(carrier.take(take) for take in takes)
    if any(take.clip.shape.any() or take.clip.expr.any() or _has_face(take.offset) for take in takes):
        notices.append(
            f"Poses were kept; shape and expression of {old.name} mean something else on {new.name} and "
            "start from neutral where the two share no names."
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
    return Take(take.name, clip, take.offset.replace(vertex_offset=None))


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
