"""Single numbers of a frame by name, as people choose them: "jaw_pose/0", "expr/mouthSmileLeft"."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

from studio.controls.titles import component_titles
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

_TURNS = ("nod", "turn", "tilt")
_PLACES = ("left / right", "up / down", "forward / back")
_POSE = (
    ("Jaw", "jaw_pose", 0, ("open", "sideways", "twist")),
    ("Neck", "neck_pose", 0, _TURNS),
    ("Head", "rotation", 0, _TURNS),
    ("Left eye", "eyes_pose", 0, ("up / down", "left / right", "twist")),
    ("Right eye", "eyes_pose", 3, ("up / down", "left / right", "twist")),
)


@dataclass(frozen=True)
class Number:
    """One number of every frame."""

    key: str  # "jaw_pose/0"
    title: str
    field: str
    index: int
    unit: str  # "°", "mm", or nothing
    scale: float  # of the field's own unit for one of ``unit``


def numbers_of(model: HeadModel) -> tuple[Number, ...]:
    """Every number of a frame on ``model``."""
    found = [
        Number(f"{field}/{first + axis}", f"{part} {name}", field, first + axis, "°", math.pi / 180.0)
        for part, field, first, names in _POSE
        for axis, name in enumerate(names)
    ]
    found += [
        Number(f"translation/{axis}", f"Place {name}", "translation", axis, "mm", 0.001)
        for axis, name in enumerate(_PLACES)
    ]
    found += [
        Number(f"eyelids/{side}", f"Eyelid {name}", "eyelids", side, "", 1.0)
        for side, name in enumerate(("left", "right"))
    ]
    titles = component_titles(model.expression_names, model.expression_count, "Expression")
    found += [Number(f"expr/{index}", title, "expr", index, "", 1.0) for index, title in enumerate(titles)]
    return tuple(found)


def number_called(model: HeadModel, key: str) -> Number:
    """The number ``key``: a field and a place in it from 0, or the name of an expression component.

    Raises:
        StudioError: there is none.

    """
    known = {number.key: number for number in numbers_of(model)}
    names = {name: f"expr/{index}" for index, name in enumerate(model.expression_names)}
    found = known.get(key) or known.get(names.get(key.removeprefix("expr/"), ""))
    if found is not None:
        return found
    close = difflib.get_close_matches(key, [*known, *names], 1)
    meant = f"did you mean {close[0]}?" if close else "name one like jaw_pose/0 or expr/12."
    raise StudioError(f"A frame has no number called {key}; {meant}")
