"""Which components and controls bulk changes leave alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from studio.controls.arkit import GROUP_OF
from studio.controls.named_controls import ControlSet, numbers_of, units_of
from studio.controls.unit_space import with_unit_values
from studio.document.carry import Named, same_basis
from studio.document.control_state import control_values, controls_of
from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS, Params

if TYPE_CHECKING:
    from studio.document.document import Document

Locks = frozenset[tuple[str, int]]
"""Locked components as (field, index): fields of :class:`Params`, "texture" for the coefficients of the
texture in use, and "unit.NAME" with index 0 for a unit that several components make together. What sets
many at once keeps them; the user's own hand on a row does not."""

TEXTURE = "texture"
UNIT = "unit."


def unit_of(field: str) -> str | None:
    """The unit that a lock of ``field`` holds; None where it holds a component."""
    name = field.removeprefix(UNIT)
    return name if name != field and name in GROUP_OF else None


def locks_of(controls: ControlSet, names: Iterable[str]) -> Locks:
    """What keeps the controls ``names`` where they are: their components where each has one of its own.

    Units that several components make together are locked by name.
    """
    locks: set[tuple[str, int]] = set()
    for name in names:
        units = units_of(name)
        if not units:
            locks.update(numbers_of(controls, name))
        for unit in units:
            numbers = numbers_of(controls, unit)
            if numbers:
                locks.update(numbers if len(numbers) == 1 else ((UNIT + unit, 0),))
    return frozenset(locks)


def unlocked(document: Document, old: Params, new: Params) -> Params:
    """``new`` with the components and units that ``document`` locks as they are in ``old``.

    Both are parameters of the document's model, ``old`` those at the time cursor where units are locked.
    """
    return components_held(document.locks, old, _with_units_held(document, new))


def components_held(locks: Locks, old: Params, new: Params) -> Params:
    """``new`` with the components in ``locks`` as they are in ``old``; units are not looked at."""
    fields: dict[str, list[int]] = {}
    for field, index in locks:
        if hasattr(new, field):
            fields.setdefault(field, []).append(index)
    kept = {}
    for field, indices in fields.items():
        values = getattr(new, field).copy()
        values[indices] = getattr(old, field)[indices]
        kept[field] = values
    return new.replace(**kept) if kept else new


def _with_units_held(document: Document, new: Params) -> Params:
    """``new`` with the units that are locked by name at the values that they have at the time cursor."""
    names = [name for name in (unit_of(field) for field, _ in document.locks) if name]
    if not names:
        return new
    values = control_values(document)
    return with_unit_values(controls_of(document).space, new, {name: values[name] for name in names})


def hold_back(document: Document, fields: Collection[str]) -> bool:
    """Whether locks keep something of ``fields`` from going back to neutral."""
    held = (field for field in fields if hasattr(document.params, field))
    zero = document.params.replace(**{field: 0.0 * getattr(document.params, field) for field in held})
    kept = unlocked(document, document.params, zero)
    return any(bool(np.any(getattr(kept, field))) for field in fields if hasattr(kept, field))


def reset_texture(document: Document) -> Texture:
    """The texture in use with every coefficient 0 that is not locked."""
    texture = document.look.texture
    kept = [value * ((TEXTURE, i) in document.locks) for i, value in enumerate(texture.coefficients)]
    return texture.replace(coefficients=tuple(kept) if any(kept) else ())


def without_texture(locks: Locks) -> Locks:
    """``locks`` for another texture, whose coefficients mean something else."""
    return frozenset(lock for lock in locks if lock[0] != TEXTURE)


def carried_locks(locks: Locks, old: HeadModel, new: HeadModel) -> Locks:
    """``locks`` of model ``old`` for model ``new``: all on the same basis.

    On another one those of the pose and of units stay, and those of components that both know by name.
    """
    return locks if not locks or same_basis(old, new) else locks_by_name(locks, old, new)


def locks_by_name(locks: Locks, old: Named, new: Named) -> Locks:
    """Those of ``locks`` that hold for the pose, for units, or for components that both know by name."""
    names = {
        "shape": (old.shape_names, new.shape_names),
        "expr": (old.expression_names, new.expression_names),
    }
    carried = {lock for lock in locks if lock[0] in FIELD_WIDTHS}
    expression = new.expression_names
    for field, _ in locks:
        unit = unit_of(field)
        if unit:
            carried.add(("expr", expression.index(unit)) if unit in expression else (field, 0))
    for field, (before, after) in names.items():
        for index in (index for locked, index in locks if locked == field and index < len(before)):
            if before[index] in after:
                carried.add((field, after.index(before[index])))
            elif field == "expr" and before[index] in GROUP_OF:
                carried.add((UNIT + before[index], 0))
    return frozenset(carried)
