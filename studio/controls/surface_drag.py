"""Taking hold of the surface of a head and dragging it: the parameters that follow the hand.

The wanted place of a handle is approached by regularised least squares, in the manner of direct manipulation
of blendshapes (Lewis and Anjyo 2010): of all changes that bring the handle there, the one that moves the
surface least, the far side less than what is near, and uses the ranges of the components least. Parameters
stay within their limits, and pinned points where they are pinned. A hand that goes where the face cannot
follow pulls no harder from there on (Huber's loss), so that nothing is torn for the last millimetre. Each
step is solved by Gauss-Newton (:mod:`bounded`) from the head at the press, so that the way of the hand does
not matter: back at the press, the head is what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.backends.processors import one_blas_thread
from studio.controls.blinks import close_once
from studio.controls.bounded import Problem, solve
from studio.controls.correctives import allowance, settle
from studio.controls.handle_motion import HandleMotion
from studio.controls.handles import Handle, Pin
from studio.controls.stillness import Stillness, stillness
from studio.controls.symmetry import mirror_matrix
from studio.flame.eyelids import NAMES as BLINKS
from studio.flame.model import HeadModel
from studio.flame.param_ranges import ranges_of
from studio.flame.params import ROTATIONS, Params

Array = NDArray[np.float64]
Moves = Literal["expression", "identity", "both"]

FIELDS = {
    "expression": ("expr", "eyelids", "jaw_pose"),
    "identity": ("shape",),
    "both": ("shape", "expr", "eyelids", "jaw_pose"),
}
ORDER = ("shape", "expr", "eyelids", *ROTATIONS)  # of the parameters that can change

EFFORT = 1e-3  # metres, over the whole head, that the whole range of a component costs
HANDLE, PINNED = 8.0, 800.0  # weights of a handle and of a pin, the mean over the head's surface being 1
NEAR, REACH = 0.1, 0.06  # weight of the surface at the handle, and metres from it where it is 1
LAG = 4e-4  # metres behind the hand from which on the hand pulls a handle no harder
PIN_EASE = 0.01  # metres of the hand's way over which a pin that is off its place is drawn to it
EVENNESS = 0.2  # metres that a range costs by which one side moves and the other does not
MOST_STEPS, DONE = 12, 5e-5  # of Gauss-Newton; share of a range
MOST_TURN = 0.2  # radians of a joint in one such step


@dataclass(frozen=True, eq=False)
class _Unknowns:
    """The n parameters that may change, by field and index."""

    places: tuple[tuple[str, NDArray[np.intp]], ...]  # in the order of ORDER
    lowest: Array  # (n,) change from the press
    highest: Array  # (n,)
    reach: Array  # (n,) the whole range of each

    def slice_of(self, field: str) -> tuple[slice, NDArray[np.intp]]:
        """Where the components of ``field`` are, and which they are."""
        start = 0
        for name, indices in self.places:
            if name == field:
                return slice(start, start + len(indices)), indices
            start += len(indices)
        return slice(0, 0), np.zeros(0, np.intp)


class SurfaceDrag:
    """One drag of a handle, from press to release."""

    def __init__(
        self,
        model: HeadModel,
        params: Params,
        handle: Handle,
        pins: Sequence[Pin] = (),
        frozen: Collection[tuple[str, int]] = (),
        moves: Moves = "expression",
        symmetric: bool = False,
    ) -> None:
        """Take hold of ``handle``.

        Args:
            model: the head model.
            params: the head at the press, in the sizes of ``model``.
            handle: what is dragged.
            pins: what is to stay where it is pinned. One that is off its place at the press is drawn to it
                over the first centimetre of the hand's way, so that nothing jumps.
            frozen: components as (field, index) that do not change.
            moves: "expression" moves expression, jaw and eyelids, "identity" the shape.
            symmetric: what one side does, the other does too.

        Raises:
            ValueError: ``params`` are of other sizes than the model, or a handle is for another mesh.

        """
        _check(model, params, (handle, *(entry.handle for entry in pins)))
        self._model, self._params, self._frozen = model, params, frozenset(frozen)
        self._unknowns = _unknowns(model, params, FIELDS[moves], self._frozen)
        handles = [handle, *(entry.handle for entry in pins)]
        blends, turns = _numbered(model, self._unknowns)
        self._motion = HandleMotion(model, params, handles, blends, turns)
        count = len(self._unknowns.reach)
        self._change, self._held = np.zeros(count), np.zeros(count, np.int8)
        self._start = self._motion.at(self._change)[0]
        self._targets = np.array([entry.target for entry in pins]).reshape(-1, 3)
        self._weights = np.repeat([HANDLE, *[PINNED] * len(pins)], 3)
        self._turning = np.arange(count) >= len(blends)
        metric = _metric(model, handle, self._unknowns)
        self._mirror = _mirror(model, self._unknowns) if symmetric else None
        if self._mirror is not None:
            uneven = (np.eye(count) - self._mirror) * (EVENNESS / self._unknowns.reach)[:, None]
            metric += uneven.T @ uneven
        with one_blas_thread():
            self._inverse = np.asarray(np.linalg.inv(metric), np.float64)

    @property
    def place(self) -> Array:
        """Where the handle was at the press (3,), metres."""
        return self._start[0].copy()

    def to(self, target: ArrayLike) -> Params:
        """The head with the handle at ``target`` (3,), metres, or as near as it can be.

        Raises:
            ValueError: ``target`` is not three finite numbers.

        """
        point = np.asarray(target, np.float64)
        if point.shape != (3,) or not np.isfinite(point).all():
            raise ValueError(f"target must be three finite numbers, not {target!r}.")
        drawn = min(float(np.linalg.norm(point - self._start[0])) / PIN_EASE, 1.0)
        pinned = self._start[1:] + drawn * (self._targets - self._start[1:])
        wanted = np.concatenate([point[None], pinned])
        with one_blas_thread():
            self._approach(wanted)
        return self._settled(_changed(self._params, self._unknowns, self._even()))

    def _approach(self, wanted: Array) -> None:
        """Bring handle and pins to ``wanted`` (K, 3) as far as they go."""
        for turn in range(MOST_STEPS):
            places, rows = self._motion.at(self._change)
            if turn:
                away = float(np.linalg.norm(wanted[0] - places[0]))
                self._weights[:3] = HANDLE * min(1.0, LAG / max(away, LAG))
            flat = rows.reshape(len(self._weights), len(self._change))
            missing = (wanted - places).reshape(-1) + flat @ self._change
            lowest, highest = self._limits()
            problem = Problem(self._inverse, flat, missing, self._weights, lowest, highest)
            change, self._held = solve(problem, self._held)
            step = np.abs(change - self._change) / self._unknowns.reach
            self._change = change
            if step.max(initial=0.0) < DONE:
                break

    def _even(self) -> Array:
        """The change (n,), the same on both sides where that is asked for."""
        if self._mirror is None:
            return self._change
        even = 0.5 * (self._change + self._mirror @ self._change)
        return np.clip(even, self._unknowns.lowest, self._unknowns.highest)

    def _limits(self) -> tuple[Array, Array]:
        """How far each unknown may go in this step."""
        lowest, highest = self._unknowns.lowest.copy(), self._unknowns.highest.copy()
        near = np.where(self._turning, MOST_TURN, np.inf)
        lowest = np.maximum(lowest, self._change - near)
        highest = np.minimum(highest, self._change + near)
        if self._model.correctives:
            self._limit_correctives(lowest, highest)
        return lowest, highest

    def _limit_correctives(self, lowest: Array, highest: Array) -> None:
        """Keep the correctives within what the pose of their joints allows now."""
        now = _changed(self._params, self._unknowns, self._change)
        span, indices = self._unknowns.slice_of("expr")
        for corrective in self._model.correctives:
            for place in np.flatnonzero(indices == corrective.expression) + span.start:
                allowed = allowance(now, corrective) - float(self._params.expr[corrective.expression])
                highest[place] = max(min(highest[place], allowed), lowest[place])

    def _settled(self, params: Params) -> Params:
        """``params`` as they are after a slider: correctives within the pose, eyes closed once."""
        settled = close_once(self._model, settle(self._model, params), "eyelids")
        return settled if settled is params else _kept(settled, params, self._frozen)


def prepare(model: HeadModel, symmetric: bool = False) -> None:
    """Work out what every drag on ``model`` needs, so that the first press is as quick as the next.

    Within a second or two, once for each model; on any thread.
    """
    stillness(model)
    if symmetric:
        mirror_matrix(model, FIELDS["both"])


def _check(model: HeadModel, params: Params, handles: Sequence[Handle]) -> None:
    sizes = len(params.shape), len(params.expr)
    if sizes != (model.shape_count, model.expression_count):
        raise ValueError(
            f"The parameters have {sizes[0]} shape and {sizes[1]} expression components, "
            f"{model.name} {model.shape_count} and {model.expression_count}."
        )
    if not all(handle.fits(model) for handle in handles):
        raise ValueError(f"A handle is for another mesh than that of {model.name}.")


def _unknowns(
    model: HeadModel, params: Params, fields: Collection[str], frozen: Collection[tuple[str, int]]
) -> _Unknowns:
    """The components of ``fields`` that have a range, and are not frozen, with their limits."""
    places, lowest, highest, reach = [], [], [], []
    for field in ORDER:
        if field not in fields or (field == "eyelids" and model.eyelids is None):
            continue
        now = getattr(params, field).astype(np.float64)
        low, high = ranges_of(field, model).astype(np.float64).T
        if field == "expr":
            high = _unraised_blinks(model, now, high)
        if field == "eyelids":
            high = high - _blinked(model, params)
        low, high = np.minimum(low, now), np.maximum(high, now)
        held = {index for name, index in frozen if name == field}
        free = np.array([i for i in range(len(now)) if i not in held and high[i] > low[i]], np.intp)
        places.append((field, free))
        lowest.append((low - now)[free])
        highest.append((high - now)[free])
        reach.append(np.maximum(np.abs(low), np.abs(high))[free])
    edges = [np.concatenate([np.zeros(0), *parts]) for parts in (lowest, highest, reach)]
    return _Unknowns(tuple(places), *edges)


def _unraised_blinks(model: HeadModel, now: Array, high: Array) -> Array:
    """``high`` with blinks that a model has eyelids for: those close an eye, and blinks only open it."""
    highest = high.copy()
    if model.eyelids is not None:
        named = [i for i, name in enumerate(model.expression_names) if name in BLINKS]
        highest[named] = np.minimum(high[named], now[named])
    return highest


def _blinked(model: HeadModel, params: Params) -> Array:
    """How far each eye (2,) is closed by a blink already."""
    names = model.expression_names
    held = [float(params.expr[names.index(name)]) if name in names else 0.0 for name in BLINKS]
    return np.clip(held, 0.0, 1.0)


def _numbered(model: HeadModel, unknowns: _Unknowns) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The unknowns as numbers among the blends and among the components of the pose."""
    starts = {"shape": 0, "expr": model.shape_count, "eyelids": model.shape_count + model.expression_count}
    turns = dict(zip(ROTATIONS, (0, 3, 6, 9), strict=True))
    none = np.zeros(0, np.intp)
    blends = [starts[field] + free for field, free in unknowns.places if field in starts]
    turned = [turns[field] + free for field, free in unknowns.places if field in turns]
    return np.concatenate([none, *blends]), np.concatenate([none, *turned])


def _metric(model: HeadModel, handle: Handle, unknowns: _Unknowns) -> Array:
    """What a change (n,) of the unknowns costs, as a matrix (n, n)."""
    found: Stillness = stillness(model)
    centre = handle.position(model.v_template)
    away = np.linalg.norm(found.centres - centre, axis=1) - handle.radius
    share = np.clip(away / REACH, 0.0, 1.0)
    weights = NEAR + (1.0 - NEAR) * share * share * (3.0 - 2.0 * share)
    counts = model.shape_count, model.expression_count, 2
    starts = dict(zip(("shape", "expr", "eyelids", "jaw_pose"), np.cumsum((0, *counts)), strict=True))
    chosen = np.concatenate(
        [np.zeros(0, np.intp), *(starts[field] + free for field, free in unknowns.places)]
    )
    return found.measure(weights, chosen) + np.diag((EFFORT / unknowns.reach) ** 2)


def _kept(params: Params, before: Params, frozen: Collection[tuple[str, int]]) -> Params:
    """``params`` with the components ``frozen`` as they are in ``before``."""
    fields: dict[str, NDArray[np.float32]] = {}
    for field, index in frozen:
        if field in ORDER and index < len(getattr(before, field)):
            fields.setdefault(field, getattr(params, field).copy())[index] = getattr(before, field)[index]
    return params.replace(**fields)


def _mirror(model: HeadModel, unknowns: _Unknowns) -> Array:
    """What a reflection makes of a change (n, n); of unknowns whose other side is frozen, themselves."""
    places = dict(unknowns.places)
    counts = [len(ranges_of(field, model)) for field in places]
    starts = np.cumsum([0, *counts])[:-1]
    chosen = np.concatenate(
        [np.zeros(0, np.intp), *(start + free for start, free in zip(starts, places.values(), strict=True))]
    )
    matrix = mirror_matrix(model, tuple(places))[np.ix_(chosen, chosen)]
    alone = np.flatnonzero(~matrix.any(axis=1))
    matrix[alone, alone] = 1.0
    return matrix


def _changed(params: Params, unknowns: _Unknowns, change: Array) -> Params:
    fields, start = {}, 0
    for field, free in unknowns.places:
        values = getattr(params, field).astype(np.float64)
        values[free] += change[start : start + len(free)]
        fields[field] = values
        start += len(free)
    return params.replace(**fields)
