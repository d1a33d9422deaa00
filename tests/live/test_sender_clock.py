"""Times of frames that a network delivers unevenly."""

from __future__ import annotations

import numpy as np
import pytest

from studio.live.sender_clock import SenderClock

RATE = 60.0


def timed(told, came):
    clock = SenderClock()
    return np.array([clock.time(*pair) for pair in zip(told, came, strict=True)])


def test_frames_that_come_in_bursts_get_the_even_times_at_which_they_were_seen():
    rng = np.random.default_rng(1)
    told = np.arange(600) / RATE
    came = 5_000.0 + np.maximum.accumulate(told + rng.exponential(0.015, 600))
    times = timed(told, came)[120:]
    assert np.diff(came[120:]).std() > 0.008
    assert np.diff(times).std() < 0.0005
    assert (times <= came[120:] + 1e-9).all()
    assert (came[120:] - times).mean() < 0.05


@pytest.mark.parametrize("drift", [-1e-3, 1e-3])
def test_clocks_that_drift_apart_stay_together(drift):
    seen = np.arange(60 * 600) / RATE
    times = timed(1_000.0 + (1.0 + drift) * seen, seen + 0.01)
    assert np.abs(times - seen).max() < 0.05


def test_a_sender_without_a_clock_is_timed_by_when_its_packets_come():
    came = np.array([1.0, 1.02, 1.05, 1.06])
    np.testing.assert_array_equal(timed(np.zeros(4), came), came)


@pytest.mark.parametrize("leap", [-90.0, -0.5, 0.5, 4_000.0])
def test_a_clock_that_is_set_begins_anew(leap):
    seen = np.arange(600) / RATE
    told = 500.0 + seen + leap * (seen > 5.0)
    np.testing.assert_allclose(timed(told, seen + 0.01), seen + 0.01, atol=0.003)


@pytest.mark.parametrize("rate", [24.0, 45.0, 90.0])
def test_a_sender_that_counts_at_another_rate_than_it_sends_is_timed_by_when_its_packets_come(rate):
    came = np.arange(300) / rate
    np.testing.assert_array_equal(timed(np.arange(300) / RATE, came), came)


def test_times_never_go_back():
    rng = np.random.default_rng(2)
    told = np.cumsum(rng.normal(0.02, 0.05, 500))
    came = np.cumsum(rng.exponential(0.02, 500))
    assert (np.diff(timed(told, came)) >= 0.0).all()
