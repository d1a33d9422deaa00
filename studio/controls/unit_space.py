"""Units as directions among the parameters of a face, and how much of each unit a face holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import OPPOSITES
from studio.flame.params import FIELD_WIDTHS, Params

Array = NDArray[np.float64]

POSE_FIELDS = ("jaw_pose", "eyes_pose", "eyelids")  # after the expression
POSE_WIDTH = sum(FIELD_WIDTHS[name] for name in POSE_FIELDS)
UNDOING = -0.9  # cosine between two units that are the two ways along one line
ALIKE = 3e-4  # of the largest eigenvalue: units that differ by less are one and the same on this model
LEAST = 1e-6  # length of a unit that does nothing


@dataclass(frozen=True)
class Fidelity:
    """How well a model shows a unit: ``score`` 0..1, and an error in metres that 99 of 100 vertices keep to.

    1 and 0 m where the unit is a component or a pose of the model itself. The score is one minus the
    root mean square of what is missing, as a share of the whole displacement.
    """

    score: float = 1.0
    error: float = 0.0


EXACT = Fidelity()


@dataclass(frozen=True, eq=False)
class UnitSpace:
    """K units on a model of E expression components.

    A face is a vector of N = E + 11 numbers: expression, jaw_pose, eyes_pose, eyelids. A unit of value c
    adds c times its direction to it.
    """

    names: tuple[str, ...]  # K
    directions: Array  # (N, K)
    metric: Array  # (N, N) the squared length of a change, by what it moves
    fidelities: tuple[Fidelity, ...]  # K
    places: Mapping[str, int] = field(init=False)
    _inverses: dict[tuple[int, ...], Array] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Make the arrays read-only, and number the names."""
        object.__setattr__(self, "places", {name: place for place, name in enumerate(self.names)})
        for array in (self.directions, self.metric):
            array.setflags(write=False)

    @property
    def expression_count(self) -> int:
        """E."""
        return len(self.directions) - POSE_WIDTH

    @cached_property
    def projection(self) -> Array:
        """What a face (N,) is multiplied by to know its product with each unit (K, N)."""
        return self.directions.T @ self.metric

    @cached_property
    def normal(self) -> Array:
        """The products of the units with one another (K, K)."""
        return np.asarray(self.projection @ self.directions)

    def inverse(self, active: tuple[int, ...]) -> Array:
        """The pseudo-inverse (n, n) of the products of the units at ``active`` (n,), and kept."""
        if active not in self._inverses:
            rows = list(active)
            normal = self.normal[np.ix_(rows, rows)]
            length = np.sqrt(np.maximum(np.diag(normal), LEAST**2))
            scaled = np.linalg.pinv(normal / np.outer(length, length), rcond=ALIKE, hermitian=True)
            self._inverses[active] = scaled / np.outer(length, length)
        return self._inverses[active]

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The places of the units of which only one can be had at a time: they undo one another."""
        length = np.sqrt(np.maximum(np.diag(self.normal), LEAST**2))
        pairs = ((self.places[first], self.places[second]) for first, second in OPPOSITES)
        return tuple(
            (first, second)
            for first, second in pairs
            if self.normal[first, second] < UNDOING * length[first] * length[second]
        )

    @cached_property
    def is_ambiguous(self) -> bool:
        """Whether some faces can be told by several mixes of the units."""
        second = {place for _, place in self.pairs}
        length = np.sqrt(np.maximum(np.diag(self.normal), 0.0))
        rows = [place for place in range(len(self.names)) if place not in second and length[place] > LEAST]
        if not rows:
            return False
        alike = self.normal[np.ix_(rows, rows)] / np.outer(length[rows], length[rows])
        sizes = np.linalg.eigvalsh(alike)
        return bool(sizes[0] < ALIKE * sizes[-1])


def with_directions(
    space: UnitSpace, names: tuple[str, ...], directions: Array, fidelities: tuple[Fidelity, ...]
) -> UnitSpace:
    """``space`` with other ``directions`` (N, n) for the units ``names``."""
    places = [space.places[name] for name in names]
    changed, told = space.directions.copy(), list(space.fidelities)
    changed[:, places] = directions
    for place, fidelity in zip(places, fidelities, strict=True):
        told[place] = fidelity
    return replace(space, directions=changed, fidelities=tuple(told))


def face_vector(params: Params, expression_count: int) -> Array:
    """The face of ``params`` as a vector (N,); components that the model does not have are left out."""
    face = np.zeros(expression_count + POSE_WIDTH)
    known = min(len(params.expr), expression_count)
    face[:known] = params.expr[:known]
    face[expression_count:] = np.concatenate([getattr(params, name) for name in POSE_FIELDS])
    return face


def changed(params: Params, change: Array) -> Params:
    """``params`` with ``change`` (N,) added to the face; what it does not touch stays the same array."""
    count = len(change) - POSE_WIDTH
    fields: dict[str, Array] = {}
    if change[:count].any():
        expr = np.zeros(max(count, len(params.expr)))
        expr[: len(params.expr)] = params.expr
        expr[:count] += change[:count]
        fields["expr"] = expr
    ends = list(accumulate((FIELD_WIDTHS[name] for name in POSE_FIELDS), initial=count))
    for name, start, stop in zip(POSE_FIELDS, ends, ends[1:], strict=False):
        if change[start:stop].any():
            fields[name] = getattr(params, name) + change[start:stop]
    return params.replace(**fields)


def unit_values(space: UnitSpace, params: Params, near: Mapping[str, float] | None = None) -> Array:
    """How much of each unit (K,) the face holds, by least squares in the metric of ``space``.

    Where several readings explain the face as well, as on a basis of few components, it is the one nearest
    to the values ``near`` by name, 0 where they say nothing. A value may be below 0 or beyond 1 where the
    face is; of two units that undo one another one at most is not 0, and none is negative.
    """
    return values_in(space, face_vector(params, space.expression_count), near)


def values_in(space: UnitSpace, face: Array, near: Mapping[str, float] | None = None) -> Array:
    """As :func:`unit_values`, of a face as a vector (N,)."""
    wanted = space.projection @ face
    known = np.array([(near or {}).get(name, 0.0) for name in space.names])
    chosen: dict[tuple[int, int], int | None] = {
        pair: pair[int(wanted[pair[1]] > wanted[pair[0]])] for pair in space.pairs
    }
    switched: set[tuple[int, int]] = set()
    paired = {place for pair in space.pairs for place in pair}
    single = [place for place in range(len(space.names)) if place not in paired]
    while True:
        active = (*single, *(place for place in chosen.values() if place is not None))
        solved, rows = np.zeros(len(space.names)), list(active)
        unexplained = wanted[rows] - space.normal[np.ix_(rows, rows)] @ known[rows]
        solved[rows] = known[rows] + space.inverse(active) @ unexplained
        wrong = [pair for pair, place in chosen.items() if place is not None and solved[place] < 0.0]
        if not wrong:
            return solved
        for pair in wrong:
            other = pair[1] if chosen[pair] == pair[0] else pair[0]
            chosen[pair] = None if pair in switched else other
            switched.add(pair)


def with_unit_values(
    space: UnitSpace, params: Params, values: Mapping[str, float], near: Mapping[str, float] | None = None
) -> Params:
    """``params`` in which the units ``values`` have these values; all else that the face holds is kept.

    What they are now is told as by :func:`unit_values`. Only the difference of each unit's own contribution
    is added. Of two units that undo one another, one above 0 sets the other to 0.
    """
    now = unit_values(space, params, near)
    step = np.zeros(len(now))
    for name, value in values.items():
        place = space.places[name]
        step[place] = value - now[place]
    for first, second in space.pairs:
        for one, other in ((first, second), (second, first)):
            if now[one] + step[one] > 0.0 and step[one] and space.names[other] not in values:
                step[other] = -now[other]
    return changed(params, space.directions @ step)
