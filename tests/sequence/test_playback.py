from __future__ import annotations

import pytest

from studio.sequence.playback import position_at


def test_follows_the_clock_at_odd_rates() -> None:
    for fps in (23.976, 29.97, 59.94, 7.0):
        position, finished = position_at(1.5, 0.0, fps, 1.0, 0, 999, loop=False)
        assert position == pytest.approx(1.5 * fps)
        assert not finished


def test_speed_multiplies_time() -> None:
    assert position_at(1.0, 4.0, 25.0, 0.25, 0, 100, loop=False)[0] == pytest.approx(10.25)
    assert position_at(1.0, 4.0, 25.0, 2.0, 0, 100, loop=False)[0] == pytest.approx(54.0)


def test_a_late_tick_skips_frames_instead_of_slowing() -> None:
    assert position_at(3.0, 0.0, 30.0, 1.0, 0, 200, loop=False)[0] == pytest.approx(90.0)


def test_last_frame_is_shown_for_its_time_before_the_end() -> None:
    assert position_at(0.37, 0.0, 10.0, 1.0, 0, 3, loop=False) == (3.0, False)
    assert position_at(0.41, 0.0, 10.0, 1.0, 0, 3, loop=False) == (3.0, True)


def test_loop_takes_as_long_as_its_frames() -> None:
    for turns in range(4):
        position, finished = position_at(turns * 0.4 + 0.15, 0.0, 10.0, 1.0, 0, 3, loop=True)
        assert position == pytest.approx(1.5)
        assert not finished


def test_loop_stays_within_in_and_out() -> None:
    positions = [position_at(step / 60, 12.0, 24.0, 1.3, 10, 20, loop=True)[0] for step in range(600)]
    assert min(positions) >= 10.0
    assert max(positions) == 20.0
    assert min(positions) < 10.6


def test_start_outside_the_range_is_taken_in() -> None:
    assert position_at(0.0, 50.0, 25.0, 1.0, 10, 20, loop=True)[0] == 20.0
    assert position_at(0.0, 0.0, 25.0, 1.0, 10, 20, loop=False)[0] == 10.0


def test_backwards() -> None:
    assert position_at(0.2, 5.0, 10.0, -1.0, 0, 9, loop=False) == (pytest.approx(3.0), False)
    assert position_at(0.61, 5.0, 10.0, -1.0, 0, 9, loop=False) == (0.0, True)
    assert position_at(0.8, 5.0, 10.0, -1.0, 0, 9, loop=True)[0] == pytest.approx(7.0)


def test_a_single_frame_stands_still() -> None:
    assert position_at(5.0, 3.0, 25.0, 1.0, 3, 3, loop=True) == (3.0, False)


def test_ping_pong_turns_at_both_ends() -> None:
    def at(seconds: float, speed: float = 1.0, start: float = 10.0) -> float:
        return position_at(seconds, start, 10.0, speed, 10, 13, loop=True, ping_pong=True)[0]

    assert [at(frames / 10) for frames in range(8)] == pytest.approx([10, 11, 12, 13, 12, 11, 10, 11])
    assert at(0.35) == pytest.approx(12.5)
    assert [at(frames / 10, -1.0, 11.0) for frames in range(4)] == pytest.approx([11, 10, 11, 12])
    assert not position_at(99.0, 10.0, 10.0, 1.0, 10, 13, loop=True, ping_pong=True)[1]


def test_ping_pong_needs_a_loop_and_more_than_a_frame() -> None:
    assert position_at(5.0, 0.0, 10.0, 1.0, 0, 3, loop=False, ping_pong=True) == (3.0, True)
    assert position_at(5.0, 3.0, 10.0, 1.0, 3, 3, loop=True, ping_pong=True) == (3.0, False)
