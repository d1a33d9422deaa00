"""The sound of a film: to the sample what belongs to its frames, and as long as they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.sound import reading
from studio.sound.mixdown import Mixdown, SoundSource
from studio.storage.errors import JobCancelled
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
    mixdown = Mixdown(source, first, count, fps)
    mixdown.write(tmp_path / "film.wav")
    got, rate = soundfile.read(tmp_path / "film.wav", dtype="float32", always_2d=True)
    assert rate == RATE
    np.testing.assert_array_equal(got, slow(wave, RATE, offset, first, count, fps, 0.5))
    assert abs(len(got) / rate - count / fps) < 1 / fps / 2


def test_what_is_muted_is_not_in_the_film(tmp_path):
    media = Media("voice.wav")
    assert SoundSource.of(SoundTrack(media, 0.5, False, 0.25)) == SoundSource(media, 0.5, 0.25)
    assert SoundSource.of(SoundTrack(media, muted=True)) is None
    assert SoundSource.of(SoundTrack(media, volume=0.0)) is None
    assert SoundSource.of(SoundTrack()) is None


def test_writing_stops_when_asked(tmp_path):
    source = SoundSource(Media(str(write(tmp_path / "a.wav", noise(100)))))
    with pytest.raises(JobCancelled):
        Mixdown(source, 0, 10, 30.0).write(tmp_path / "film.wav", lambda: True)


def test_a_full_disk_is_told_as_one(tmp_path):
    source = SoundSource(Media(str(write(tmp_path / "a.wav", noise(200_000)))))
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no full device on this system")
    with pytest.raises(OSError, match="No space left"):
        Mixdown(source, 0, 600, 30.0).write(full)
