"""The 1€ filter: steady while little moves, quick while much does (Casiez, Roussel and Vogel, CHI 2012)."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from studio.live.turns import between, followed

Array = NDArray[np.float64]

_SLOPE_CUTOFF = 2.0  # hertz, of the speed


def cutoff_of(strength: float) -> float:
    """The cutoff in hertz of what rests, for a smoothing of 0 (none to be seen) to 1 (much)."""
    return float(12.0 * (0.5 / 12.0) ** strength)


class OneEuro:
    """Smooths N numbers over time; the cutoff of each rises by ``beta`` hertz for each unit a second."""

    def __init__(self, beta: float) -> None:
        self._beta = beta
        self._value: Array | None = None
        self._slope: Array | float = 0.0

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._value, self._slope = None, 0.0

    def step(self, value: Array, seconds: float, cutoff: float) -> Array:
        """The smoothed ``value`` (N,), ``seconds`` after the last one; ``cutoff`` in hertz holds at rest."""
        if self._value is None or seconds <= 0.0:
            self._value = value if self._value is None else self._value
            return self._value
        before = self._value
        self._slope += _share(_SLOPE_CUTOFF, seconds) * ((value - before) / seconds - self._slope)
        self._value = before + _share(cutoff + self._beta * np.abs(self._slope), seconds) * (value - before)
        return self._value


class OneEuroTurn:
    """Smooths a rotation over time, on the sphere; the cutoff rises by ``beta`` for each radian a second."""

    def __init__(self, beta: float) -> None:
        self._beta = beta
        self._turn: Array | None = None
        self._slope: Array | float = 0.0

    def reset(self) -> None:
        """Begin anew with the next rotation."""
        self._turn, self._slope = None, 0.0

    def step(self, turn: Array, seconds: float, cutoff: float) -> Array:
        """The smoothed axis-angle ``turn`` (3,), ``seconds`` after the last one; it goes by the short arc."""
        if self._turn is None or seconds <= 0.0:
            self._turn = turn if self._turn is None else self._turn
            return self._turn
        way = between(self._turn, turn)
        self._slope += _share(_SLOPE_CUTOFF, seconds) * (way / seconds - self._slope)
        share = _share(cutoff + self._beta * float(np.linalg.norm(self._slope)), seconds)
        self._turn = followed(self._turn, share * way)
        return self._turn


def _share(cutoff: Array | float, seconds: float) -> Array | float:
    """How much of the way to the new value is gone: that of a low pass of the first order."""
    way = 2.0 * pi * cutoff * seconds
    return way / (way + 1.0)
