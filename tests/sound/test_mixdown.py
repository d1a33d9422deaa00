"""The sound of a film: to the sample what belongs to its frames, and as long as they are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.sequence.playback import Course
from studio.sound import reading
from studio.sound.mixdown import CourseMixdown, Mixdown, SoundSource
from studio.storage.errors import StudioError
from tests.sound.sounds import RATE, noise, write


def slow(samples, rate, offset, first, count, fps, gain):
    """Each sample of the film looked up on its own, in exact numbers."""
    begin = round((Fraction(first) / Fraction(fps) - Fraction(offset)) * rate)
    length = max(round(Fraction(count) / Fraction(fps) * rate), 1)
    rows = np.zeros((length, samples.shape[1]), np.float32)
    for index in range(length):
        if 0 <= begin + index < len(samples):
            rows[index] = samples[begin + index] * np.float32(gain)
    return rows


@pytest.mark.parametrize("offset", [0.0, 0.5, -0.25, 3.0, -9.0])
@pytest.mark.parametrize(
    ("first", "count", "fps"), [(0, 30, 30.0), (12, 25, 24.0), (7, 40, 29.97), (0, 1, 60.0)]
)
def test_every_sample_is_the_one_of_its_moment(tmp_path, monkeypatch, offset, first, count, fps):
    monkeypatch.setattr(reading, "BLOCK", 777)
    wave = noise(RATE, 2)
    source = SoundSource(Media(str(write(tmp_path / "a.wav", wave))), offset, 0.5)
    mixdown = Mixdown(source, first / fps, count / fps)
    got = np.concatenate(list(mixdown.blocks()))
    assert (mixdown.rate, mixdown.channels, mixdown.count) == (RATE, 2, len(got))
    np.testing.assert_array_equal(got, slow(wave, RATE, offset, first, count, fps, 0.5))
    assert abs(len(got) / RATE - count / fps) <= 0.5 / RATE


def test_what_is_muted_is_not_in_the_film(tmp_path):
    media = Media("voice.wav")
    assert SoundSource.of(SoundTrack(media, 0.5, False, 0.25)) == SoundSource(media, 0.5, 0.25)
    assert SoundSource.of(SoundTrack(media, muted=True)) is None
    assert SoundSource.of(SoundTrack(media, volume=0.0)) is None
    assert SoundSource.of(SoundTrack()) is None


def test_a_film_that_plays_over_and_over_hears_the_sound_over_and_over(tmp_path):
    wave = noise(RATE)
    source = SoundSource(Media(str(write(tmp_path / "a.wav", wave))), 0.0, 0.5)
    mixdown = CourseMixdown(source, Course(0.0, 20.0, 1.0, 0, 9, True), 2.0)
    got = np.concatenate(list(mixdown.blocks()))
    assert (mixdown.rate, mixdown.channels) == (RATE, 2)
    half = wave[: RATE // 2, 0] * np.float32(0.5)
    np.testing.assert_array_equal(got, np.stack([np.tile(half, 4)] * 2, axis=1))


def test_six_channels_are_one_in_the_film(tmp_path):
    wave = noise(RATE, 6)
    mixdown = Mixdown(SoundSource(Media(str(write(tmp_path / "a.wav", wave)))), 0.5, 1.0)
    got = np.concatenate(list(mixdown.blocks()))
    assert mixdown.channels == got.shape[1] == 1
    np.testing.assert_allclose(got[: RATE // 2, 0], wave[RATE // 2 :].mean(axis=1), atol=1e-6)
    assert not got[RATE // 2 :].any()


def test_a_sound_that_cannot_be_read_stops_the_film(tmp_path):
    with pytest.raises(StudioError, match="does not exist"):
        _ = Mixdown(SoundSource(Media(str(tmp_path / "gone.wav"))), 0.0, 1.0).rate
