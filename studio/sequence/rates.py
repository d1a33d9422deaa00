"""Frame rates as exact fractions: 23.976 is 24000/1001, not a decimal number that drifts."""

from __future__ import annotations

from fractions import Fraction

NTSC = tuple(Fraction(1000 * whole, 1001) for whole in (24, 30, 48, 60, 90, 96, 120, 240))
_SAME = 1.5e-6  # of a rate: 23.976 differs from 24000/1001 by one millionth of it
_ROUNDED = 1e-12  # of a rate: what a fraction loses as a float, and a little more
_SIMPLE = 1001  # the largest denominator of rates that are made by dividing others


def exact_rate(fps: float) -> Fraction:
    """The rate that ``fps`` (above 0) means.

    One of television's n · 1000/1001 where it is near; else the simple fraction that it is as a float, such
    as 100/3 and 12000/1001; else as it is written: 9.99 is 999/100.
    """
    for rate in NTSC:
        if abs(fps - float(rate)) <= _SAME * fps:
            return rate
    simple = Fraction(fps).limit_denominator(_SIMPLE)
    if abs(fps - float(simple)) <= _ROUNDED * fps:
        return simple
    return Fraction(repr(float(fps)))
