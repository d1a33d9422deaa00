"""Keys go along when an operation moves frames."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sequence.curves import Curve
from studio.sequence.operations.moments import Moments, moved_curve

KINDS = ["linear", "smooth", "eased", "bezier"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turns", [False, True])
def test_a_curve_at_double_speed_shows_the_same_values_earlier(kind, turns):
    values = np.random.default_rng(1).normal(0, 0.5, (4, 3 if turns else 1))
    curve = Curve.of([0, 5, 9, 20], values, kind, turns)
    made = moved_curve(curve, Moments.straight(2.0))
    times = np.linspace(0, 20, 41)
    np.testing.assert_allclose(made.at(times / 2.0), curve.at(times), atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_curve_backwards_is_its_mirror_in_time(kind):
    curve = Curve.of([2, 5, 9, 20], [0.0, 1.0, -0.5, 0.3], kind)
    made = moved_curve(curve, Moments(((0.0, 24.0), (24.0, 0.0))))
    times = np.linspace(0, 24, 49)
    np.testing.assert_allclose(made.at(24.0 - times), curve.at(times), atol=1e-9)


def test_what_falls_away_leaves_its_value_at_the_end():
    curve = Curve.of([0, 10, 20], [0.0, 1.0, 0.0], "linear")
    made = moved_curve(curve, Moments.straight(1.0, 5, (5, 15)))
    assert made.frames.tolist() == [0.0, 5.0, 10.0]
    assert made.values[:, 0].tolist() == [0.5, 1.0, 0.5]
    assert moved_curve(curve, Moments.straight(1.0, 30, (30, 40))) is None


def test_a_part_moves_alone_and_what_follows_goes_along():
    moments = Moments.straight(2.0).in_part(10, 20)
    np.testing.assert_allclose(moments.at([0, 10, 14, 20, 30]), [0, 10, 12, 15, 25])
    back = Moments(((0.0, 10.0), (10.0, 0.0))).in_part(10, 20)
    np.testing.assert_allclose(back.at([10, 13, 20]), [20, 17, 10])
