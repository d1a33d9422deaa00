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
from studio.controls.correspondence import Correspondence, correspond
from studio.controls.donor import Donor, donor, jaw_displacement
from studio.controls.unit_space import EXACT, POSE_WIDTH, Fidelity
from studio.flame.areas import areas
from studio.flame.model import HeadModel

Array = NDArray[np.float64]

EFFORT = 5e-6  # metres over the whole head that the whole range of a component costs
STIFFER, MOST_STEPS = 3.0, 16  # times the effort, while a component would leave its range
JAW_TURNS = (JAW_OPEN_ANGLE, 0.12, 0.08)  # radians about x, y, z at which the jaw's effect is measured
JAW_UNITS = "jaw"  # units whose names begin so may turn the jaw
EYE_RADIUS = 0.012  # metres that a radian of an eye moves its front
SURE, MOST = 0.5, 0.99  # the error is told of vertices trusted by so much, and of this share of them
LEAST_SCORE = 0.05  # below which a unit would only do something else
LEAST_REACH = 1e-6  # of a component with no range
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
        self._spectra: dict[int, tuple[Array, Array, Array]] = {}

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
        shown = [place for place, name in enumerate(names) if name not in LOOKS]
        targets = self._targets([names[place] for place in shown])
        pulls = self._weighted.T @ (self._weights * targets)
        for place, name in enumerate(names):
            if name in LOOKS:
                component, angle = LOOKS[name]
                directions[count + 3 + component, place] = angle
            else:
                directions[:, place] = self._direction(name, pulls[:, shown.index(place)])
        fidelities = [EXACT] * len(names)
        for place, fidelity in zip(shown, self._measured(directions[:, shown], targets), strict=True):
            fidelities[place] = fidelity
            if fidelity.score < LEAST_SCORE:
                directions[:, place] = 0.0
        return Solved(directions, tuple(fidelities))

    def fidelity(self, name: str, direction: Array) -> Fidelity:
        """How near ``direction`` (N,) comes to the unit ``name`` of the open head; gaze is exact."""
        if name in LOOKS:
            return EXACT
        return self._measured(direction[:, None], self._targets([name]))[0]

    def _measured(self, directions: Array, targets: Array) -> list[Fidelity]:
        """How near each of ``directions`` (N, U) comes to its displacement in ``targets`` (3 V, U)."""
        count = self.model.expression_count
        used = np.concatenate([directions[: count + 3], directions[count + 9 :]])
        missing = self._basis @ used - targets
        whole, left = (np.linalg.norm(self._weights * part, axis=0) for part in (targets, missing))
        sure = self._correspondence.trust > SURE
        away = np.linalg.norm(missing.reshape(-1, 3, missing.shape[1])[sure], axis=1)
        errors = np.quantile(away, MOST, axis=0) if sure.any() else np.zeros(len(whole))
        scores = np.where(whole > LEAST_MOVED, 1.0 - left / np.maximum(whole, LEAST_MOVED), 0.0)
        return [
            Fidelity(max(float(score), 0.0), float(error))
            for score, error in zip(scores, errors, strict=True)
        ]

    def _targets(self, names: Sequence[str]) -> Array:
        """Displacements (3 V, U) of the units on this model."""
        places = [self._donor.names.index(name) for name in names]
        moved = self._correspondence.carry(self._donor.moved[:, :, places])
        return moved.reshape(-1, len(places))

    def _direction(self, name: str, pull: Array) -> Array:
        """The direction (N,) of a unit whose displacement has the products ``pull`` with the basis."""
        count = self.model.expression_count
        direction = np.zeros(count + POSE_WIDTH)
        if name in BLINKS and self.model.eyelids is not None:
            direction[count + 9 + BLINKS.index(name)] = 1.0
            return direction
        used = count + 3 if name.startswith(JAW_UNITS) else count
        reach, sizes, ways = self._spectrum(used)
        direction[:used] = reach * _within_range(sizes, ways, reach * pull[:used])
        return direction

    def _spectrum(self, used: int) -> tuple[Array, Array, Array]:
        """Reach (n,) of the first ``used`` numbers, and eigenvalues and eigenvectors of what it moves."""
        if used not in self._spectra:
            ranges = np.abs(self.model.expression_ranges).max(axis=1, initial=0.0)
            reach = np.maximum(np.concatenate([ranges, JAW_TURNS])[:used], LEAST_REACH)
            products = self._products[:used, :used] * np.outer(reach, reach)
            self._spectra[used] = (reach, *np.linalg.eigh(products))
        return self._spectra[used]

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


def _within_range(sizes: Array, ways: Array, pull: Array) -> Array:
    """Shares of the ranges (n,) that give ``pull`` (n,) at the least effort that keeps them within 1.

    ``sizes`` and ``ways`` are the eigenvalues and eigenvectors of the normal equations.
    """
    along = ways.T @ pull
    effort = EFFORT
    shares = np.zeros(len(pull))
    for _ in range(MOST_STEPS):
        shares = ways @ (along / (np.maximum(sizes, 0.0) + effort**2))
        if np.abs(shares).max(initial=0.0) <= 1.0:
            break
        effort *= STIFFER
    return np.asarray(np.clip(shares, -1.0, 1.0))
