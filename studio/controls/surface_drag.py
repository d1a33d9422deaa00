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

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.backends.processors import one_blas_thread
from studio.controls.blinks import close_once
from studio.controls.bounded import Problem, solve
from studio.controls.correctives import allowance, settle
from studio.controls.drag_unknowns import EVERY, JAW, Frozen, Moves, Unknowns, unknowns_of, with_frozen
from studio.controls.fixed_point import FixedPoint
from studio.controls.handle_motion import LIDS, HandleMotion
from studio.controls.handles import Handle, Pin
from studio.controls.stillness import stillness
from studio.controls.symmetry import mirror_matrix
from studio.flame.model import HeadModel
from studio.flame.param_ranges import ranges_of
from studio.flame.params import Params

Array = NDArray[np.float64]

EFFORT = 1e-3  # metres, over the whole head, that the whole range of a component costs
HANDLE, PINNED = 8.0, 800.0  # weights of a handle and of a pin, the mean over the head's surface being 1
NEAR, REACH = 0.1, 0.06  # weight of the surface at the handle, and metres from it where it is 1
LAG = 4e-4  # metres behind the hand from which on the hand pulls a handle no harder
FARTHEST = 0.3  # metres from the press; a hand that goes farther pulls as one that is there
LEAP = 0.01  # metres of one step of the hand from which on it is followed gently at first
PIN_EASE = 0.01  # metres of the hand's way over which a pin that is off its place is drawn to it
PIN_FARTHEST = 0.015  # metres from which a pin draws the head back to it
EVENNESS = 0.2  # metres that a range costs by which one side moves and the other does not
MOST_STEPS, DONE = 12, 5e-5  # of Gauss-Newton; share of a range
MOST_TURN = 0.2  # radians of a joint in one such step


class SurfaceDrag:
    """One drag of a handle, from press to release."""

    def __init__(
        self,
        model: HeadModel,
        params: Params,
        handle: Handle,
        pins: Sequence[Pin] = (),
        frozen: Frozen = (),
        moves: Moves = "expression",
        symmetric: bool = False,
    ) -> None:
        """Take hold of ``handle``.

        Args:
            model: the head model.
            params: the head at the press, in the sizes of ``model``.
            handle: what is dragged.
            pins: what is to stay where it is pinned. One that is off its place at the press is drawn to it
                over the first centimetre of the hand's way, so that nothing jumps; one that is so far off
                that the head must have been moved away from it is held where it is.
            frozen: components as (field, index) that do not change.
            moves: "expression" moves expression, jaw and eyelids, "identity" the shape.
            symmetric: what one side does, the other does too.

        Raises:
            ValueError: ``params`` are of other sizes than the model, or a handle is for another mesh.

        """
        _check(model, params, (handle, *(entry.handle for entry in pins)))
        self._model, self._params, self._frozen = model, params, frozenset(frozen)
        self._unknowns = unknowns_of(model, params, moves, self._frozen)
        handles = [handle, *(entry.handle for entry in pins)]
        numbers = self._unknowns.numbers
        first = model.shape_count + model.expression_count + LIDS  # of the jaw's
        self._turning = numbers >= first
        blends, turns = numbers[~self._turning], numbers[self._turning] - first + JAW
        self._motion = HandleMotion(model, params, handles, blends, turns)
        count = len(self._unknowns.reach)
        self._change, self._held = np.zeros(count), np.zeros(count, np.int8)
        self._start = self._motion.at(self._change)[0]
        self._targets = _reachable(self._start[1:], pins)
        self._weights = np.repeat([HANDLE, *[PINNED] * len(pins)], 3)
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
        way = point - self._start[0]
        length = float(np.linalg.norm(way))
        reached = self._start[0] + way * min(1.0, FARTHEST / max(length, FARTHEST))
        drawn = min(length / PIN_EASE, 1.0)
        pinned = self._start[1:] + drawn * (self._targets - self._start[1:])
        wanted = np.concatenate([reached[None], pinned])
        with one_blas_thread():
            self._approach(wanted)
        return self._settled(self._unknowns.changed(self._params, self._even()))

    def _approach(self, wanted: Array) -> None:
        """Bring handle and pins to ``wanted`` (K, 3) as far as they go."""
        leap = float(np.linalg.norm(wanted[0] - self._motion.at(self._change)[0][0]))
        first = min(self._weights[0], HANDLE * LEAP / max(leap, LEAP))
        self._weights[:3] = first
        pull = FixedPoint(math.log(first))  # weight and lag depend on one another
        allowed = [FixedPoint(value) for value in self._allowances()]
        for turn in range(MOST_STEPS):
            places, rows = self._motion.at(self._change)
            if turn:
                away = float(np.linalg.norm(wanted[0] - places[0]))
                pull.step(math.log(HANDLE * min(1.0, LAG / max(away, LAG))))
                self._weights[:3] = min(math.exp(pull.value), HANDLE)
                for limit, found in zip(allowed, self._allowances(), strict=True):
                    limit.step(found)
            flat = rows.reshape(len(self._weights), len(self._change))
            missing = (wanted - places).reshape(-1) + flat @ self._change
            lowest, highest = self._limits([limit.value for limit in allowed])
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

    def _limits(self, allowed: Sequence[float]) -> tuple[Array, Array]:
        """How far each unknown may go in this step, with the correctives up to ``allowed``."""
        near = np.where(self._turning, MOST_TURN, np.inf)
        lowest = np.maximum(self._unknowns.lowest, self._change - near)
        highest = np.minimum(self._unknowns.highest, self._change + near)
        for corrective, most in zip(self._model.correctives, allowed, strict=True):
            place = self._unknowns.places_of("expr", corrective.expression)
            reached = most - float(self._params.expr[corrective.expression])
            highest[place] = np.maximum(np.minimum(highest[place], reached), lowest[place])
        return lowest, highest

    def _allowances(self) -> list[float]:
        """How much of each corrective the pose of its joint allows now."""
        if not self._model.correctives:
            return []
        now = self._unknowns.changed(self._params, self._change)
        return [allowance(now, corrective) for corrective in self._model.correctives]

    def _settled(self, params: Params) -> Params:
        """``params`` as they are after a slider: correctives within the pose, eyes closed once."""
        settled = close_once(self._model, settle(self._model, params), "eyelids")
        return settled if settled is params else with_frozen(settled, params, self._frozen)


def prepare(model: HeadModel, symmetric: bool = False) -> None:
    """Work out what every drag on ``model`` needs, so that the first press is as quick as the next.

    Within a second or two, once for each model; on any thread.
    """
    stillness(model)
    if symmetric:
        mirror_matrix(model, EVERY)


def _reachable(places: Array, pins: Sequence[Pin]) -> Array:
    """Where ``pins``, which are at ``places`` (K, 3), are to be held (K, 3)."""
    targets = np.array([entry.target for entry in pins], np.float64).reshape(-1, 3)
    away = np.linalg.norm(targets - places, axis=1, keepdims=True)
    return np.where(away <= PIN_FARTHEST, targets, places)


def _check(model: HeadModel, params: Params, handles: Sequence[Handle]) -> None:
    sizes = len(params.shape), len(params.expr)
    if sizes != (model.shape_count, model.expression_count):
        raise ValueError(
            f"The parameters have {sizes[0]} shape and {sizes[1]} expression components, "
            f"{model.name} {model.shape_count} and {model.expression_count}."
        )
    if not all(handle.fits(model) for handle in handles):
        raise ValueError(f"A handle is for another mesh than that of {model.name}.")


def _metric(model: HeadModel, handle: Handle, unknowns: Unknowns) -> Array:
    """What a change (n,) of the unknowns costs, as a matrix (n, n)."""
    found = stillness(model)
    centre = handle.position(model.v_template)
    away = np.linalg.norm(found.centres - centre, axis=1) - handle.radius
    share = np.clip(away / REACH, 0.0, 1.0)
    weights = NEAR + (1.0 - NEAR) * share * share * (3.0 - 2.0 * share)
    return found.measure(weights, unknowns.numbers) + np.diag((EFFORT / unknowns.reach) ** 2)


def _mirror(model: HeadModel, unknowns: Unknowns) -> Array:
    """What a reflection makes of a change (n, n); of unknowns whose other side is frozen, themselves."""
    counts = [len(ranges_of(field, model)) for field in unknowns.fields]
    starts = np.cumsum([0, *counts])[:-1]
    parts = (start + free for start, free in zip(starts, unknowns.free, strict=True))
    chosen = np.concatenate([np.zeros(0, np.intp), *parts])
    matrix = mirror_matrix(model, unknowns.fields)[np.ix_(chosen, chosen)]
    alone = np.flatnonzero(~matrix.any(axis=1))
    matrix[alone, alone] = 1.0
    return matrix
