"""The card's clock is the master: the picture follows it, and goes on when there is none or it vanishes."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sequence.playback import Course
from studio.sound.card_clock import GONE, NO_TIME, CardClock, Heard
from studio.sound.grain import SECONDS
from tests.sound.cards import Desk
from tests.sound.sounds import noise

RATE = 8000
FPS = 30.0
LONG = Course(0.0, FPS, 1.0, 0, 10_000, False)


def ready(desk, seconds=70.0, **heard):
    clock = CardClock(desk.open, desk.clock)
    samples = noise(round(seconds * RATE))
    assert clock.prepare(RATE) == RATE
    clock.set_heard(Heard(samples, **heard))
    return clock, samples


@pytest.mark.parametrize("speed", [1.001, 0.999, 1.0])
def test_the_picture_follows_a_card_that_is_wrong_within_a_frame(speed):
    """After each of 60 seconds the frame shown is the one whose sound leaves the card."""
    desk = Desk(speed=speed)
    clock, samples = ready(desk)
    began = clock.begin(LONG)
    started = desk.now + desk.latency  # the first sample is heard
    for _ in range(600):
        desk.wait(0.1)
        shown, _ = LONG.at(max(clock.seconds() - began, 0.0))
        audible = max(desk.now - started, 0.0) * speed * FPS
        assert abs(shown - audible) < 0.5
    assert abs(shown - (desk.now - started) * FPS) == pytest.approx(abs(speed - 1.0) * 60 * FPS, abs=0.5)
    np.testing.assert_array_equal(desk.heard[:, 0], samples[: len(desk.heard), 0])


def test_time_never_runs_back_and_never_stands_still_for_long():
    desk = Desk(speed=1.001, block=1024)
    clock, _ = ready(desk)
    told = []
    for second in range(20):
        if second % 5 == 0:
            clock.begin(LONG)
        if second % 5 == 3:
            clock.stop()
        for _ in range(50):
            desk.wait(0.02)
            clock.rest()
            told.append(clock.seconds())
    steps = np.diff(told)
    assert (steps >= 0.0).all()
    assert steps.max() < 0.04
    assert (steps == 0.0).sum() < 30  # only while the first block is on its way


def test_time_does_not_run_back_where_a_card_says_that_it_is_later_than_it_was():
    desk = Desk(latency=0.02)
    clock, _ = ready(desk)
    clock.begin(LONG)
    desk.wait(1.0)
    before = clock.seconds()
    desk.latency = 0.3
    desk.wait(0.1)
    assert clock.seconds() == before
    desk.wait(0.5)
    assert clock.seconds() > before


def test_a_jump_while_playing_hands_on_the_samples_of_the_new_place():
    desk = Desk()
    clock, samples = ready(desk)
    clock.begin(LONG)
    desk.wait(1.0)
    before = len(desk.heard)
    began = clock.begin(Course(300.0, FPS, 1.0, 0, 10_000, False))
    assert began == pytest.approx(clock.seconds() + before / RATE - (1.0 - desk.latency), abs=0.01)
    desk.wait(1.0)
    after = desk.heard[before:, 0]
    np.testing.assert_array_equal(after, samples[10 * RATE : 10 * RATE + len(after), 0])


def test_loops_and_offset_hand_on_the_samples_of_their_frames():
    desk = Desk()
    clock, samples = ready(desk, offset=-0.5)
    clock.begin(Course(12.0, FPS, 1.0, 0, 14, True))
    desk.wait(2.0)
    lap = RATE // 2
    wanted = np.concatenate([samples[lap + 3200 : 2 * lap], *[samples[lap : 2 * lap]] * 4])[:, 0]
    heard = desk.heard[:, 0]
    np.testing.assert_array_equal(heard, wanted[: len(heard)])


def test_volume_and_offset_change_while_it_plays():
    desk = Desk()
    clock, samples = ready(desk)
    clock.begin(LONG)
    desk.wait(0.5)
    before = len(desk.heard)
    clock.set_heard(Heard(samples, -1.0, 0.5))
    desk.wait(0.5)
    after = desk.heard[before:, 0]
    begin = before + RATE
    np.testing.assert_array_equal(after, samples[begin : begin + len(after), 0] * np.float32(0.5))


def test_without_a_card_the_computers_clock_goes_on_and_says_so_once():
    desk = Desk()
    desk.dead = True
    clock = CardClock(desk.open, desk.clock)
    assert clock.prepare(RATE) == RATE
    assert "no sound card" in clock.problem
    clock.set_heard(Heard(noise(100)))
    began = clock.begin(LONG)
    desk.wait(2.0)
    assert clock.seconds() - began == pytest.approx(2.0)


def test_a_card_that_vanishes_lets_playing_go_on():
    desk = Desk()
    clock, _ = ready(desk)
    began = clock.begin(LONG)
    desk.wait(3.0)
    before = clock.seconds() - began
    assert before == pytest.approx(3.0 - desk.latency, abs=0.001)
    desk.dead = True  # asks no more, and says nothing
    desk.wait(1.5)
    assert clock.seconds() - began >= before
    assert clock.problem == GONE
    resumed = clock.seconds()
    desk.wait(2.0)
    assert clock.seconds() - resumed == pytest.approx(2.0)
    assert desk.cards[0].closed


def test_a_card_that_says_it_stopped_is_left_at_once():
    desk = Desk()
    clock, _ = ready(desk)
    began = clock.begin(LONG)
    desk.wait(1.0)
    desk.cards[0].running = False
    before = clock.seconds()
    desk.wait(0.5)
    assert clock.problem == GONE
    assert clock.seconds() == pytest.approx(before + 0.5)
    assert clock.seconds() - began < 1.5


def test_what_throws_samples_away_is_no_clock():
    desk = Desk(speed=300.0)
    clock, _ = ready(desk)
    began = clock.begin(LONG)
    for _ in range(40):
        desk.wait(0.05)
        clock.seconds()
    assert clock.problem == NO_TIME
    assert desk.cards[0].closed
    assert clock.seconds() - began < 3.0
    resumed = clock.seconds()
    desk.wait(1.0)
    assert clock.seconds() - resumed == pytest.approx(1.0)
    clock.prepare(RATE)
    assert len(desk.cards) == 1


def test_a_card_that_does_not_start_lets_the_picture_play():
    desk = Desk()
    clock, _ = ready(desk)
    desk.dead = True
    began = clock.begin(LONG)
    desk.wait(1.0)
    assert clock.seconds() - began == pytest.approx(1.0)
    assert "does not answer" in clock.problem


def test_a_sound_that_comes_while_playing_is_heard_from_where_the_picture_is():
    desk = Desk()
    clock, samples = ready(desk)
    clock.set_heard(None)
    began = clock.begin(LONG)
    desk.wait(2.0)
    clock.set_heard(Heard(samples))
    desk.wait(1.0)
    heard = desk.heard[:, 0]
    np.testing.assert_array_equal(heard, samples[2 * RATE : 2 * RATE + len(heard), 0])
    assert clock.seconds() - began == pytest.approx(3.0 - desk.latency, abs=0.001)


def test_another_rate_opens_the_card_anew_and_the_same_one_does_not():
    desk = Desk()
    clock, _ = ready(desk)
    clock.prepare(RATE)
    assert len(desk.cards) == 1
    clock.prepare(44_100)
    assert desk.cards[0].closed
    assert clock.rate == 44_100


def test_dragging_gives_grains_that_fade_in_and_out():
    desk = Desk(block=64)
    clock, samples = ready(desk, offset=0.25)
    clock.scrub(2.25)
    clock.scrub(2.26)  # too soon: one grain is on its way
    desk.wait(0.2)
    count = round(SECONDS * RATE)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(count) / (count - 1))
    wanted = samples[2 * RATE : 2 * RATE + count, 0] * window
    np.testing.assert_allclose(desk.heard[:count, 0], wanted, atol=1e-6)
    assert not desk.heard[count:].any()


def test_grains_overlap_and_none_is_heard_while_playing_or_muted():
    desk = Desk(block=80)
    clock, samples = ready(desk)
    clock.scrub(1.0)
    desk.wait(0.0301)
    second = len(desk.heard)
    clock.scrub(3.0)
    desk.wait(0.1)
    assert np.abs(desk.heard[second : second + 240, 0]).max() > 0.1
    clock.begin(LONG)
    before = len(desk.heard)
    clock.scrub(5.0)
    desk.wait(0.1)
    np.testing.assert_array_equal(desk.heard[before:, 0], samples[: len(desk.heard) - before, 0])
    clock.stop()
    clock.set_heard(Heard(samples, 0.0, 0.0))
    before = len(desk.heard)
    clock.scrub(5.0)
    desk.wait(0.1)
    assert not desk.heard[before:].any()


def test_an_idle_card_is_let_rest_and_starts_again():
    desk = Desk()
    clock, samples = ready(desk)
    clock.begin(LONG)
    desk.wait(0.5)
    clock.stop()
    desk.wait(1.0)
    clock.rest()
    assert desk.cards[0].running
    desk.wait(10.0)
    clock.rest()
    assert not desk.cards[0].running
    desk.cards[0].got.clear()
    clock.begin(Course(60.0, FPS, 1.0, 0, 10_000, False))
    desk.wait(0.5)
    np.testing.assert_array_equal(desk.heard[:, 0], samples[2 * RATE : 2 * RATE + len(desk.heard), 0])
