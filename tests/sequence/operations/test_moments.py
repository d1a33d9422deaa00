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
    behind = moved_curve(curve.replace(values=curve.values + 0.5), Moments.straight(1.0, 30, (30, 40)))
    assert (behind.frames.tolist(), behind.values[:, 0].tolist()) == ([0.0], [0.5])


@pytest.mark.parametrize("kind", ["stepped", *KINDS])
@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("span", [(0, 3), (3, 3), (4, 17), (7, 22), (21, 29), (35, 39), (10, 30), (0, 39)])
def test_what_is_kept_shows_the_same_at_every_frame(kind, turns, span):
    values = np.random.default_rng(2).normal(0, 0.5, (5, 3 if turns else 1))
    curve = Curve.of([5, 10, 14, 24, 30], values, kind, turns)
    first, last = span
    times = np.arange(first, last + 1.0)
    made = moved_curve(curve, Moments.straight(1.0, first, (first, last)))
    np.testing.assert_allclose(made.at(times - first), curve.at(times), atol=1e-9)
    back = moved_curve(curve, Moments(((0.0, 39.0), (39.0, 0.0))))
    np.testing.assert_allclose(back.at(39.0 - times), curve.at(times), atol=1e-9)


@pytest.mark.parametrize("kind", ["stepped", *KINDS])
@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("span", [(0, 3), (4, 17), (7, 22), (21, 29), (33, 36), (10, 30)])
def test_a_part_played_backwards_leaves_the_rest_alone(kind, turns, span):
    values = np.random.default_rng(3).normal(0, 0.5, (5, 3 if turns else 1))
    curve = Curve.of([5, 10, 14, 24, 30], values, kind, turns)
    first, last = span
    length = float(last - first)
    made = moved_curve(curve, Moments(((0.0, length), (length, 0.0))).in_part(first, last))
    shown = np.arange(40.0)
    shown[first : last + 1] = shown[first : last + 1][::-1]
    np.testing.assert_allclose(made.at(np.arange(40.0)), curve.at(shown), atol=1e-9)


def test_a_part_moves_alone_and_what_follows_goes_along():
    moments = Moments.straight(2.0).in_part(10, 20)
    np.testing.assert_allclose(moments.at([0, 10, 14, 20, 30]), [0, 10, 12, 15, 25])
    back = Moments(((0.0, 10.0), (10.0, 0.0))).in_part(10, 20)
    np.testing.assert_allclose(back.at([10, 13, 20]), [20, 17, 10])
