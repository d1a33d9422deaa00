"""Sounds from the command line: what they are, and films that carry them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from studio.document.document import Document
from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.flame.model import HeadModel
from studio.session.state import State
from studio.session.writing import write_session
from tests.cli.shell import Grey, answer, run
from tests.export.test_film_sound import RATE, heard, lag, murmur
from tests.sound.sounds import FORMATS, content, sine, write

SMALL = ("--size", "64x64", "--samples", 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_info_of_a_sound(tmp_path: Path, renderer: Grey, capsys: Any, kind: str) -> None:
    path = write(tmp_path / "voice", sine(1.5, 44_100, channels=2), 44_100, kind)
    assert run("info", path, "--json") == 0
    told = answer(capsys)
    assert (told["kind"], told["rate"], told["channels"]) == ("sound", 44_100, 2)
    assert told["seconds"] == pytest.approx(1.5, abs=0.06)
    assert told["peak"] == pytest.approx(0.5, abs=0.05)
    assert kind in told["title"].lower()


def test_info_of_a_sound_that_is_cut_short(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(content(sine(1.0))[:8000])
    assert run("info", path, "--json") == 0
    assert "cut short" in answer(capsys)["notices"][0]
    path.write_bytes(b"RIFF\xff\xff\xff\x00WAVE" + bytes(200))
    assert run("info", path, "--json") == 1
    assert "is damaged" in answer(capsys)["problems"][0]


def test_a_film_carries_the_sound_at_its_offset(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any
) -> None:
    wave = murmur(2.0)
    voice, film = write(tmp_path / "voice.wav", wave, RATE), tmp_path / "film.mp4"
    words = ("--sound", voice, "--sound-offset", -0.5)
    assert run("export", clip_file, "-o", film, *words, *SMALL, "--json") == 0
    told = answer(capsys)
    seconds = told["frames"] / told["fps"]
    got = heard(film)
    assert len(got) / RATE == pytest.approx(seconds, abs=1 / told["fps"])
    late, likeness = lag(got, wave[RATE // 2 : RATE // 2 + len(got), 0])
    assert abs(late) < RATE * 0.005
    assert likeness > 0.95


@pytest.mark.parametrize("words", [("export",), ("turntable", "--playing", "--seconds", 0.3)])
def test_a_film_tells_that_its_sound_is_cut_short(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any, words: tuple[Any, ...]
) -> None:
    cut, film = tmp_path / "cut.wav", tmp_path / "film.mp4"
    cut.write_bytes(content(sine(1.0))[:8000])
    assert run(*words, clip_file, "-o", film, "--sound", cut, *SMALL, "--json") == 0
    assert [notice for notice in answer(capsys)["notices"] if "cut.wav is cut short: 0.5 s" in notice]


def test_a_still_lasts_as_long_as_its_sound(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    voice, film = write(tmp_path / "voice.wav", murmur(0.6), RATE), tmp_path / "film.mp4"
    assert run("export", "neutral", "-o", film, "--sound", voice, *SMALL, "--json") == 0
    told = answer(capsys)
    assert told["frames"] == 0.6 * told["fps"]
    assert imageio_ffmpeg.count_frames_and_secs(str(film))[0] == told["frames"]
    assert np.abs(heard(film)).max() > 0.1


def test_the_sound_of_a_session_is_in_its_film_unless_it_is_not_wanted(
    tmp_path: Path, renderer: Grey, tiny_model: HeadModel, capsys: Any
) -> None:
    from dataclasses import replace

    document = Document(tiny_model)
    document.set(
        takes=(replace(document.take, length=15),),
        sound=SoundTrack(Media("gone.wav", content(murmur(1.0), RATE)), 0.0, False, 0.5),
    )
    session = tmp_path / "a.flame"
    write_session(session, State.of(document))
    film = tmp_path / "film.mp4"
    assert run("export", session, "-o", film, *SMALL, "--json") == 0
    assert answer(capsys)["frames"] == 15
    assert 0.1 < np.abs(heard(film)).max() < 0.35
    assert run("export", session, "-o", tmp_path / "b.mp4", "--no-sound", *SMALL, "--json") == 0
    with pytest.raises(Exception, match="non-zero"):
        heard(tmp_path / "b.mp4")


def test_a_film_that_cannot_sound_is_told_before_it_is_drawn(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any
) -> None:
    voice = write(tmp_path / "voice.wav", sine())
    assert run("export", clip_file, "-o", tmp_path / "film.gif", "--sound", voice, *SMALL) == 1
    assert "would carry no sound; choose mp4, webm or mov." in capsys.readouterr().err
    assert run("export", clip_file, "-o", tmp_path / "film.mp4", "--sound", tmp_path / "no.wav", *SMALL) == 1
    assert "no.wav does not exist" in capsys.readouterr().err
    assert not (tmp_path / "film.mp4").exists()
