"""Sound files of every kind in, bounded; what is no sound, or none that can be, is one clear sentence."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.media import Media
from studio.sound import reading
from studio.sound.reading import sound_blocks, sound_facts
from studio.sound.sound import load_sound, sound_notice
from studio.sound.store import SampleStore
from studio.storage.errors import JobCancelled, StudioError
from tests.sound.sounds import FORMATS, RATE, content, noise, sine, wav_header, write


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("embedded", [False, True])
def test_every_kind_is_told_by_its_content(tmp_path, kind, embedded):
    wave = sine(1.0, 44100, channels=2)
    path = write(tmp_path / "sound.txt", wave, 44100, kind)
    media = Media("sound.txt", path.read_bytes()) if embedded else Media(str(path))
    facts = sound_facts(media)
    assert (facts.container, facts.rate, facts.channels) == (kind, 44100, 2)
    assert facts.seconds == pytest.approx(1.0, abs=0.06)
    sound = load_sound(media)
    assert sound.samples.dtype == np.float32
    assert sound.samples.shape[1] == 2
    assert not sound.samples.flags.writeable
    assert not sound.notice
    assert len(sound.samples) > reading.BLOCK / 2
    common = min(len(wave), len(sound.samples))
    likeness = np.corrcoef(sound.samples[:common, 0], wave[:common, 0])[0, 1]
    assert likeness > 0.99


def test_wav_and_flac_give_every_sample_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 1000)
    wave = noise(10_007, 2)
    for kind in ("wav", "flac"):
        media = Media(str(write(tmp_path / kind, wave, kind=kind)))
        blocks = list(sound_blocks(media))
        assert max(block.size for block in blocks) <= 1000
        np.testing.assert_array_equal(np.concatenate(blocks), wave)


def test_more_than_two_channels_are_mixed_to_one(tmp_path):
    wave = noise(100, 6)
    sound = load_sound(Media(str(write(tmp_path / "six.wav", wave))))
    np.testing.assert_allclose(sound.samples, wave.mean(axis=1, keepdims=True), atol=1e-6)


def test_what_is_no_number_is_silence(tmp_path):
    wave = sine(0.1)
    wave[10:13, 0] = np.nan, np.inf, -1e30
    sound = load_sound(Media(str(write(tmp_path / "nan.wav", wave, encoding="FLOAT"))))
    assert sound.samples[10, 0] == sound.samples[11, 0] == 0.0
    assert sound.samples[12, 0] == -reading.LOUDEST
    assert np.isfinite(sound.peaks.levels[0]).all()
    assert sound.notice == "nan.wav has 2 samples that are no numbers: silence is played there."


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_is_cut_short_is_played_as_far_as_it_goes(kind):
    whole = content(noise(80_000) * 0.1, 44100, kind)
    sound = load_sound(Media(f"cut.{kind}", whole[: len(whole) * 2 // 3]))
    assert 0.2 < sound.seconds < 80_000 / 44100
    if kind in ("wav", "flac"):  # the others do not say how long they are
        assert "cut short" in sound.notice
        assert sound.notice.startswith("cut.")
    assert sound_notice(Media(f"cut.{kind}", whole[: len(whole) * 2 // 3])) == sound.notice


BAD = {
    "text": (b"these are no samples\n" * 100, "is a text file and no sound"),
    "empty": (b"", "is an empty file"),
    "header alone": (wav_header(), "has no samples"),
    "noise behind a header": (b"RIFF\xff\xff\xff\x00WAVE" + bytes(range(256)) * 8, "is damaged"),
    "flac without anything": (b"fLaC" + b"\x01" * 500, "is damaged"),
    "ogg without anything": (b"OggS" + b"\x01" * 500, "is damaged"),
    "mp3 without anything": (b"ID3" + b"\x00" * 500, "is damaged"),
    "1 Hz": (wav_header(1, 1, 200) + bytes(200), "has 1 samples a second"),
    "1 MHz": (wav_header(1_000_000, 1, 200) + bytes(200), "has 1000000 samples a second"),
    "64 channels": (wav_header(RATE, 64, 1280) + bytes(1280), "has 64 channels"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG picture"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_sentence(tmp_path, name):
    data, said = BAD[name]
    path = tmp_path / "voice.wav"
    path.write_bytes(data)
    for media in (Media(str(path)), Media("voice.wav", data)):
        with pytest.raises(StudioError, match=r"voice\.wav") as caught:
            load_sound(media)
        assert said in str(caught.value)


def test_absurd_lengths_are_refused_before_they_are_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST", 1)
    media = Media(str(write(tmp_path / "long.wav", sine(1.5))))
    with pytest.raises(StudioError, match=r"long.wav is longer than"):
        next(sound_blocks(media))


def test_a_stream_that_never_ends_is_stopped(tmp_path, monkeypatch):
    media = Media(str(write(tmp_path / "long.wav", sine(3.0))))
    facts = sound_facts(media)
    monkeypatch.setattr(reading, "LONGEST", 1)
    monkeypatch.setattr(reading, "BLOCK", 1000)
    monkeypatch.setattr(reading, "_check", lambda media, facts: None)  # as of one that does not say it
    given = []
    with pytest.raises(StudioError, match="longer than"):
        given.extend(sound_blocks(media))
    assert sum(map(len, given)) <= facts.rate + 1000


def test_no_other_computer_is_asked():
    with pytest.raises(StudioError, match="on another computer"):
        load_sound(Media("\\\\server\\share\\voice.wav"))


def test_a_missing_file_and_none_at_all(tmp_path):
    with pytest.raises(StudioError, match="does not exist"):
        load_sound(Media(str(tmp_path / "gone.wav")))
    with pytest.raises(StudioError, match="choose a file"):
        load_sound(Media())


def test_loading_stops_when_asked(tmp_path):
    media = Media(str(write(tmp_path / "voice.wav", sine(1.0))))
    with pytest.raises(JobCancelled):
        load_sound(media, lambda: True)


def test_long_sounds_go_through_the_disk_and_are_the_same(tmp_path):
    wave = noise(5000, 2)
    media = Media(str(write(tmp_path / "voice.wav", wave)))
    sound = load_sound(media, in_memory=1000)
    assert isinstance(sound.samples, np.memmap)
    np.testing.assert_array_equal(sound.samples, wave)


def test_a_full_disk_is_a_sentence(monkeypatch):
    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    monkeypatch.setattr("studio.sound.store.tempfile.TemporaryFile", lambda prefix, dir: Full())
    with pytest.raises(StudioError, match="No space left"):
        SampleStore(in_memory=10).add(noise(100))
