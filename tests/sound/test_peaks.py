"""Waveforms show every swing, at any magnification, and no other than is near."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sound.peaks import FINEST, PeakFinder, swing_between
from tests.sound.sounds import noise


def found(samples, blocks=7):
    finder = PeakFinder()
    for block in np.array_split(samples, blocks):
        finder.add(block)
    return finder.peaks()


def test_every_level_is_the_swing_of_its_bins():
    samples = noise(10 * FINEST + 77, 2)
    peaks = found(samples)
    assert peaks.count == len(samples)
    size = FINEST
    for level in peaks.levels:
        for index, (low, high) in enumerate(level):
            part = samples[index * size : (index + 1) * size]
            assert (low, high) == (part.min(), part.max())
        size *= 4
    assert peaks.highest == np.abs(samples).max()


@pytest.mark.parametrize("span", [(0, 5000), (100.5, 160.25), (-2000, 9000), (4000, 90_000), (0, 300_000)])
@pytest.mark.parametrize("columns", [1, 3, 50, 700])
def test_columns_cover_their_samples_and_little_more(span, columns):
    samples = noise(100_003, 2, seed=3)
    peaks = found(samples)
    edges = np.linspace(*span, columns + 1)
    swing = swing_between(samples, peaks, edges)
    width = (span[1] - span[0]) / columns
    slack = width if width >= FINEST else 1  # a bin of the level read
    for column, (low, high) in enumerate(swing):
        begin, end = edges[column], edges[column + 1]
        inner = samples[max(int(np.floor(begin)), 0) : max(int(np.ceil(end)), 0)]
        if end <= 0 or begin >= len(samples):
            assert (low, high) == (0, 0)
            continue
        assert low <= inner.min()
        assert high >= inner.max()
        outer = samples[max(int(begin - slack) - 1, 0) : max(int(end + slack) + 2, 0)]
        assert low >= outer.min()
        assert high <= outer.max()


def test_a_short_sound_has_peaks():
    samples = noise(3)
    swing = swing_between(samples, found(samples, 1), np.linspace(0, 3, 2))
    assert tuple(swing[0]) == (samples.min(), samples.max())
