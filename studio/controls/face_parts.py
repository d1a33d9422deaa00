"""The parts of a head that poses are chosen by: which named controls and which parameters each holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal, get_args

from studio.controls.arkit import GROUP_OF, LOOKS, UNITS
from studio.controls.emotions import EMOTIONS
from studio.controls.head_turns import AXES
from studio.flame.model import HeadModel

Part = Literal["brows", "eyes", "gaze", "cheeks", "jaw", "mouth", "head", "identity"]
PARTS: tuple[Part, ...] = get_args(Part)
FACE: tuple[Part, ...] = ("brows", "eyes", "cheeks", "jaw", "mouth")  # what an expression basis moves
POSE: tuple[Part, ...] = tuple(part for part in PARTS if part != "identity")
TITLES: Mapping[Part, str] = MappingProxyType(
    {part: part.capitalize() for part in PARTS} | {"cheeks": "Cheeks and nose"}
)

_BY_GROUP: Mapping[str, Part] = {
    "Brows": "brows",
    "Eyes": "eyes",
    "Cheeks and nose": "cheeks",
    "Jaw": "jaw",
    "Mouth": "mouth",
}
PART_OF: Mapping[str, Part] = MappingProxyType(
    {name: ("gaze" if name in LOOKS else _BY_GROUP[GROUP_OF[name]]) for name in UNITS}
    | dict.fromkeys(AXES, "head")
)
# Fields of Params that belong to a part as a whole.
FIELDS_OF: Mapping[Part, tuple[str, ...]] = MappingProxyType(
    {
        "brows": (),
        "eyes": ("eyelids",),
        "gaze": ("eyes_pose",),
        "cheeks": (),
        "jaw": ("jaw_pose",),
        "mouth": (),
        "head": ("neck_pose", "rotation"),
        "identity": ("shape",),
    }
)


def in_order(parts: Collection[str]) -> tuple[Part, ...]:
    """Those of ``parts`` that there are, from the brows down."""
    return tuple(part for part in PARTS if part in parts)


def expression_places(model: HeadModel) -> Mapping[Part, tuple[int, ...]] | None:
    """The expression components of each part of the face; None where the model does not name all of them."""
    names = model.expression_names
    if len(names) != model.expression_count or any(name not in PART_OF for name in names):
        return None
    return {part: tuple(i for i, name in enumerate(names) if PART_OF[name] == part) for part in FACE}


def plain_controls(values: Mapping[str, float]) -> dict[str, float]:
    """``values`` of any named controls as units and head turns alone.

    Emotions become the units that they are made of, eyelids blinks, and the jaw's way to the side one of
    the two sides. What is named twice over adds up.
    """
    plain: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        plain[name] = plain.get(name, 0.0) + value

    for name, value in values.items():
        if name in EMOTIONS:
            for unit, weight in EMOTIONS[name].items():
                add(unit, weight * value)
        elif name.startswith("eyelid"):
            add(f"eyeBlink{name.removeprefix('eyelid')}", value)
        elif name == "jawSideways":
            add("jawLeft" if value > 0.0 else "jawRight", abs(value))
        else:
            add(name, value)
    return plain
