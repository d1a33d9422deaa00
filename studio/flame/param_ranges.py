"""How far parameters may go: the ranges of a head, numbers drawn within them, and which ones leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from studio.flame.model import HeadModel
    from studio.flame.params import Params

FloatArray = NDArray[np.float32]

# Cervical range: flexion 50, extension 60, rotation 80, lateral flexion 45 degrees. A jaw opens by about
# 30 degrees and swings by about 10 to each side. An eye moves by about 45 degrees to the sides and up,
# 50 down; torsion within 10.
NECK_DEGREES = ((-60.0, 50.0), (-80.0, 80.0), (-45.0, 45.0))
JAW_DEGREES = ((0.0, 30.0), (-10.0, 10.0), (-5.0, 5.0))
EYE_DEGREES = ((-45.0, 50.0), (-45.0, 45.0), (-10.0, 10.0))
FARTHEST = 10.0  # metres of translation; more is a mistake of unit
LARGEST_OFFSET = 1.0  # metres; a vertex that leaves the head by more comes from a damaged file

DRAWN = ("shape", "expr", "neck_pose", "jaw_pose", "eyes_pose")
DRAWABLE = (*DRAWN, "eyelids")
SIDES = ("left", "right")


def _radians(degrees: ArrayLike) -> FloatArray:
    ranges = np.radians(np.asarray(degrees, np.float64)).astype(np.float32)
    ranges.setflags(write=False)
    return ranges


# (W, 2) lowest and highest of each component; the whole head may stand anywhere.
FIELD_RANGES: dict[str, FloatArray] = {
    "rotation": _radians(((-180.0, 180.0),) * 3),
    "neck_pose": _radians(NECK_DEGREES),
    "jaw_pose": _radians(JAW_DEGREES),
    "eyes_pose": _radians((*EYE_DEGREES, *EYE_DEGREES)),
    "translation": np.full((3, 2), (-FARTHEST, FARTHEST), np.float32),
    "eyelids": np.full((2, 2), (0.0, 1.0), np.float32),
}


def ranges_of(field: str, model: HeadModel) -> FloatArray:
    """Lowest and highest value (N, 2) of each component of ``field`` on ``model``."""
    if field == "shape":
        return model.shape_ranges
    return model.expression_ranges if field == "expr" else FIELD_RANGES[field]


def draw(ranges: FloatArray, strength: float, rng: np.random.Generator) -> FloatArray:
    """Normal random values for components with ``ranges`` (N, 2) around 0, within them.

    Three standard deviations of strength 1 reach the end of a range, so that components in sigma
    with a range of -3..3 are drawn from N(0, strength).
    """
    draws = rng.standard_normal(len(ranges))
    reach = np.where(draws > 0.0, ranges[:, 1], -ranges[:, 0])
    values = draws * strength * reach / 3.0
    return np.clip(values, ranges[:, 0], ranges[:, 1]).astype(np.float32)


def draw_field(field: str, model: HeadModel, strength: float, rng: np.random.Generator) -> FloatArray:
    """Random values of ``field`` on ``model``; both eyes look the same way, both lids close alike.

    Raises:
        ValueError: nothing is drawn for ``field``.

    """
    if field not in DRAWABLE:
        raise ValueError(f"{field!r} is not drawn at random; choose among {', '.join(DRAWABLE)}.")
    ranges = ranges_of(field, model)
    if field in ("eyes_pose", "eyelids"):
        return np.tile(draw(ranges[: len(ranges) // 2], strength, rng), 2)
    return draw(ranges, strength, rng)


def problems_of(params: Params, model: HeadModel) -> list[str]:
    """What keeps ``params`` from being a believable head of ``model``: a clause for each number at fault."""
    found: list[str] = []
    for field, names in _components(model).items():
        values, ranges = getattr(params, field), ranges_of(field, model)
        if len(values) > len(ranges):
            found.append(f"{field} has {len(values)} components, {model.name} {len(ranges)}")
        within = values[: len(ranges)]
        low, high = ranges[: len(within)].T
        for index in np.flatnonzero(~((within >= low) & (within <= high))):
            name = f" ({names[index]})" if index < len(names) else ""
            found.append(f"{field}[{index}]{name} is {_fault(within[index], low[index], high[index])}")
        beyond = np.flatnonzero(~np.isfinite(values[len(ranges) :])) + len(ranges)
        found += [f"{field}[{index}] is {_fault(values[index])}" for index in beyond]
    return found + _offset_problems(params.vertex_offset, model)


def _components(model: HeadModel) -> dict[str, tuple[str, ...]]:
    """Every field that is a vector, and what its components are called."""
    unnamed: dict[str, tuple[str, ...]] = dict.fromkeys(FIELD_RANGES, ())
    return {"shape": model.shape_names, "expr": model.expression_names, **unnamed, "eyelids": SIDES}


def _offset_problems(offset: FloatArray | None, model: HeadModel) -> list[str]:
    if offset is None:
        return []
    found = []
    if len(offset) != model.vertex_count:
        found.append(f"vertex_offset is for {len(offset)} vertices, {model.name} has {model.vertex_count}")
    wrong = np.argwhere(~(np.abs(offset) <= LARGEST_OFFSET))
    if len(wrong):
        vertex, axis = wrong[0]
        more = f" and {len(wrong) - 1} more are at fault" if len(wrong) > 1 else ""
        fault = _fault(offset[vertex, axis], -LARGEST_OFFSET, LARGEST_OFFSET)
        found.append(f"vertex_offset[{vertex}, {axis}] is {fault}{more}")
    return found


def _fault(value: float, low: float = -np.inf, high: float = np.inf) -> str:
    return f"{value:.4g}, beyond {low:.4g}..{high:.4g}" if np.isfinite(value) else "not a finite number"
