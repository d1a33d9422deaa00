"""The one place where ffmpeg is looked for: who writes films and who reads them hear the same of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from studio.export.ffmpeg import Feed, described, stream_frames
from studio.live.film import Film
from studio.storage.errors import StudioError
from studio.storage.ffmpeg_program import READING, ffmpeg_program


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ffmpeg on this system."""

    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", missing)


def test_it_can_be_started() -> None:
    done = subprocess.run([ffmpeg_program(), "-version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"ffmpeg version")


@pytest.mark.usefixtures("without")
def test_without_it_everything_says_what_to_do(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    sentence = "Films need ffmpeg, which was not found on this system; install ffmpeg"
    for reading in (Film, described):
        with pytest.raises(StudioError) as told:
            reading(film)
        assert str(told.value) == f"{sentence}."
    with pytest.raises(StudioError) as told:
        stream_frames(tmp_path / "new.mp4", [], Feed((64, 64), 30.0), [])
    assert str(told.value) == f"{sentence}, or save a folder of PNG frames or an animated WebP."


def test_no_other_place_than_this_machine_s_files_is_read() -> None:
    command = [ffmpeg_program(), *READING, "-i", "http://127.0.0.1:9/a.mp4"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"whitelist" in done.stderr
