"""Settings of an operation, checked against its row of the table."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import numpy as np

from studio.operations.row import Operation, Parameter
from studio.sequence.operations.parts import PARTS, checked_parts
from studio.sequence.operations.rates import parsed_rate
from studio.storage.errors import StudioError

EVERYTHING = "all"
_WRITTEN_OUT = 1e12


def checked(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting of ``operation``: those ``given``, as their kinds have them, and the usual ones.

    Raises:
        StudioError: there is no such setting, or a value does not suit it.

    """
    known = operation.defaults()
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            meant = f"did you mean {close[0]}?" if close else f"it has {', '.join(known) or 'none'}."
            raise StudioError(f"{operation.title} has no setting called {name}; {meant}")
    return {
        entry.name: _suited(entry, given.get(entry.name, entry.default)) for entry in operation.parameters
    }


def parts_of(value: object) -> tuple[str, ...]:
    """The parts that ``value`` names: a list, or a text with commas; "all" is every part.

    Raises:
        StudioError: one is none.

    """
    names = value.split(",") if isinstance(value, str) else list(value)  # type: ignore[call-overload]
    names = [name for name in (str(name).strip() for name in names) if name]
    return PARTS if EVERYTHING in names else checked_parts(names)


def _suited(entry: Parameter, value: Any) -> Any:
    match entry.kind:
        case "number" | "whole":
            return _number(entry, value)
        case "choice":
            values = [choice for choice, _ in entry.choices]
            if value not in values:
                raise StudioError(f"{entry.title} is one of {', '.join(values)}, not {value!r}.")
            return value
        case "switch":
            if not isinstance(value, bool | np.bool_):
                raise StudioError(f"{entry.title} is on or off (True or False), not {value!r}.")
            return bool(value)
        case "parts":
            return parts_of(value)
        case "rate":
            parsed_rate(str(value))
            return str(value)
        case _:
            return str(value)


def _number(entry: Parameter, value: Any) -> float | int:
    whole = entry.kind == "whole"
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise StudioError(f"{entry.title} is a number, not {value!r}.")
    unit = f" {entry.unit}" if entry.unit else ""
    if not entry.low <= value <= entry.high:  # also where it is no number
        told = f"from {_told(entry.low)} to {_told(entry.high)}{unit}, not {_told(float(value))}"
        raise StudioError(f"{entry.title} goes {told}.")
    if whole and value != int(value):
        raise StudioError(f"{entry.title} is a whole number, not {value:g}.")
    return int(value) if whole else float(value)


def _told(number: float) -> str:
    """``number`` as people write it: a whole one with all of its digits."""
    whole = abs(number) < _WRITTEN_OUT and number == int(number)
    return str(int(number)) if whole else f"{number:g}"


def told_settings(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those settings of ``given`` that are not as usual, as plain values."""
    usual = operation.defaults()
    told = {name: value for name, value in checked(operation, given).items() if value != usual[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}
