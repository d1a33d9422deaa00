"""Face units on a model that does not have them: solved once from its own basis.

The displacement that each unit makes on the open head is carried over by :mod:`correspondence`, and
approached by regularised least squares: the vertices count by area and by how surely they correspond, a
component costs by the share of its range that is used, and the cost rises until none is used beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import BLINKS, JAW_OPEN_ANGLE, LOOKS
from studio.controls.correspondence import Correspondence, areas, correspond
from studio.controls.donor import Donor, donor, jaw_displacement
from studio.controls.unit_space import EXACT, POSE_WIDTH, Fidelity
from studio.flame.model import HeadModel

Array = NDArray[np.float64]

EFFORT = 5e-6  # metres over the whole head that the whole range of a component costs
STIFFER, MOST_STEPS = 3.0, 16  # times the effort, while a component would leave its range
JAW_TURNS = (JAW_OPEN_ANGLE, 0.12, 0.08)  # radians about x, y, z at which the jaw's effect is measured
JAW_UNITS = "jaw"  # units whose names begin so may turn the jaw
EYE_RADIUS = 0.012  # metres that a radian of an eye moves its front
SURE, MOST = 0.5, 0.99  # the error is told of vertices trusted by so much, and of this share of them
LEAST_SCORE = 0.05  # below which a unit would only do something else
LEAST_MOVED = 1e-9  # metres; a unit that moves less is not there


@dataclass(frozen=True, eq=False)
class Solved:
    """Directions (N, U) of U units, and how well they come out."""

    directions: Array
    fidelities: tuple[Fidelity, ...]


class UnitSolver:
    """What is the same for every unit of one model: correspondence, basis and its products."""

    def __init__(self, model: HeadModel) -> None:
        """Find where the model's vertices lie on the open head, and weigh its basis.

        Raises:
            StudioError: the open head cannot be read.

        """
        self.model = model
        self._donor: Donor = donor()
        self._correspondence: Correspondence = correspond(model, self._donor)
        self._weights = np.sqrt(np.repeat(self._correspondence.weights, 3))[:, None]
        self._basis = _basis(model)
        weighted = self._basis * self._weights
        self._weighted = weighted
        self._products = weighted.T @ weighted

    @property
    def metric(self) -> Array:
        """Squared metres over the head that a change of the face (N,) moves it: (N, N)."""
        count = self.model.expression_count
        places = np.r_[0 : count + 3, count + 9 : count + POSE_WIDTH]
        metric = np.zeros((count + POSE_WIDTH,) * 2)
        metric[np.ix_(places, places)] = self._products
        eyes = np.arange(count + 3, count + 9)
        share = self._donor_share_of_eyes()
        metric[eyes, eyes] = EYE_RADIUS**2 * share
        return metric

    def solve(self, names: Sequence[str]) -> Solved:
        """The units ``names`` on this model; those that do not come out at all do nothing."""
        count = self.model.expression_count
        directions = np.zeros((count + POSE_WIDTH, len(names)))
        fidelities = []
        carried = [name for name in names if name in self._donor.names]
        targets = self._targets(carried)
        for place, name in enumerate(names):
            if name in LOOKS:
                component, angle = LOOKS[name]
                directions[count + 3 + component, place] = angle
                fidelities.append(EXACT)
                continue
            direction = self._direction(name, targets[:, carried.index(name)])
            fidelity = self.fidelity(name, direction)
            if fidelity.score >= LEAST_SCORE:
                directions[:, place] = direction
            fidelities.append(fidelity)
        return Solved(directions, tuple(fidelities))

    def fidelity(self, name: str, direction: Array) -> Fidelity:
        """How near ``direction`` (N,) comes to the unit ``name`` of the open head; gaze is exact."""
        if name in LOOKS:
            return EXACT
        count = self.model.expression_count
        used = np.concatenate([direction[: count + 3], direction[count + 9 :]])
        target = self._targets([name])[:, 0]
        missing = self._basis @ used - target
        whole = float(np.linalg.norm(self._weights[:, 0] * target))
        if whole < LEAST_MOVED:
            return Fidelity(0.0, 0.0)
        share = min(float(np.linalg.norm(self._weights[:, 0] * missing)) / whole, 1.0)
        sure = self._correspondence.trust > SURE
        away = np.linalg.norm(missing.reshape(-1, 3)[sure], axis=1)
        return Fidelity(1.0 - share, float(np.quantile(away, MOST) if len(away) else 0.0))

    def _targets(self, names: Sequence[str]) -> Array:
        """Displacements (3 V, U) of the units on this model."""
        places = [self._donor.names.index(name) for name in names]
        moved = self._correspondence.carry(self._donor.moved[:, :, places])
        return moved.reshape(-1, len(places))

    def _direction(self, name: str, target: Array) -> Array:
        count = self.model.expression_count
        direction = np.zeros(count + POSE_WIDTH)
        if name in BLINKS and self.model.eyelids is not None:
            direction[count + 9 + BLINKS.index(name)] = 1.0
            return direction
        used = count + 3 if name.startswith(JAW_UNITS) else count
        reach = np.concatenate([np.abs(self.model.expression_ranges).max(axis=1), JAW_TURNS])[:used]
        reach = np.maximum(reach, 1e-6)
        products = self._products[:used, :used] * np.outer(reach, reach)
        wanted = reach * (self._weighted[:, :used].T @ (self._weights[:, 0] * target))
        direction[:used] = reach * _within_range(products, wanted)
        return direction

    def _donor_share_of_eyes(self) -> float:
        """The share of the head's surface that one eyeball is."""
        area = areas(self._donor.rest.vertices, self._donor.faces)
        return float(area[self._donor.regions["left_eyeball"]].sum() / area.sum())


def _basis(model: HeadModel) -> Array:
    """What each number of a face but the eyes moves (3 V, E + 5): expression, jaw, eyelids."""
    jaw = [jaw_displacement(model, turn) / turn.sum() for turn in np.diag(JAW_TURNS)]
    lids = np.zeros((model.vertex_count, 3, 2)) if model.eyelids is None else model.eyelids
    columns = np.concatenate([model.expressiondirs, np.stack(jaw, axis=2), lids], axis=2)
    return columns.reshape(-1, columns.shape[2]).astype(np.float64)


def _within_range(products: Array, wanted: Array) -> Array:
    """Shares of the ranges (n,) for which ``products`` (n, n) give ``wanted`` (n,) at the least effort."""
    sizes, ways = np.linalg.eigh(products)
    along = ways.T @ wanted
    effort = EFFORT
    shares = np.zeros(len(wanted))
    for _ in range(MOST_STEPS):
        shares = ways @ (along / (np.maximum(sizes, 0.0) + effort**2))
        if np.abs(shares).max(initial=0.0) <= 1.0:
            break
        effort *= STIFFER
    return np.asarray(np.clip(shares, -1.0, 1.0))
