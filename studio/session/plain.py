"""Immutable settings as plain JSON, and back from JSON that may be older, newer or wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from studio.document.media import Media

T = TypeVar("T")

LONGEST = 10_000  # characters of a text, numbers of a list
_FARTHEST = 1e6  # of any number without a limit of its own
_LIMITS: Mapping[str, tuple[float, float]] = {
    "background": (0.0, 1.0),
    "clay": (0.0, 1.0),
    "colour": (0.0, 1.0),
    "tint": (0.0, 1.0),
    "top": (0.0, 1.0),
    "bottom": (0.0, 1.0),
    "kelvin": (1000.0, 40_000.0),
    "exposure": (-20.0, 20.0),
    "gloss": (0.0, 10.0),
    "roughness": (0.0, 1.0),
    "softness": (0.0, 1.0),
    "catch": (0.0, 10.0),
    "letter_height": (0.005, 0.5),
    "distance": (1e-3, 1e3),
    "field_of_view": (0.01, 3.0),
    "first": (0, 2**31),
    "last": (0, 2**31),
    "strength": (0.0, 100.0),
    "ambient": (0.0, 100.0),
    "speed": (0.01, 100.0),
    "joint": (0, 4),
    "vertex": (0, 2**31),
    "landmark": (0, 2**31),
    "radius": (0.003, 0.12),
    "wipe": (0.0, 1.0),
    "volume": (0.0, 2.0),
    "farthest": (1e-3, 1e6),
    "frame": (0.0, 2**31),
    "before": (0, 5),
    "after": (0, 5),
    "step": (1, 1000),
    "confidence": (0.0, 1.0),
    "opacity": (0.0, 1.0),
    "lens": (0.0, 2000.0),
    "width": (0, 65_535),
    "height": (0, 65_535),
}


class _UnfitError(Exception):
    """A value is not one that its field can have."""


def path_alone(media: Media) -> Any:
    """A picture or sound as JSON has it outside of a session file, which alone carries content."""
    return {"path": media.path}


def path_of(given: object) -> Media | None:
    """The picture or sound that ``given``, as :func:`path_alone` writes it, refers to; None: it is none."""
    path = given.get("path") if isinstance(given, dict) else None
    return Media(path) if isinstance(path, str) and len(path) <= LONGEST else None


def to_plain(value: Any, media: Callable[[Media], Any] = path_alone) -> Any:
    """A frozen dataclass of numbers, texts, tuples and others of its kind, as JSON has them.

    ``media`` tells pictures and sounds.
    """
    if isinstance(value, Media):
        return media(value)
    if is_dataclass(value):
        return {entry.name: to_plain(getattr(value, entry.name), media) for entry in fields(value)}
    return [to_plain(entry, media) for entry in value] if isinstance(value, tuple) else value


def from_plain(
    default: T,
    given: object,
    name: str,
    faults: list[str],
    media: Callable[[object], Media | None] = path_of,
) -> T:
    """``default`` with what the JSON object ``given`` says.

    Keys that it has no field for are passed over; a value that a field cannot have leaves the default
    and puts the field's dotted name, which begins with ``name``, into ``faults``. ``media`` reads
    pictures and sounds.
    """
    if isinstance(default, Media):
        found = media(given)
        if found is None:
            faults.append(name)
        return default if found is None else found  # type: ignore[return-value]
    if not isinstance(given, dict):
        faults.append(name)
        return default
    kinds = get_type_hints(type(default))
    values = {}
    for entry in fields(default):  # type: ignore[arg-type]
        if entry.name not in given:
            continue
        whole, here = given[entry.name], getattr(default, entry.name)
        if is_dataclass(here):
            values[entry.name] = from_plain(here, whole, f"{name}.{entry.name}", faults, media)
            continue
        try:
            values[entry.name] = _value(kinds[entry.name], whole, entry.name)
        except _UnfitError:
            faults.append(f"{name}.{entry.name}")
    return replace(default, **values)  # type: ignore[type-var]


def _value(kind: Any, given: object, name: str) -> Any:
    origin, choices = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if given is None else _value(choices[0], given, name)
    if origin is Literal:
        return _one_of(choices, given)
    if origin is tuple and is_dataclass(choices[0]):
        return _rows(choices[0], given, name)
    if origin is tuple:
        return _numbers(choices, given, name)
    if kind is float:
        return _number(given, name)
    if type(given) is not kind or (kind is str and len(given) > LONGEST):  # type: ignore[arg-type]
        raise _UnfitError
    if kind is int:
        _number(given, name)
    return given


def _one_of(choices: tuple[Any, ...], given: object) -> object:
    if not isinstance(given, str) or given not in choices:
        raise _UnfitError
    return given


def _rows(kind: Any, given: object, name: str) -> tuple[Any, ...]:
    """A list of settings of one ``kind``, each whole."""
    if not isinstance(given, list) or len(given) > LONGEST:
        raise _UnfitError
    needed = {entry.name: 0.0 for entry in fields(kind) if entry.default is MISSING}
    faults: list[str] = []
    rows = []
    for entry in given:
        if not isinstance(entry, dict) or not needed.keys() <= entry.keys():
            raise _UnfitError
        rows.append(from_plain(kind(**needed), entry, name, faults))
    if faults:
        raise _UnfitError
    return tuple(rows)


def _numbers(kinds: tuple[Any, ...], given: object, name: str) -> tuple[float, ...]:
    if not isinstance(given, list) or len(given) > LONGEST:
        raise _UnfitError
    if kinds[-1] is not Ellipsis and len(given) != len(kinds):
        raise _UnfitError
    return tuple(_number(entry, name) for entry in given)


def _number(given: object, name: str) -> float:
    if type(given) not in (int, float):
        raise _UnfitError
    low, high = _LIMITS.get(name, (-_FARTHEST, _FARTHEST))
    if not low <= given <= high or not math.isfinite(given):  # type: ignore[operator, arg-type]
        raise _UnfitError
    return float(given)  # type: ignore[arg-type]


def merged(ours: Any, theirs: Any) -> Any:
    """``ours`` with the keys of ``theirs`` that it does not have, at every depth of objects."""
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return ours
    return {**theirs, **{key: merged(value, theirs.get(key)) for key, value in ours.items()}}
