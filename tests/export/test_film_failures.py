"""Films that cannot be finished: one sentence or a clean end, no file, no process left."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from studio.export import ffmpeg
from studio.export.encoders import Reel
from studio.export.films import write_film
from studio.jobs.job import JobCancelled
from studio.storage.errors import StudioError

SIZE = (320, 240)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


@pytest.fixture
def encoders(monkeypatch) -> list[subprocess.Popen]:
    """Every encoder that was started."""
    started = []
    popen = subprocess.Popen

    def note(*arguments, **options):
        process = popen(*arguments, **options)
        if "rawvideo" in arguments[0]:  # and not the question for its version
            started.append(process)
        return process

    monkeypatch.setattr(ffmpeg.subprocess, "Popen", note)
    return started


def noise(count, then=lambda index: None):
    """Frames that compress badly; ``then`` is called before each."""
    random = np.random.default_rng(3)
    for index in range(count):
        then(index)
        yield random.integers(0, 255, (SIZE[1], SIZE[0], 4), np.uint8)


def reel(count):
    return Reel(SIZE, 24.0, count, "Free for tests")


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.mov", "film.gif"])
def test_an_encoder_that_dies_is_told_and_nothing_is_left(tmp_path, encoders, name):
    def kill(index):
        if index == 3:
            encoders[0].kill()

    with pytest.raises(StudioError, match=r"ended from outside; save it again\.$"):
        write_film(tmp_path / name, noise(200, kill), reel(200))
    assert list(tmp_path.iterdir()) == []
    assert encoders[0].returncode is not None


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.mov"])
def test_cancelling_ends_an_encoder_that_does_not_listen(tmp_path, encoders, name):
    cancelled = threading.Event()

    def stop(index):
        if index == 3:
            encoders[0].send_signal(signal.SIGSTOP)  # the pipe fills, and the next frames have to wait
            threading.Timer(0.2, cancelled.set).start()

    with pytest.raises(JobCancelled):
        write_film(tmp_path / name, noise(200, stop), reel(200), cancelled.is_set)
    assert list(tmp_path.iterdir()) == []
    assert encoders[0].returncode == -signal.SIGKILL


def test_cancelling_ends_an_encoder_that_still_has_much_to_do_behind_the_last_frame(tmp_path, encoders):
    cancelled = threading.Event()

    def stop(index):
        if index == 9:
            encoders[0].send_signal(signal.SIGSTOP)
            threading.Timer(0.2, cancelled.set).start()

    few = (frame[:24, :32] for frame in noise(10, stop))  # all fit into the pipe
    with pytest.raises(JobCancelled):
        write_film(tmp_path / "a.mp4", few, Reel((32, 24), 24.0, 10, ""), cancelled.is_set)
    assert list(tmp_path.iterdir()) == []
    assert encoders[0].returncode is not None


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film.mov", "film.gif"])
def test_a_film_too_large_for_the_disk(tmp_path, monkeypatch, name):
    import resource

    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, 20_000))
    small = functools.partial(subprocess.Popen, preexec_fn=limit)
    monkeypatch.setattr(ffmpeg.subprocess, "Popen", small)
    with pytest.raises(StudioError, match=r"was not written: it grows too large for the disk; choose .*\.$"):
        write_film(tmp_path / name, noise(60), reel(60))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["frames", "frame_%03d.png", "film.webp"])
def test_frames_too_large_for_the_disk(tmp_path, name):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(StudioError, match=r"was not written: it grows too large for the disk"):
            write_film(tmp_path / name, noise(3), reel(3))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_under_the_encoder(tmp_path, monkeypatch):
    words = tmp_path / "words"
    words.write_text("[out#0/mp4] Error writing trailer: No space left on device")
    with words.open("rb") as stream, pytest.raises(OSError, match="No space left"):
        ffmpeg._complain(stream, 1)


def test_an_older_film_stays_when_a_new_one_fails(tmp_path, encoders):
    older = tmp_path / "film.mp4"
    older.write_bytes(b"older")
    with pytest.raises(StudioError):
        write_film(older, noise(200, lambda index: index == 3 and encoders[0].kill()), reel(200))
    assert older.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [older]


def test_a_sound_that_cannot_be_read_starts_no_encoder(tmp_path, encoders):
    class Broken:
        rate, channels = 48000, 1

        def blocks(self):
            raise StudioError("voice.wav is cut short; get it again.")
            yield

    facts = Reel(SIZE, 24.0, 3, "", sound=Broken())
    with pytest.raises(StudioError, match="cut short"):
        write_film(Path(tmp_path / "a.mp4"), noise(3), facts)
    assert encoders == []
    assert list(tmp_path.iterdir()) == []
