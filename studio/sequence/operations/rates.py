"""Frame rates as exact fractions: 23.976 is 24000/1001, not a decimal number that drifts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError

NTSC = tuple(Fraction(1000 * whole, 1001) for whole in (24, 30, 48, 60, 90, 96, 120, 240))
HIGHEST_RATE = 1000
_SAME = 1.5e-6  # of a rate: 23.976 differs from 24000/1001 by one millionth of it


def exact_rate(fps: float) -> Fraction:
    """The rate that ``fps`` means: one of television's n · 1000/1001 where it is near, else as written."""
    for rate in NTSC:
        if abs(fps - float(rate)) <= _SAME * fps:
            return rate
    return Fraction(repr(float(fps)))


def parsed_rate(text: str) -> Fraction:
    """The rate that a person writes: "25", "29.97", "23.98", "24000/1001".

    Raises:
        StudioError: it is none, or beyond what is played.

    """
    try:
        given = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise StudioError(f"{text} is no frame rate; write one like 25, 29.97 or 24000/1001.") from None
    if not 0 < given <= HIGHEST_RATE:
        raise StudioError(f"A frame rate is above 0 and at most {HIGHEST_RATE}, not {text}.")
    _, _, decimals = text.strip().partition(".")
    if len(decimals) >= 2:
        for rate in NTSC:
            if round(float(rate), len(decimals)) == float(given):
                return rate
    return given


def positions_at(count: int, step: Fraction) -> NDArray[np.float64]:
    """Where every ``step`` frames, from the first, one meets a clip of ``count`` frames, up to its end.

    The last position is the last frame: it is what one step past it, at most, would show. Each is exact
    to the last bit.
    """
    top, bottom = step.numerator, step.denominator
    number = -(-(count - 1) * bottom // top) + 1
    if number * top < 2**62:
        whole, rest = np.divmod(np.arange(number, dtype=np.int64) * top, bottom)
        positions = whole + rest / bottom
    else:
        positions = np.array([float(index * step) for index in range(number)])
    return np.minimum(positions, count - 1.0)
