"""Which components bulk changes leave alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from studio.document.carry import Named, same_basis
from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS, Params

if TYPE_CHECKING:
    from studio.document.document import Document

Locks = frozenset[tuple[str, int]]
"""Locked components as (field, index): fields of :class:`Params`, and "texture" for the coefficients of
the texture in use. What sets many components at once keeps them; the user's own hand on a row does not."""

TEXTURE = "texture"


def unlocked(document: Document, old: Params, new: Params) -> Params:
    """``new`` with the components that ``document`` locks as they are in ``old``.

    Both are parameters of the document's model.
    """
    fields: dict[str, list[int]] = {}
    for field, index in document.locks:
        if field != TEXTURE:
            fields.setdefault(field, []).append(index)
    kept = {}
    for field, indices in fields.items():
        values = getattr(new, field).copy()
        values[indices] = getattr(old, field)[indices]
        kept[field] = values
    return new.replace(**kept) if kept else new


def hold_back(document: Document, fields: Collection[str]) -> bool:
    """Whether locks keep something of ``fields`` from going back to neutral."""
    return any(field in fields and getattr(document.params, field)[index] for field, index in document.locks)


def reset_texture(document: Document) -> Texture:
    """The texture in use with every coefficient 0 that is not locked."""
    texture = document.look.texture
    kept = [value * ((TEXTURE, i) in document.locks) for i, value in enumerate(texture.coefficients)]
    return Texture(texture.key, tuple(kept) if any(kept) else ())


def without_texture(locks: Locks) -> Locks:
    """``locks`` for another texture, whose coefficients mean something else."""
    return frozenset(lock for lock in locks if lock[0] != TEXTURE)


def carried_locks(locks: Locks, old: HeadModel, new: HeadModel) -> Locks:
    """``locks`` of model ``old`` for model ``new``: all on the same basis.

    On another one those of the pose stay, and those of components that both models know by name.
    """
    return locks if not locks or same_basis(old, new) else locks_by_name(locks, old, new)


def locks_by_name(locks: Locks, old: Named, new: Named) -> Locks:
    """Those of ``locks`` that hold for the pose, or for components that ``old`` and ``new`` know by name."""
    names = {
        "shape": (old.shape_names, new.shape_names),
        "expr": (old.expression_names, new.expression_names),
    }
    carried = {lock for lock in locks if lock[0] in FIELD_WIDTHS}
    for field, (before, after) in names.items():
        for index in (index for locked, index in locks if locked == field and index < len(before)):
            if before[index] in after:
                carried.add((field, after.index(before[index])))
    return frozenset(carried)
