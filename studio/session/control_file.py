"""Named controls in a session's JSON: a mapping of the user's own, and what was set by controls last."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.controls.arkit import GROUP_OF
from studio.controls.mapping_file import LARGEST_NUMBER, UnitMapping
from studio.controls.unit_space import POSE_WIDTH
from studio.document.control_state import ControlState, Memory
from studio.session.plain import LONGEST

CONTROLS = "controls"
_FARTHEST = 1e6  # of any number of a face


class _UnfitError(Exception):
    """What is told cannot be used."""


def told_of_controls(state: ControlState) -> dict[str, Any]:
    """``state`` as plain JSON; null where there is nothing, so that nothing older is kept instead."""
    mapping = memory = None
    if state.mapping is not None:
        rows = state.mapping.matrix.tolist()
        units = [list(unit) for unit in zip(state.mapping.names, rows, strict=True)]
        mapping = {"name": state.mapping_name, "units": units}
    if state.memory.values:
        values = [list(value) for value in state.memory.values.items()]
        memory = {"face": list(state.memory.face), "values": values}
    return {"mapping": mapping, "memory": memory}


def controls_from(given: object, expression_count: int, faults: list[str]) -> ControlState:
    """What the JSON ``given`` says, for a model of ``expression_count`` components.

    What cannot be used is left out, and named in ``faults``.
    """
    if not isinstance(given, dict):
        faults.append(CONTROLS)
        return ControlState()
    state = ControlState()
    try:
        if given.get("mapping") is not None:
            name, mapping = _mapping(given["mapping"], expression_count)
            state = state.replace(mapping=mapping, mapping_name=name)
    except _UnfitError:
        faults.append(f"{CONTROLS}.mapping")
        return state
    try:
        if given.get("memory") is not None:
            state = state.replace(memory=_memory(given["memory"], expression_count))
    except _UnfitError:
        faults.append(f"{CONTROLS}.memory")
    return state


def _mapping(given: object, expression_count: int) -> tuple[str, UnitMapping]:
    name, units = _entry(given, "name", str), _by_unit(_entry(given, "units", list))
    if not units or len(name) > LONGEST:
        raise _UnfitError
    rows = [_numbers(row, LARGEST_NUMBER) for row in units.values()]
    width = len(rows[0])
    if not 0 < width <= expression_count or any(len(row) != width for row in rows):
        raise _UnfitError
    return name, UnitMapping(tuple(units), np.array(rows, np.float64))


def _memory(given: object, expression_count: int) -> Memory:
    face, values = _numbers(_entry(given, "face", list), _FARTHEST), _by_unit(_entry(given, "values", list))
    if len(face) != expression_count + POSE_WIDTH:
        raise _UnfitError
    return Memory(face, dict(zip(values, _numbers(list(values.values()), _FARTHEST), strict=True)))


def _by_unit(pairs: list[Any]) -> dict[str, Any]:
    """What ``pairs`` of a unit's name and something say, each unit once."""
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise _UnfitError
    told = dict(pairs)
    if len(told) != len(pairs) or not told.keys() <= GROUP_OF.keys():
        raise _UnfitError
    return told


def _entry(given: object, name: str, kind: type) -> Any:
    if not isinstance(given, dict) or not isinstance(given.get(name), kind):
        raise _UnfitError
    return given[name]


def _numbers(given: object, farthest: float) -> tuple[float, ...]:
    if not isinstance(given, list) or not all(type(number) in (int, float) for number in given):
        raise _UnfitError
    if not all(abs(number) <= farthest for number in given):
        raise _UnfitError
    return tuple(float(number) for number in given)
