"""Angles under a hand: free within their ranges, held back softly beyond, and never far beyond."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.following import BEYOND, Freedom, follow

PIXELS = 100.0  # that a radian moves the point by
RANGE = np.array([[-0.5, 0.5]])


def _angle(target, start=0.0):
    first = np.array([start])
    freedom = Freedom.of(RANGE, (1.0,), first)
    found = follow(
        lambda angles: np.array([PIXELS * angles[0], 0.0]), first, np.array([target, 0.0]), freedom
    )
    return found[0]


@pytest.mark.parametrize("target", [-45.0, 10.0, 48.0])
def test_within_its_range_an_angle_is_where_the_hand_is(target):
    assert PIXELS * _angle(target) == pytest.approx(target, abs=0.1)


def test_beyond_it_follows_at_a_fifth_and_ends():
    assert _angle(60.0) == pytest.approx(0.5 + 0.1 / 5.0, abs=0.002)
    assert _angle(100.0) == pytest.approx(0.5 + 0.5 / 5.0, abs=0.002)
    assert _angle(1e4) == pytest.approx(0.5 + BEYOND)


def test_an_angle_that_is_beyond_already_may_stay_there():
    assert _angle(70.0, start=0.7) == pytest.approx(0.7)
