"""Calibration to neutral: what a performer's face shows at rest, and frames without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.controls.arkit import OPPOSITES, UNITS
from studio.flame.rotations import from_quaternions, to_quaternions
from studio.live.frame import Array, FaceFrame
from studio.live.turns import between

FRAMES = 30  # that make a neutral face
_MOST_REST = 0.8  # of a unit at rest: the share above it is all that is left of its range
_FIRST = np.array([UNITS.index(first) for first, _ in OPPOSITES])
_SECOND = np.array([UNITS.index(second) for _, second in OPPOSITES])


@dataclass(frozen=True, eq=False)
class Neutral:
    """A face at rest."""

    units: Array  # (52,)
    head: Array  # (3,) axis-angle in radians

    @classmethod
    def of(cls, frames: list[FaceFrame]) -> Neutral:
        """The mean of ``frames``; that of the turns is the eigenvector of their quaternions' products."""
        units = np.mean([frame.units for frame in frames], axis=0)
        turns = to_quaternions(np.stack([frame.head for frame in frames]))
        return cls(units, from_quaternions(np.linalg.eigh(turns.T @ turns)[1][:, -1]))

    def taken_from(self, units: Array, head: Array) -> tuple[Array, Array]:
        """``units`` (52,) and ``head`` (3,) as they are beside this rest.

        What is at rest becomes 0 and a whole unit stays whole: (u - r) / (1 - r). Units that go opposite
        ways are one number with a sign, so that a rest on one side lets the other side begin from there.
        """
        rest = np.clip(self.units, 0.0, _MOST_REST)
        moved = np.maximum(units - rest, 0.0) / (1.0 - rest)
        side = rest[_FIRST] - rest[_SECOND]
        both = units[_FIRST] - units[_SECOND] - side
        moved[_FIRST] = np.maximum(both, 0.0) / (1.0 - side)
        moved[_SECOND] = np.maximum(-both, 0.0) / (1.0 + side)
        return moved, between(self.head, head)
