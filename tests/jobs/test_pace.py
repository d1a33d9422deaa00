"""How fast a job goes, by a clock that the test moves."""

from __future__ import annotations

import pytest

from studio.jobs.pace import Pace, left_in_words


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "words"),
    [
        (1, 4, 3.0, "about 9 s left"),
        (10, 100, 60.0, "about 9 min left"),
        (1, 100, 60.0, "about 1 h 39 min left"),
        (10, 30, 20.0, "about 40 s left"),
        (0, 10, 5.0, ""),
        (1, 10, 0.1, ""),
        (3, 0, 9.0, ""),
        (4, 4, 9.0, ""),
    ],
)
def test_the_time_left_in_words(clock, done, total, elapsed, words):
    pace = Pace(clock)
    pace.step(0, total)
    clock.now += elapsed
    pace.step(done, total)
    assert pace.left == words


def test_the_pace_is_that_of_the_last_seconds(clock):
    pace = Pace(clock)
    for index in range(31):  # slow: one step a second
        pace.step(index, 1000)
        clock.now += 1.0
    for index in range(31, 331):  # then ten a second
        pace.step(index, 1000)
        clock.now += 0.1
    assert pace.rate == pytest.approx(10.0, rel=0.02)
    assert pace.seconds_left == pytest.approx(67.0, abs=1.5)


def test_time_runs_on_between_two_steps(clock):
    pace = Pace(clock)
    for done in (0, 1, 2):
        pace.step(done, 4)
        clock.now += 30.0
    assert pace.seconds_left == pytest.approx(30.0)
    clock.now += 100.0
    assert pace.seconds_left == 0.0


def test_another_stage_is_measured_anew(clock):
    pace = Pace(clock)
    pace.step(0, 10)
    clock.now += 5.0
    pace.step(10, 10)
    pace.step(0, 500)
    assert pace.left == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "about 1 s left"),
        (42.0, "about 40 s left"),
        (57.0, "about 55 s left"),
        (59.0, "about 1 min left"),
        (5400.0, "about 1 h 30 min left"),
    ],
)
def test_words_are_no_more_exact_than_the_guess(seconds, words):
    assert left_in_words(seconds) == words
