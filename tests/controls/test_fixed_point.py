from __future__ import annotations

import math

import pytest

from studio.controls.fixed_point import FixedPoint


def steps_to(start: float, rule, wanted: float, within: float = 1e-9) -> int:
    point = FixedPoint(start)
    for count in range(1, 200):
        point.step(rule(point.value))
        if abs(point.value - wanted) < within:
            return count
    return 200


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.7, 0.89])
def test_a_line_is_met_at_once(slope: float) -> None:
    assert steps_to(5.0, lambda x: slope * x + 1.0, 1.0 / (1.0 - slope)) <= 3


def test_a_curve_is_met_soon() -> None:
    wanted = 0.7390851332151607  # cos x = x
    assert steps_to(0.0, lambda x: 0.5 * (x + math.cos(x)), wanted) < 10


def test_a_step_that_stays_is_no_trouble() -> None:
    point = FixedPoint(2.0)
    for _ in range(5):
        assert point.step(2.0) == 2.0


def test_what_rises_as_steeply_creeps_without_running_away() -> None:
    assert steps_to(0.0, lambda x: min(x + 0.1, 1.0), 1.0) < 30
