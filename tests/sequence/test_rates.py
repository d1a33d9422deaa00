"""Rates as fractions: those of television however they are spelled, all others as they are written."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from studio.export.ffmpeg import rate
from studio.sequence.rates import exact_rate


@pytest.mark.parametrize(
    ("fps", "fraction"),
    [
        (23.976, Fraction(24000, 1001)),
        (23.976023976, Fraction(24000, 1001)),
        (24000 / 1001, Fraction(24000, 1001)),
        (float(np.float32(23.976)), Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (47.952, Fraction(48000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (24.0, Fraction(24)),
        (12.5, Fraction(25, 2)),
        (23.9, Fraction(239, 10)),
        (29.9, Fraction(299, 10)),
        (9.99, Fraction(999, 100)),
        (99.9, Fraction(999, 10)),
        (999.0, Fraction(999)),
        (100 / 3, Fraction(100, 3)),
        (33.3333, Fraction(333333, 10000)),
        (12000 / 1001, Fraction(12000, 1001)),
        (1e-5, Fraction(1, 100_000)),
    ],
)
def test_odd_rates_are_fractions(fps, fraction):
    assert exact_rate(fps) == fraction


@pytest.mark.parametrize("whole", range(1, 241))
def test_whole_rates_and_their_parts_stay_what_they_are(whole):
    assert exact_rate(float(whole)) == whole
    assert exact_rate(whole / 7.0) == Fraction(whole, 7)


@pytest.mark.parametrize(
    ("fps", "said"), [(23.976, "24000/1001"), (9.99, "999/100"), (25.0, "25/1"), (12.5, "25/2")]
)
def test_ffmpeg_is_told_the_same_rate(fps, said):
    assert rate(fps) == said
