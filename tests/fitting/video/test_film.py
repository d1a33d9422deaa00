"""Frames of films come evenly spaced in time, also where the film's own do not."""

from __future__ import annotations

import subprocess

import imageio.v2 as imageio
import numpy as np
import pytest

from studio.fitting.video.film import first_frame, frames_of, is_film, open_film
from studio.storage.ffmpeg_program import ffmpeg_program
from tests.fitting.video.films import WRITING

FAST, SLOW, COUNT = 20.0, 5.0, 12  # frames a second, of each of them so many


def brightness(seconds: float) -> float:
    return 30.0 + 60.0 * seconds


@pytest.fixture
def variable(tmp_path):
    """A film that gets brighter with time; at first a frame lasts 50 ms, then 200 ms."""
    times = [number / FAST for number in range(COUNT)]
    times += [times[-1] + (number + 1) / SLOW for number in range(COUNT)]
    even = tmp_path / "even.mp4"
    with imageio.get_writer(even, fps=FAST, quality=9, **WRITING) as writer:
        for seconds in times:
            writer.append_data(np.full((48, 64, 3), round(brightness(seconds)), np.uint8))
    path = tmp_path / "variable.mp4"
    last = (COUNT - 1) / FAST
    spaced = f"setpts='if(lt(N,{COUNT}),N/{FAST},{last}+(N-{COUNT - 1})/{SLOW})/TB'"
    command = [ffmpeg_program("test"), "-v", "error", "-i", str(even), "-vf", spaced, "-fps_mode", "vfr"]
    subprocess.run([*command, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path, times[-1]


def test_frames_of_a_variable_rate_are_evenly_spaced_in_time(variable):
    path, last = variable
    film = open_film(path)
    assert 2 * COUNT / (last + 0.3) < film.fps <= FAST
    seen = [float(frame.mean()) for frame in frames_of(film)]
    assert len(seen) == pytest.approx(last * film.fps, abs=3)
    assert not film.is_short(len(seen))
    wanted = [brightness(number / film.fps) for number in range(len(seen))]
    assert np.abs(np.subtract(seen, wanted)).max() < 60.0 / SLOW + 4.0


def test_a_film_is_told_by_its_content_and_has_a_first_frame(variable, tmp_path):
    path, _ = variable
    renamed = path.rename(tmp_path / "film.dat")
    assert is_film(renamed)
    assert first_frame(renamed).shape == (48, 64, 3)
    assert not is_film(tmp_path / "nowhere.mp4")
