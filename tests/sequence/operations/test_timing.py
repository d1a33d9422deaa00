from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from studio.sequence.operations.parts import moving_fields
from studio.sequence.operations.rates import parsed_rate, positions_at
from studio.sequence.operations.sampling import sampled
from studio.sequence.operations.timing import (
    conformed,
    delayed,
    resampled,
    retimed,
    reversed_in_time,
    split,
    stretched,
    trimmed,
)
from studio.sequence.rates import exact_rate
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import spinning, waving

NTSC = {"23.976": (24000, 1001), "23.98": (24000, 1001), "29.97": (30000, 1001), "59.94": (60000, 1001)}


@pytest.mark.parametrize(("text", "parts"), NTSC.items())
def test_the_rates_of_television_are_exact(text, parts):
    assert parsed_rate(text) == Fraction(*parts)
    assert exact_rate(float(Fraction(*parts))) == Fraction(*parts)


def test_other_rates_are_what_is_written():
    assert parsed_rate("24000/1001") == Fraction(24000, 1001)
    assert parsed_rate("25") == 25
    assert parsed_rate("12.5") == Fraction(25, 2)
    assert exact_rate(29.97) == Fraction(30000, 1001)
    assert exact_rate(29.9) == Fraction(299, 10)


@pytest.mark.parametrize("text", ["", "fast", "0", "-3", "1/0", "nan", "2000"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(StudioError, match="frame rate"):
        parsed_rate(text)


def test_sampling_agrees_with_single_frames():
    clip = waving(9, offsets=True)
    places = [0.0, 0.25, 3.0, 4.9, 7.999, 8.0, 11.0, -1.0]
    made = sampled(clip, places)
    for index, place in enumerate(places):
        wanted, got = clip.at(place), made.frame(index)
        for field in ("expr", "pose", "translation", "eyelids"):
            np.testing.assert_allclose(getattr(got, field), getattr(wanted, field), atol=2e-7)
        np.testing.assert_allclose(got.vertex_offset, wanted.vertex_offset, atol=1e-7)
    assert made.frame(2) == clip.frame(3)
    assert made.frame(6) == clip.frame(8)


@pytest.mark.parametrize("rate", ["23.976", "29.97", "59.94", "25", "24", "50", "12.5", "17.3"])
def test_frames_of_another_rate_are_at_their_exact_time(rate):
    clip = waving(5000, 30.0)
    fraction = parsed_rate(rate)
    made = resampled(clip, fraction)
    assert made.fps == float(fraction)
    step = Fraction(30) / fraction
    positions = positions_at(5000, step)
    assert len(made) == len(positions) == int(np.ceil(4999 / float(step) - 1e-12)) + 1
    for index in (0, 1, 7, len(made) // 2, len(made) - 2):
        exact = float(Fraction(index) / fraction)
        assert abs(positions[index] / 30.0 - exact) < 1e-9
    assert positions[-1] == 4999
    assert made.frame(0) == clip.frame(0)
    assert made.frame(len(made) - 1) == clip.frame(4999)
    assert abs(made.duration - clip.duration) < 1.0 / made.fps + 1.0 / clip.fps


def test_a_finer_rate_and_back_is_the_same_clip():
    clip = waving(40, 25.0, offsets=True)
    assert resampled(resampled(clip, Fraction(50)), Fraction(25)) == clip
    assert resampled(clip, Fraction(25)) == clip


def test_turns_are_resampled_on_the_sphere():
    clip = spinning(20, (1, 2, 3), 0.1)
    made = resampled(clip, Fraction(60))
    steps = np.linalg.norm(np.diff(made.rotation.astype(np.float64), axis=0), axis=1)
    np.testing.assert_allclose(steps[:-1], 0.1 * 25 / 60, atol=1e-6)


def test_trim_and_split_keep_frames_as_they_are():
    clip = waving(10, offsets=True)
    part = trimmed(clip, 3, 6)
    assert [part.frame(index) for index in range(4)] == [clip.frame(index) for index in range(3, 7)]
    first, second = split(clip, 4)
    assert (len(first), len(second)) == (4, 6)
    assert second.frame(0) == clip.frame(4)
    assert second.model_digest == clip.model_digest


@pytest.mark.parametrize(("first", "last"), [(4, 3), (-1, 2), (0, 10), (10, 12)])
def test_a_range_outside_the_clip_is_refused(first, last):
    with pytest.raises(StudioError, match="frame"):
        trimmed(waving(10), first, last)


@pytest.mark.parametrize("frame", [0, 10, -3, 99])
def test_no_part_of_a_split_is_empty(frame):
    with pytest.raises(StudioError, match="cannot be split"):
        split(waving(10), frame)


def test_retiming_keeps_both_ends_and_the_moments_between():
    clip = waving(41)
    fast = retimed(clip, 2.0)
    assert len(fast) == 21
    assert fast.frame(7) == clip.frame(14)
    odd = retimed(clip, 1.7)
    assert len(odd) == int(np.ceil(40 / 1.7)) + 1
    np.testing.assert_allclose(odd.expr[5], clip.at(8.5).expr, atol=1e-6)
    assert odd.frame(len(odd) - 1) == clip.frame(40)
    slow = retimed(clip, 0.5)
    assert len(slow) == 81
    assert slow.frame(80) == clip.frame(40)


def test_a_duration_is_met_to_the_frame():
    clip = waving(41)
    made = stretched(clip, 4.0)
    assert len(made) == 100
    assert (made.frame(0), made.frame(99)) == (clip.frame(0), clip.frame(40))
    with pytest.raises(StudioError, match="less than a frame"):
        stretched(clip, 0.001)


def test_conforming_keeps_every_frame():
    made = conformed(waving(10, float(Fraction(24000, 1001))), 0.5)
    assert exact_rate(made.fps) == Fraction(12000, 1001)
    assert made.replace(fps=24.0) == waving(10, float(Fraction(24000, 1001))).replace(fps=24.0)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_is_positive(speed):
    for operation in (retimed, conformed):
        with pytest.raises(StudioError, match="above 0"):
            operation(waving(5), speed)


def test_too_long_a_result_is_refused():
    with pytest.raises(StudioError, match="at most"):
        retimed(waving(300), 1e-5)


def test_reversed_twice_is_the_same():
    clip = waving(7, offsets=True)
    back = reversed_in_time(clip)
    assert back.frame(0) == clip.frame(6)
    assert reversed_in_time(back) == clip


def test_some_parts_come_later():
    clip = waving(12)
    made = delayed(clip, ["jaw"], 2.5)
    np.testing.assert_allclose(made.jaw_pose[6], clip.at(3.5).jaw_pose, atol=1e-6)
    np.testing.assert_array_equal(made.jaw_pose[0], clip.jaw_pose[0])
    assert made.replace(jaw_pose=clip.jaw_pose) == clip
    assert delayed(clip, ["expression"], -3).expr[2].tolist() == clip.expr[5].tolist()
    with pytest.raises(StudioError, match="no part called nose"):
        delayed(clip, ["nose"], 1)


def test_a_still_can_be_retimed_and_reversed():
    still = waving(1)
    assert resampled(still, Fraction(60)).frame(0) == still.frame(0)
    assert len(resampled(still, Fraction(60))) == 1
    assert retimed(still, 3.0) == still
    assert reversed_in_time(still) == still
    assert len(stretched(still, 1.0)) == 25
    assert moving_fields(still)[0] == "expr"
