"""What is handed to the card is, to the sample, what lies at the time cursor."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from studio.sequence.playback import Course
from studio.sound.programme import FASTEST, Programme
from tests.sound.sounds import noise, sine

RATE = 8000


def place(course, offset, sample):
    """Exactly where in the sound, in samples, ``sample`` of the course lies; None where it has ended."""
    first, last, speed = course.first, course.last, Fraction(course.speed)
    count = last - first + 1
    start = min(max(Fraction(course.start), first), last)
    done = (start - first if speed > 0 else last - start) + Fraction(sample, RATE) * Fraction(
        course.fps
    ) * abs(speed)
    if course.loop and course.ping_pong:
        way = count - 1
        within = done % (2 * way)
        within = min(within, 2 * way - within)
    elif course.loop:
        within = done % count
    elif done >= count:
        return None
    else:
        within = done
    frame = first + within if speed > 0 else last - within
    return (frame / Fraction(course.fps) - Fraction(offset)) * RATE


def slow(course, samples, offset, gain, count):
    """Each sample looked up on its own, in exact numbers."""
    out = np.zeros((count, 2), np.float32)
    for index in range(count):
        where = place(course, offset, index)
        near = None if where is None else math.floor(where + Fraction(1, 2))
        if near is not None and 0 <= near < len(samples):
            out[index] = samples[near] * np.float32(gain)
    return out


def played(programme, count, block=333, begin=0):
    out = np.full((count, 2), 9.0, np.float32)
    for at in range(0, count, block):
        programme.fill(out[at : at + block], begin + at)
    return out


COURSES = {
    "from the start": Course(0.0, 24.0, 1.0, 0, 99, False),
    "from a frame": Course(13.0, 24.0, 1.0, 0, 99, False),
    "between frames": Course(13.37, 24.0, 1.0, 5, 30, False),
    "ends": Course(20.0, 25.0, 1.0, 0, 30, False),
    "loops": Course(3.0, 25.0, 1.0, 2, 9, True),
    "loops at an odd rate": Course(3.0, 29.97, 1.0, 2, 9, True),
    "loops over two frames": Course(0.0, 60.0, 1.0, 0, 1, True),
    "begins before its range": Course(0.0, 25.0, 1.0, 4, 9, True),
    "backwards": Course(20.0, 25.0, -1.0, 0, 30, False),
    "backwards in a loop": Course(7.0, 25.0, -1.0, 3, 9, True),
    "there and back": Course(4.0, 25.0, 1.0, 2, 9, True, True),
    "there and back, backwards": Course(4.0, 24.0, -1.0, 2, 9, True, True),
}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("offset", [0.0, 0.123, -0.5])
@pytest.mark.parametrize("name", COURSES)
def test_every_sample_is_the_one_at_the_cursor(name, offset, channels):
    course, samples = COURSES[name], noise(RATE, channels)
    got = played(Programme(course, samples, RATE, offset, 0.5), 9000)
    wanted = slow(course, samples, offset, 0.5, 9000)
    np.testing.assert_array_equal(got, wanted)


def test_blocks_of_any_size_from_anywhere_are_the_same():
    course, samples = COURSES["loops at an odd rate"], noise(RATE, 2)
    programme = Programme(course, samples, RATE, 0.01, 1.0)
    whole = played(programme, 20_000, 20_000)
    np.testing.assert_array_equal(played(programme, 20_000, 77), whole)
    np.testing.assert_array_equal(played(programme, 500, 50, begin=12_345), whole[12_345:12_845])


@pytest.mark.parametrize("speed", [0.5, 1.7, 2.0, -0.5])
def test_at_other_speeds_it_stays_with_the_picture(speed):
    wave = sine(4.0, RATE, hertz=50.0)
    course = Course(50.0, 25.0, speed, 0, 99, False)
    got = played(Programme(course, wave, RATE, 0.0, 1.0), 4000)[:, 0]
    times = 2.0 + speed * np.arange(4000) / RATE
    np.testing.assert_allclose(got, 0.5 * np.sin(2 * np.pi * 50.0 * times), atol=2e-3)


def test_nothing_is_heard_where_nothing_can_be_told():
    wave = sine(1.0)
    fast = Course(0.0, 25.0, FASTEST * 2, 0, 99, False)
    assert not played(Programme(fast, wave, RATE), 100).any()
    assert not played(Programme(COURSES["loops"], wave, RATE, 0.0, 0.0), 100).any()
