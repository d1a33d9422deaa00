"""A raw scan and the landmarks named on it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.similarity import similarity

Array = NDArray[np.float64]

# iBUG numbers in the order in which they are asked for; the first seven are enough for a whole face.
GUIDE = (36, 39, 42, 45, 30, 48, 54, 27, 33, 51, 57, 8)
ENOUGH = 7
FEWEST = 3  # with which a scan can be placed at all

UNITS = {"metres": 1.0, "decimetres": 0.1, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254}
_UNIT_SLACK = 1.35  # times larger or smaller than the mean head may be, to be taken for a unit


@dataclass(frozen=True, eq=False)
class Scan:
    """N points in the file's own unit and axes, and the triangles between them where it has any."""

    name: str
    points: Array  # (N, 3)
    faces: NDArray[np.int32] | None = None  # (F, 3)
    normals: NDArray[np.float32] | None = None  # (N, 3) of length 1, outwards; None: not known
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Picks:
    """K landmarks on a scan: their iBUG numbers, and where they are in the scan's unit and axes."""

    indices: NDArray[np.intp]  # (K,)
    points: Array  # (K, 3)

    def __len__(self) -> int:
        """K."""
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Placement:
    """Where a scan lies in the head's metres: a point p of it is at ``turn @ p + shift``."""

    turn: Array  # (3, 3) rotation times size
    shift: Array  # (3,)

    @property
    def scale(self) -> float:
        """Metres for one unit of the scan."""
        return float(np.cbrt(np.linalg.det(self.turn)))

    def of(self, points: Array) -> Array:
        """``points`` (N, 3) of the scan in the head's metres."""
        return np.asarray(points @ self.turn.T + self.shift)

    def back(self, points: Array) -> Array:
        """``points`` (N, 3) in the head's metres, in the scan's unit and axes."""
        return np.asarray((points - self.shift) @ np.linalg.inv(self.turn).T)

    def turned(self, directions: NDArray) -> Array:
        """Unit ``directions`` (N, 3) of the scan in the head's axes."""
        return np.asarray(directions @ (self.turn / self.scale).T)


def place_scan(points: Array, wanted: Array) -> tuple[Placement, str]:
    """Lay ``points`` (K, 3) of a scan onto ``wanted`` (K, 3) of the mean head, and tell what its unit is.

    Where the size is near that of a known unit, the scan is taken to be in that unit; else it becomes as
    large as the mean head.
    """
    turn, shift = similarity(points, wanted)
    scale = float(np.cbrt(np.linalg.det(turn)))
    unit, size = min(UNITS.items(), key=lambda entry: abs(np.log(entry[1] / scale)))
    if not 1.0 / _UNIT_SLACK < size / scale < _UNIT_SLACK:
        told = "The scan's unit is not known; it was made as large as the mean head."
        return Placement(turn, shift), told
    turn = turn * (size / scale)
    return Placement(turn, wanted.mean(axis=0) - turn @ points.mean(axis=0)), f"The scan is in {unit}."
