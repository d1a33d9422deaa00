"""The parameters that a drag of the surface may change, and how far each of them may go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.eyelids import NAMES as BLINKS
from studio.flame.model import HeadModel
from studio.flame.param_ranges import ranges_of
from studio.flame.params import Params

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Frozen = Collection[tuple[str, int]]  # components as (field, index)
Moves = Literal["expression", "identity", "both"]

MOVED: dict[Moves, tuple[str, ...]] = {  # in the order of all fields that can change
    "expression": ("expr", "eyelids", "jaw_pose"),
    "identity": ("shape",),
    "both": ("shape", "expr", "eyelids", "jaw_pose"),
}
EVERY = MOVED["both"]
JAW = 6  # the first of the jaw's components in a pose (15,)


@dataclass(frozen=True, eq=False)
class Unknowns:
    """The n parameters that may change, field after field."""

    fields: tuple[str, ...]
    free: tuple[Indices, ...]  # of each field, its components that may change
    starts: tuple[int, ...]  # of each field among the S + E + 5 components of all fields
    lowest: Array  # (n,) from what they are at the press
    highest: Array  # (n,)
    reach: Array  # (n,) the whole range of each

    @property
    def numbers(self) -> Indices:
        """The unknowns (n,) among the S + E + 5 components of shape, expression, eyelids and jaw."""
        parts = (start + free for start, free in zip(self.starts, self.free, strict=True))
        return np.concatenate([np.zeros(0, np.intp), *parts])

    def places_of(self, field: str, index: int) -> Indices:
        """Where component ``index`` of ``field`` is among the unknowns; nowhere if it does not change."""
        before = 0
        for name, free in zip(self.fields, self.free, strict=True):
            if name == field:
                return before + np.flatnonzero(free == index)
            before += len(free)
        return np.zeros(0, np.intp)

    def changed(self, params: Params, change: Array) -> Params:
        """``params`` with ``change`` (n,) added to the unknowns."""
        fields, start = {}, 0
        for name, free in zip(self.fields, self.free, strict=True):
            values = getattr(params, name).astype(np.float64)
            values[free] += change[start : start + len(free)]
            fields[name] = values
            start += len(free)
        return params.replace(**fields)


def unknowns_of(model: HeadModel, params: Params, moves: Moves, frozen: Frozen) -> Unknowns:
    """The components that move the surface, have a range and are not ``frozen``, with their limits.

    What is beyond its range may stay there, and goes no farther.
    """
    fields = tuple(name for name in MOVED[moves] if name != "eyelids" or model.eyelids is not None)
    counts = model.shape_count, model.expression_count, 2
    starts = dict(zip(EVERY, np.cumsum((0, *counts)).tolist(), strict=True))
    free, lowest, highest, reach = [], [], [], []
    for field in fields:
        now = getattr(params, field).astype(np.float64)
        low, high = _limits(model, params, field)
        held = {index for name, index in frozen if name == field}
        open_ones = [i for i in range(len(now)) if i not in held and high[i] > low[i]]
        free.append(np.array(open_ones, np.intp))
        lowest.append((low - now)[open_ones])
        highest.append((high - now)[open_ones])
        reach.append(np.maximum(np.abs(low), np.abs(high))[open_ones])
    edges = [np.concatenate([np.zeros(0), *parts]) for parts in (lowest, highest, reach)]
    return Unknowns(fields, tuple(free), tuple(starts[field] for field in fields), *edges)


def with_frozen(params: Params, before: Params, frozen: Frozen) -> Params:
    """``params`` with the components ``frozen`` as they are in ``before``."""
    fields: dict[str, NDArray[np.float32]] = {}
    for field, index in frozen:
        if field in EVERY and index < len(getattr(before, field)):
            fields.setdefault(field, getattr(params, field).copy())[index] = getattr(before, field)[index]
    return params.replace(**fields)


def _limits(model: HeadModel, params: Params, field: str) -> tuple[Array, Array]:
    """Lowest and highest value of each component of ``field``."""
    now = getattr(params, field).astype(np.float64)
    low, high = ranges_of(field, model).astype(np.float64).T
    blinks = [
        model.expression_names.index(name) if name in model.expression_names else None for name in BLINKS
    ]
    if field == "expr" and model.eyelids is not None:
        # The eyelids close the eye; a blink that is there already only opens it.
        named = [index for index in blinks if index is not None]
        high = high.copy()
        high[named] = np.minimum(high[named], now[named])
    if field == "eyelids":
        blinked = [0.0 if index is None else float(params.expr[index]) for index in blinks]
        high = high - np.clip(blinked, 0.0, 1.0)
    return np.minimum(low, now), np.maximum(high, now)
