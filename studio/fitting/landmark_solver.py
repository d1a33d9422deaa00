"""Least squares on landmarks: Levenberg-Marquardt on one photo, or on many of one person.

Levenberg 1944, Marquardt 1963; with Gaussian priors it is the likeliest head (maximum a posteriori).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.fitting.arrow import Block, Shared, bounded_step
from studio.fitting.landmark_frame import LandmarkFrame, View
from studio.fitting.priors import prior_weights
from studio.fitting.problem import Problem
from studio.fitting.recipe import Stage, Term
from studio.fitting.state import FitState
from studio.fitting.unknowns import Bounds, bounds_of, layout_of, state_of, vector_of
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

_FIRST_DAMPING = 1e-3
_LEAST_DAMPING, _MOST_DAMPING = 1e-9, 1e6
_EASIER, _HARDER = 0.2, 6.0
_DONE = 1e-6  # of the cost, which a step still gains


@dataclass(frozen=True, eq=False)
class _Group:
    """Photos that are solved together, and where they are: (P,) for each."""

    members: tuple[int, ...]
    values: tuple[Array, ...]
    damping: float = _FIRST_DAMPING
    finished: bool = False


class LandmarkSolver:
    """One stage of least squares on 2D landmarks.

    Costs: "landmarks" is the mean of r^2 / e over the landmarks, robust, where r is what one misses in
    shares of the outer-eye distance (see :func:`studio.fitting.marks.eye_pixels`) and e is 1 %: what usual
    points cost then is as large as r itself. "contour", "eyes" and "mouth" are factors on it; "shape" is
    the sum of squares in sigma, "expression" that in shares of the ranges, "jaw" and "joints" those in
    radians, each times its weight. Ranges and joint limits are never left. With L landmarks that miss by e
    in x and in y, the head is the likeliest at a weight of shape of e / L (1.5e-4 for 68) beside a weight
    of landmarks of 1.
    """

    def __init__(self, problem: Problem, stage: Stage, states: tuple[FitState, ...]) -> None:
        """Begin at ``states``.

        Raises:
            StudioError: there are too few landmarks, or the model lacks theirs.

        """
        self._problem, self._stage, self._states = problem, stage, states
        self._layout = layout_of(problem.model, problem.recipe, stage, problem.locks)
        if not self._layout.count:
            raise StudioError(f"Nothing moves in the stage {stage.name} that landmarks could tell of.")
        self._frames = tuple(
            LandmarkFrame(problem.model, observation, state, self._layout)
            for observation, state in zip(problem.observations, states, strict=True)
        )
        self._bounds = tuple(bounds_of(problem.model, self._layout, state.camera) for state in states)
        self._groups = self._grouped()
        self.reweigh(stage.weights)

    def reweigh(self, weights: Mapping[Term, float]) -> None:
        """Go on with other weights."""
        self._weights = dict(weights)
        self._priors = prior_weights(self._problem.model, self._layout, weights)
        self._groups = [replace(group, finished=False) for group in self._groups]

    @property
    def finished(self) -> bool:
        """Whether further iterations would change nothing."""
        return all(group.finished for group in self._groups)

    def states(self) -> tuple[FitState, ...]:
        """Where the fit is."""
        found = list(self._states)
        for group in self._groups:
            for member, values in zip(group.members, group.values, strict=True):
                found[member] = state_of(self._layout, values, self._states[member])
        return tuple(found)

    def step(self) -> Mapping[Term, float]:
        """Go one step of every photo or group on; the costs before it."""
        costs: dict[Term, float] = {"landmarks": 0.0, **dict.fromkeys(self._priors, 0.0)}
        for index, group in enumerate(self._groups):
            views = [
                self._frames[member].view(values, self._weights)
                for member, values in zip(group.members, group.values, strict=True)
            ]
            for term, cost in self._costs(group, group.values, views).items():
                costs[term] += cost
            if not group.finished:
                self._groups[index] = self._stepped(group, views)
        return costs

    def missed(self) -> tuple[float, ...]:
        """What the landmarks of each photo miss on average, pixels."""
        found = [0.0] * len(self._frames)
        for group in self._groups:
            for member, values in zip(group.members, group.values, strict=True):
                found[member] = self._frames[member].missed(values)
        return tuple(found)

    @property
    def _weight(self) -> float:
        return self._weights.get("landmarks", 1.0)

    def _grouped(self) -> list[_Group]:
        """All photos of one person together, beginning at their mean shape; others one by one."""
        values = [
            np.clip(vector_of(self._layout, state), bounds.low, bounds.high)
            for state, bounds in zip(self._states, self._bounds, strict=True)
        ]
        if not self._problem.one_identity:
            return [_Group((index,), (one,)) for index, one in enumerate(values)]
        shapes = slice(0, len(self._layout.blends.shape))
        mean = np.mean([one[shapes] for one in values], axis=0)
        for one in values:
            one[shapes] = mean
        return [_Group(tuple(range(len(values))), tuple(values))]

    def _shared(self, group: _Group) -> int:
        """How many unknowns, from the first, the photos of a group share."""
        return len(self._layout.blends.shape) if len(group.members) > 1 else 0

    def _costs(self, group: _Group, all_values: Sequence[Array], views: Sequence[View]) -> dict[Term, float]:
        shared = self._shared(group)
        costs: dict[Term, float] = {"landmarks": 0.0, **dict.fromkeys(self._priors, 0.0)}
        for place, (member, values, view) in enumerate(zip(group.members, all_values, views, strict=True)):
            costs["landmarks"] += self._weight * self._frames[member].cost(values, view)
            begin = shared if place else 0  # what is shared costs once
            for term, weights in self._priors.items():
                costs[term] += float(weights[begin:] @ values[begin:] ** 2)
        return costs

    def _stepped(self, group: _Group, views: Sequence[View]) -> _Group:
        """The group after one step that makes its cost smaller, or finished."""
        blocks, shared = self._equations(group, views)
        count, cost = self._shared(group), sum(self._costs(group, group.values, views).values())
        damping = group.damping
        while damping < _MOST_DAMPING:
            steps, common = bounded_step(blocks, shared, damping)
            trial = tuple(
                self._moved(values, np.concatenate([common, step]), self._bounds[member])
                for member, values, step in zip(group.members, group.values, steps, strict=True)
            )
            gain = cost - sum(self._costs(group, trial, views).values())
            if gain > 0.0:
                easier = max(damping * _EASIER, _LEAST_DAMPING)
                return _Group(group.members, trial, easier, gain < _DONE * cost)
            if not count and not any(step.any() for step in steps):
                break
            damping *= _HARDER
        return replace(group, finished=np.isfinite(cost))

    def _moved(self, values: Array, step: Array, bounds: Bounds) -> Array:
        return np.clip(values + step, bounds.low, bounds.high)

    def _equations(self, group: _Group, views: Sequence[View]) -> tuple[list[Block], Shared]:
        count = self._shared(group)
        prior = sum(self._priors.values(), np.zeros(self._layout.count))
        first, limits = group.values[0], self._bounds[group.members[0]]
        matrix, slope = np.diag(prior[:count]), -prior[:count] * first[:count]
        blocks = []
        for member, values, view in zip(group.members, group.values, views, strict=True):
            whole, down = self._frames[member].equations(values, view)
            whole, down = self._weight * whole, self._weight * down
            matrix, slope = matrix + whole[:count, :count], slope + down[:count]
            own = whole[count:, count:] + np.diag(prior[count:])
            bounds = self._bounds[member]
            blocks.append(
                Block(
                    own,
                    whole[count:, :count],
                    down[count:] - prior[count:] * values[count:],
                    (bounds.low - values)[count:],
                    (bounds.high - values)[count:],
                )
            )
        return blocks, Shared(matrix, slope, (limits.low - first)[:count], (limits.high - first)[:count])
