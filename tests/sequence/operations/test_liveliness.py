"""Blinks and small motion: the same for a seed, natural in their numbers, gentle with what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.flame.rotations import relative
from studio.sequence.clip import Clip
from studio.sequence.operations.blinking import CLOSED, CLOSING, OPENING, closure, drawn_blinks
from studio.sequence.operations.liveliness import Liveliness, enlivened
from studio.sequence.operations.wandering import drawn_gaze, drawn_sway
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import WIDTHS, waving

HOUR = 3600.0


def still(frames, fps=30.0):
    return Clip(
        shape=np.zeros(5), fps=fps, **{name: np.zeros((frames, width)) for name, width in WIDTHS.items()}
    )


@pytest.mark.parametrize("rate", [4.5, 17.0, 26.0])
@pytest.mark.parametrize("seed", [0, 5])
def test_blinks_come_at_the_rate_asked_for(rate, seed):
    blinks = drawn_blinks(HOUR, rate, np.random.default_rng(seed))
    assert len(blinks.starts) / 60.0 == pytest.approx(rate, rel=0.12)
    gaps = np.diff(blinks.starts)
    assert gaps.min() > 0.6
    assert np.mean(np.log(gaps)) < np.log(gaps.mean())  # a long tail of long waits, as people have


def test_a_blink_closes_faster_than_it_opens_and_fully():
    blinks = drawn_blinks(60.0, 17.0, np.random.default_rng(1))
    times = np.arange(0.0, 60.0, 0.001)
    closed = closure(blinks, times)
    assert closed.max() == 1.0
    assert 0.0 < (closed > 0.0).mean() < 0.2
    start, length = blinks.starts[2], blinks.lengths[2]
    own = (times >= start) & (times < start + length * (CLOSING + CLOSED + OPENING))
    rising = np.diff(closed[own]) > 0
    assert rising.sum() < 0.6 * (np.diff(closed[own]) < 0).sum()


@pytest.mark.parametrize("degrees", [1.0, 4.0])
def test_saccades_have_the_size_and_number_asked_for(degrees):
    times = np.arange(0.0, HOUR, 0.01)
    gaze = np.rad2deg(drawn_gaze(times, 40.0, degrees, np.random.default_rng(2)))
    quick = np.linalg.norm(np.diff(gaze, axis=0), axis=1) > 1e-9
    begins = np.flatnonzero(np.diff(quick.astype(int)) == 1)
    assert len(begins) / 60.0 == pytest.approx(40.0, rel=0.1)
    ends = np.flatnonzero(np.diff(quick.astype(int)) == -1)
    count = min(len(begins), len(ends))
    sizes = np.linalg.norm(gaze[ends[:count] + 1] - gaze[begins[:count] + 1], axis=1)
    assert sizes.mean() == pytest.approx(degrees, rel=0.25)
    assert np.linalg.norm(gaze, axis=1).max() < 3.001 * degrees
    assert np.abs(gaze.mean(axis=0)).max() < degrees


def test_a_head_sways_as_far_as_asked_and_slowly():
    times = np.arange(0.0, HOUR, 1 / 30)
    sway = np.rad2deg(drawn_sway(times, 0.8, np.random.default_rng(3)))
    size = np.sqrt((sway**2).mean(axis=0))
    np.testing.assert_allclose(size, [0.8, 0.8, 0.4], rtol=0.05)
    assert np.abs(np.diff(sway, axis=0)).max() * 30 < 5.0  # degrees a second


def test_the_same_seed_is_the_same_motion_at_any_rate():
    settings = Liveliness(seed=4)
    first = enlivened(still(600), settings)
    assert first == enlivened(still(600), settings)
    assert first != enlivened(still(600), replace(settings, seed=5))
    twice = enlivened(still(1200, 60.0), settings)
    np.testing.assert_allclose(twice.eyelids[::2], first.eyelids, atol=1e-6)
    np.testing.assert_allclose(twice.neck_pose[::2], first.neck_pose, atol=1e-6)
    np.testing.assert_allclose(twice.eyes_pose[::2], first.eyes_pose, atol=1e-6)


def test_each_motion_is_by_itself():
    whole = enlivened(still(300), Liveliness())
    blinks = enlivened(still(300), Liveliness(saccades=0.0, head_degrees=0.0))
    np.testing.assert_array_equal(blinks.eyelids, whole.eyelids)
    assert not blinks.eyes_pose.any()
    assert not blinks.neck_pose.any()
    assert enlivened(waving(50), Liveliness(blinks=0, saccades=0, head_degrees=0)) == waving(50)


def test_what_the_clip_does_stays_beneath():
    clip = waving(300, 30.0)
    made = enlivened(clip, Liveliness(head_degrees=1.0))
    added = np.rad2deg(np.linalg.norm(relative(clip.neck_pose, made.neck_pose), axis=1))
    assert 0.2 < added.mean() < 3.0
    assert (made.eyelids >= clip.eyelids).all()
    np.testing.assert_array_equal(made.expr, clip.expr)
    both = np.rad2deg(relative(clip.eyes_pose.reshape(-1, 2, 3), made.eyes_pose.reshape(-1, 2, 3)))
    np.testing.assert_allclose(both[:, 0], both[:, 1], atol=1e-3)  # both eyes look the same way


def test_an_eye_that_the_expression_closes_is_not_closed_twice():
    clip = still(600).replace(expr=np.tile([1.0, 0.0, 0.0, 0.0], (600, 1)))
    made = enlivened(clip, Liveliness(), own=(0, 1))
    assert made.eyelids[:, 0].max() == 0.0
    assert made.eyelids[:, 1].max() > 0.9


def test_heads_without_lids_blink_by_their_expression():
    directions = np.array([[0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]])
    made = enlivened(still(600), Liveliness(), directions)
    assert not made.eyelids.any()
    np.testing.assert_allclose(made.expr[:, 2], 1.5 * made.expr[:, 1], atol=1e-6)
    assert made.expr[:, 1].max() > 1.8


@pytest.mark.parametrize(
    "wrong", [{"blinks": -1.0}, {"saccades": 999.0}, {"eye_degrees": float("nan")}, {"seed": -1}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(StudioError):
        enlivened(still(10), Liveliness(**wrong))


def test_a_still_takes_it():
    assert len(enlivened(still(1), Liveliness())) == 1
