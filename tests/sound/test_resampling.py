"""A sound at the rate of another card: the same tones at the same moments, and nothing that was not there."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sound.resampling import resampled
from studio.storage.errors import JobCancelled
from tests.sound.sounds import sine


@pytest.mark.parametrize("wanted", [48_000, 44_100, 8000])
def test_a_tone_is_the_same_tone(wanted):
    wave = sine(3.0, 22_050, hertz=440.0, channels=2)
    made = resampled(wave, 22_050, wanted)
    assert len(made) == pytest.approx(3.0 * wanted, abs=2)
    inner = slice(wanted // 10, -wanted // 10)
    np.testing.assert_allclose(made[inner], sine(3.0, wanted, 440.0, 2)[: len(made)][inner], atol=1e-3)


def test_what_the_card_cannot_play_is_left_out_and_not_folded_down():
    made = resampled(sine(1.0, 44_100, hertz=9000.0), 44_100, 8000)
    assert np.abs(made[800:-800]).max() < 1e-3


def test_the_same_rate_is_the_same_array():
    wave = sine()
    assert resampled(wave, 8000, 8000.0) is wave


def test_it_stops_when_asked():
    with pytest.raises(JobCancelled):
        resampled(sine(), 8000, 44_100, lambda: True)
