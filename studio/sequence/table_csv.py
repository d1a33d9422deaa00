"""Clips as CSV: a row for each frame, under names of parameters with their component."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS
from studio.sequence.keys import ALIASES, FULL_POSES, RATES, TIMES
from studio.sequence.producers import Facts
from studio.sequence.report import Dropped
from studio.storage.csv_files import read_csv
from studio.storage.errors import StudioError

LARGEST_COMPONENT = 10_000
_AXES = {"x": 0, "y": 1, "z": 2, "left": 0, "right": 1, "l": 0, "r": 1}
_SIDES = {"left_eye": ("eyes_pose", 0), "right_eye": ("eyes_pose", 3), "leye_pose": ("eyes_pose", 0),
          "reye_pose": ("eyes_pose", 3)}  # fmt: skip
_FIELDS = {alias: name for name, aliases in ALIASES.items() for alias in aliases} | dict.fromkeys(
    FULL_POSES, "full_pose"
)
_COLUMN = re.compile(
    r"^(?P<field>[A-Za-z][A-Za-z_]*?)[/_.\[ -]?(?P<component>\d+|x|y|z|left|right|l|r)\]?$", re.I
)
_NAMED = re.compile(r"^(?P<field>[A-Za-z_]+)/(?P<component>.+)$")
_FRAME = ("frame", "frame_id", "index", "frame_index", "frame_number")


def place_of(column: str) -> tuple[str, int | str] | None:
    """The field and component (of an expression, maybe a name) that a column is called after, or None."""
    match = _COLUMN.match(column) or _NAMED.match(column)
    if match is None:
        return None
    field, component = match["field"].lower().rstrip("_"), match["component"]
    first = 0
    if field in _SIDES:
        field, first = _SIDES[field]
    field = _FIELDS.get(field, field)
    if field not in (*FIELD_WIDTHS, "expr", "shape", "full_pose"):
        return None
    if component.isdigit():
        return (field, first + int(component)) if len(component) < 6 else None
    if component.lower() in _AXES and field != "expr":
        return field, first + _AXES[component.lower()]
    return (field, component) if field == "expr" else None


def is_table(names: Sequence[str]) -> bool:
    """Whether columns called so are those of a clip."""
    return any(place is not None and place[0] != "translation" for place in map(place_of, names))


def table_arrays(path: Path) -> tuple[dict[str, NDArray], Facts]:
    """The parameters (T, D) in the table at ``path``.

    ``expr/0``, ``expr_0``, ``expr[0]`` or ``expr/jawForward``, ``jaw_pose/x``, ``left_eye/y``,
    ``eyelids/left`` and the like, any name that :mod:`studio.sequence.keys` knows; components that are
    missing are 0. ``time`` in seconds says when a frame is, ``fps`` the rate.

    Raises:
        StudioError: it cannot be read, has no column of a clip, or a component that nothing has.

    """
    table = read_csv(path, frozenset(("licence", "model_name")))
    columns: dict[str, dict[int | str, int]] = defaultdict(dict)
    dropped = []
    arrays: dict[str, NDArray] = {}
    for index, name in enumerate(table.names):
        place = place_of(name)
        if name.lower() in (*RATES, *TIMES):
            key = name.lower()
            arrays[key] = table.numbers[:1, index] if key in RATES else table.numbers[:, index]
        elif place is not None:
            columns[place[0]][place[1]] = index
        elif name.lower() not in _FRAME:
            dropped.append(Dropped(name or f"column {index + 1}", "no parameter that is known by this name"))
    for field, places in columns.items():
        named = [component for component in places if isinstance(component, str)]
        if named:
            arrays["expr_names"] = np.array(named)
            dropped += [
                Dropped(f"expr/{component}", "a number among components with names")
                for component in places
                if not isinstance(component, str)
            ]
            arrays[field] = table.numbers[:, [places[component] for component in named]]
            continue
        arrays[field] = _filled(path, field, {int(c): index for c, index in places.items()}, table.numbers)
    if not columns:
        raise StudioError(
            f"{path.name} has no column of a clip (expr/0, jaw_pose/x, …); name its columns in the first "
            "line."
        )
    facts = Facts(layout="a table with a header of names", dropped=tuple(dropped), names=_names(columns))
    return arrays, facts


def _filled(
    path: Path, field: str, places: dict[int, int], numbers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The columns at ``places`` by their component, those that are missing 0."""
    largest = max(places)
    known = FIELD_WIDTHS.get(field)
    if largest >= (known or LARGEST_COMPONENT):
        raise StudioError(
            f"{path.name} has a component {largest} of {field}, which has {known or LARGEST_COMPONENT} at "
            "most; count components from 0."
        )
    values = np.zeros((len(numbers), known or largest + 1))
    values[:, list(places)] = numbers[:, list(places.values())]
    return values


def _names(columns: dict[str, dict[int | str, int]]) -> dict[str, str]:
    return {
        field: f"{field}/{next(iter(places))} …" if len(places) > 1 else f"{field}/{next(iter(places))}"
        for field, places in columns.items()
    }
