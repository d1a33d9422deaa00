"""What can be drawn over the head on the screen, as plain data in logical pixels of the view.

Colours are named by their role in the theme, so that a change of theme needs no new shapes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Line:
    """A chain of N points; where ``strong`` is False it is drawn faintly."""

    points: NDArray[np.float64]  # (N, 2)
    role: str
    width: float = 1.5
    strong: NDArray[np.bool_] | None = None  # (N - 1,) one for each piece; None: all
    dashed: bool = False


@dataclass(frozen=True)
class Disc:
    """A filled circle with a rim."""

    place: Place
    radius: float
    role: str
    faint: bool = False


@dataclass(frozen=True)
class Circle:
    """A circle that is not filled."""

    place: Place
    radius: float
    role: str
    width: float = 1.5
    dashed: bool = False


@dataclass(frozen=True)
class Letter:
    """A few words in a rounded field, centred."""

    place: Place
    text: str
    role: str  # of the text
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Tint:
    """A veil over some pixels of the view, with a stronger edge."""

    mask: NDArray[np.bool_]  # (H, W) stretched over the whole view
    role: str


Shape = Line | Disc | Circle | Letter | Tint
