"""A stage that follows the gradient, one step of Adam at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Precision
from studio.fitting.dposer.network import namespace_of
from studio.fitting.dposer.prior import DiffusionPrior
from studio.fitting.dposer.pulling import priors_for, pulled
from studio.fitting.gradient.adam import Adam
from studio.fitting.gradient.appearance import appearance_of
from studio.fitting.gradient.arrays import arrays_of
from studio.fitting.gradient.frames import Frames, outlines
from studio.fitting.gradient.head import Head, anchor_of
from studio.fitting.gradient.objective import Objective
from studio.fitting.gradient.part import landmark_part, skin_part, with_offset
from studio.fitting.gradient.texel_pairs import neighbours_of, offset_picture, offset_values
from studio.fitting.gradient.variables import array_of, limits_of, states_of, values_of
from studio.fitting.marks import marks_of
from studio.fitting.problem import Problem
from studio.fitting.recipe import Stage, Term
from studio.fitting.state import FitState
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.backends.base import Backend

LAST_STEP = 0.1  # how long the last step is against the first
HARDENED = 10  # steps after which outliers are told anew


class GradientSolver:
    """One stage by Adam. Used from one thread.

    Costs of several photos are their means, those of what they share count once.
    """

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        states: tuple[FitState, ...],
        backend: Backend,
        precision: Precision = "float32",
    ) -> None:
        """Begin at ``states``.

        Raises:
            StudioError: nothing moves, or what the stage needs is not known.

        """
        self._stage, self._problem, self._backend = stage, problem, backend
        self.arrays = arrays_of(backend, precision)
        model = problem.model
        marks = [marks_of(model, one.landmarks.set_name) for one in problem.observations if one.landmarks]
        looks = stage.weight("photo") > 0.0
        sees_skin = looks or outlines(problem, stage) or not marks
        part = skin_part(model, marks) if sees_skin else landmark_part(model, marks)
        offset = states[0].params.vertex_offset
        self._part = part if offset is None else with_offset(part, offset)
        self.anchor = anchor_of(model)
        key = states[0].texture_key
        self._appearance = None
        if looks:
            skin = part.face_number >= 0
            self._appearance = appearance_of(model, key, problem.recipe.texture_count, skin)
            states = tuple(self._with_texture(state) for state in states)
        self._states = states
        self.frames = Frames(problem, stage, self._part, self.arrays, backend, self.anchor)
        self.frames.look(states)
        self.values = values_of(problem, states, self.frames.anchors)
        if self._appearance is not None:
            rows = states[:1] if problem.one_identity else states
            self.values["texture"] = np.stack([state.texture for state in rows])
            if "albedo" in stage.moves or any(state.albedo_offset is not None for state in rows):
                offsets = [offset_values(self._appearance, state.albedo_offset) for state in rows]
                self.values["albedo"] = np.stack(offsets)
        ranges = np.zeros((0, 2)) if self._appearance is None else self._appearance.ranges
        self._limits = limits_of(problem, stage, self.values, ranges)
        self.moving = [
            name for name in map(array_of, stage.moves) if self._limits.steps.get(name, np.zeros(1)).any()
        ]
        if not self.moving:
            raise StudioError(f"Nothing moves in the stage {stage.name}: all that it moves is locked.")
        self._adam, self._number = Adam(), 0
        self._priors = self._found_priors(backend)
        self._random = np.random.default_rng(0)
        self.objective = self._made(stage.weights)

    def _with_texture(self, state: FitState) -> FitState:
        look = self._appearance
        assert look is not None
        kept = state.texture if state.texture_key == look.key else np.zeros(0)
        texture = np.zeros(look.count)
        texture[: len(kept)] = kept[: look.count]
        return state.replace(texture_key=look.key, texture=texture)

    def _made(self, weights: Mapping[Term, float]) -> Objective:
        arrays, values = self.arrays, self.values
        held = {name: arrays.upload(value) for name, value in values.items() if name not in self.moving}
        neighbours = None
        if "albedo" in self.moving and self._appearance is not None:
            neighbours = neighbours_of(arrays, self._problem.model, self._appearance)
        translations = np.stack([state.params.translation for state in self._states])
        return Objective(
            arrays,
            self._problem.model,
            Head(arrays, self._part, self.anchor),
            self.frames.data,
            held,
            arrays.upload(translations),
            self._appearance,
            dict(weights),
            arrays.upload(np.ascontiguousarray(self._part.around.T).reshape(-1)),
            len(self._part.vertices),
            neighbours,
        )

    def step(self) -> Mapping[Term, float]:
        """Go one step; the costs before it.

        Raises:
            StudioError: nothing counts from the first step on.

        """
        moving = {name: self.values[name] for name in self.moving}
        found, slopes = self.arrays.gradient(self.objective, moving)
        costs = {name.removeprefix("cost "): float(value) for name, value in found.items() if "cost" in name}
        if self._priors:
            costs["prior"], slopes = self._pull(slopes)
        if not costs and not self._number:
            raise StudioError(
                f"The stage {self._stage.name} counts nothing: no landmark and no skin is seen, and no other "
                "term has a weight; set the landmarks, look at the mask, or choose other weights."
            )
        if all(math.isfinite(cost) for cost in costs.values()):
            self.values = self._limits.stepped(self.values, self._steps(slopes), self._length)
            self._number += 1
            near = states_of(self.values, self._states, self.frames.anchors)
            if self._number % HARDENED == 0:
                for index in range(len(self._states)):
                    if f"squares {index}" in found:
                        self.frames.harden(index, found[f"squares {index}"])
            self.frames.follow(found["points"], near, self.states)
        return costs  # type: ignore[return-value]

    def _steps(self, slopes: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Where Adam goes, but for states that are held."""
        steps, held = self._adam.steps(slopes), list(self._problem.held)
        if held:
            for step in steps.values():
                if len(step) == len(self._states):
                    step[held] = 0.0
        return steps

    def _found_priors(self, backend: Backend) -> tuple[DiffusionPrior, ...]:
        problem = self._problem
        if problem.recipe.prior != "dposer" or not self._stage.weight("prior"):
            return ()
        return priors_for(problem.model, namespace_of(backend.name, backend.device), problem.priors)

    def _pull(self, slopes: Mapping[str, np.ndarray]) -> tuple[float, dict[str, np.ndarray]]:
        """What the diffusion priors cost, and ``slopes`` with theirs."""
        stages = self._problem.recipe.stages
        before = [stage.iterations for stage in stages[: self._place_of(self._stage.name)]]
        done = (sum(before) + self._number) / max(self._problem.recipe.iterations, 1)
        cost, pulls = pulled(self._priors, self.values, done, self._random)
        weight = self._stage.weight("prior")
        changed = {name: slope + weight * pulls.get(name, 0.0) for name, slope in slopes.items()}
        return weight * cost, changed

    def _place_of(self, name: str) -> int:
        return next(index for index, stage in enumerate(self._problem.recipe.stages) if stage.name == name)

    @property
    def _length(self) -> float:
        """How long this step is: the last ones are short, so that the fit comes to rest."""
        share = min(self._number / max(self._stage.iterations, 1), 1.0)
        return LAST_STEP + (1.0 - LAST_STEP) * 0.5 * (1.0 + math.cos(math.pi * share))

    def states(self) -> tuple[FitState, ...]:
        """Where the fit is, a state for each observation."""
        zeros = np.zeros((len(self._states), 3))
        heads = states_of(self.values, self._states, zeros)
        found = states_of(self.values, self._states, self.frames.anchors_of(heads))
        look, offsets = self._appearance, self.values.get("albedo")
        if look is None or offsets is None:
            return found
        pictures = [offset_picture(look, offset) for offset in offsets]
        return tuple(
            state.replace(albedo_offset=pictures[min(index, len(pictures) - 1)])
            for index, state in enumerate(found)
        )

    def reweigh(self, weights: Mapping[Term, float]) -> None:
        """Go on with other weights."""
        self.objective.weights = dict(weights)
        self._stage = self._stage.replace(weights=weights)
        self.frames.reweigh(self._stage, self.states())

    @property
    def finished(self) -> bool:
        """Never before its iterations are done."""
        return False
