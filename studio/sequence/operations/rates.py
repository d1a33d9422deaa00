"""Frame rates as a person writes them, and the places that another rate meets in a clip."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from studio.sequence.rates import NTSC
from studio.storage.errors import StudioError

HIGHEST_RATE = 1000


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
