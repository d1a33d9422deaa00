"""Takes as text that stands in a script, to the last bit."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import replace
from typing import Any

import numpy as np

from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.params import VECTORS, FloatArray, Params
from studio.scripting.naming import index_of, key_of, one_of
from studio.session.take_arrays import arrays_of, take_of
from studio.storage.arrays import npz_bytes, parse_npz
from studio.storage.errors import StudioError

OFFSET = "vertex_offset"
_FEW = 0.5  # share of the components up to which only those that change are told
_SHORT = 8  # numbers that are always told all

Told = int | dict[str, Any]  # the place of a take that is there already, or what a take is made of


def number(value: float) -> float:
    """A float32 with the fewest digits that give it back."""
    return float(str(np.float32(value)))


def tell_values(old: Params, new: Params, model: HeadModel) -> dict[str, Any]:
    """The fields of ``new`` that differ from ``old``: all numbers of a field, or a few by name or place."""
    told: dict[str, Any] = {}
    for field in VECTORS:
        before, after = getattr(old, field), getattr(new, field)
        changed = np.flatnonzero(before != after)
        if not len(changed):
            continue
        if len(after) <= _SHORT or len(changed) > _FEW * len(after):
            told[field] = [number(value) for value in after]
        else:
            told[field] = {key_of(model, field, int(i)): number(after[i]) for i in changed}
    if not _same_offset(old, new):
        told[OFFSET] = None if new.vertex_offset is None else pack({OFFSET: new.vertex_offset})
    return told


def hear_values(old: Params, told: dict[str, Any], model: HeadModel) -> Params:
    """``old`` with the fields that ``told`` has: sequences of numbers, or few of them by name or place.

    Raises:
        StudioError: there is no such field or component, or a value is no finite number.

    """
    changes: dict[str, Any] = {}
    for field, given in told.items():
        one_of(field, (*VECTORS, OFFSET), "parameter")
        if field == OFFSET:
            changes[field] = unpack(given)[OFFSET] if isinstance(given, str) else given
            continue
        values = getattr(old, field).copy()
        entries = given if isinstance(given, dict) else None
        if entries is None:
            values = _floats(field, given)
            if values.shape != getattr(old, field).shape:
                raise StudioError(f"{field} takes {len(getattr(old, field))} numbers, not {values.size}.")
        else:
            for which, value in entries.items():
                values[index_of(model, field, which, len(values))] = finite(value)
        if not np.isfinite(values).all():
            raise StudioError(f"{field} takes finite numbers; give other ones.")
        changes[field] = values
    return old.replace(**changes)


def _floats(field: str, given: Any) -> FloatArray:
    try:
        return np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        raise StudioError(f"{field} takes a sequence of numbers, not {given!r:.60}.") from None


def tell_takes(takes: tuple[Take, ...], known: tuple[Take, ...], model: HeadModel) -> list[Told]:
    """``takes`` where ``known`` are there already: their places, what is changed of them, or all of it."""
    return [_tell_take(take, known, model) for take in takes]


def hear_takes(told: list[Told], known: tuple[Take, ...], model: HeadModel) -> tuple[Take, ...]:
    """The takes of :func:`tell_takes`.

    Raises:
        StudioError: one refers to a take that is not there, or is damaged.

    """
    if not told:
        raise StudioError("A document has at least one take.")
    return tuple(_hear_take(entry, known, model) for entry in told)


def _tell_take(take: Take, known: tuple[Take, ...], model: HeadModel) -> Told:
    for place, other in enumerate(known):
        if take == other:
            return place
    for place, other in enumerate(known):
        if _same_below(take, other):
            told: dict[str, Any] = {"take": place}
            if take.name != other.name:
                told["name"] = take.name
            changes = tell_values(other.offset, take.offset, model)
            return {**told, "offset": changes} if changes else told
    return {"name": take.name, "arrays": pack(arrays_of(take))}


def _same_below(take: Take, other: Take) -> bool:
    """Whether two takes differ at most in their names and offsets."""
    clips = take.clip is other.clip or take.clip == other.clip
    return clips and take == replace(other, name=take.name, clip=take.clip, offset=take.offset)


def _hear_take(told: Told, known: tuple[Take, ...], model: HeadModel) -> Take:
    if isinstance(told, dict) and "arrays" in told:
        return take_of(str(told.get("name", "Take")), unpack(told["arrays"]), "The take")
    place = told.get("take", 0) if isinstance(told, dict) else told
    if type(place) is not int or not 0 <= place < len(known):
        raise StudioError(f"There are takes 0 to {len(known) - 1}, not {place!r}.")
    take = known[place]
    if not isinstance(told, dict):
        return take
    offset = hear_values(take.offset, told.get("offset", {}), model)
    return replace(take, name=str(told.get("name", take.name)), offset=offset)


def pack(arrays: dict[str, Any]) -> str:
    """``arrays`` as text."""
    return base64.b64encode(npz_bytes(arrays)).decode("ascii")


def unpack(text: str) -> dict[str, Any]:
    """The arrays of :func:`pack`.

    Raises:
        StudioError: it is damaged.

    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise StudioError("The arrays are damaged; copy the whole script again.") from None
    return parse_npz(data, "The arrays")


def _same_offset(old: Params, new: Params) -> bool:
    first, second = old.vertex_offset, new.vertex_offset
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second)


def finite(value: float) -> float:
    """``value`` as a float.

    Raises:
        StudioError: it is no finite number.

    """
    try:
        made = float(value)
    except (TypeError, ValueError, OverflowError):
        made = math.nan
    if not math.isfinite(made):
        raise StudioError(f"{value!r} is not a finite number; give another one.")
    return made
