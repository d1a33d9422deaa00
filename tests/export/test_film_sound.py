"""Films carry their sound: as long as the picture, and at the moments where it belongs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from studio.document.media import Media
from studio.export.encoders import Reel
from studio.export.film import FilmJob
from studio.export.film_sound import with_sound
from studio.export.films import write_film
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.sequence.layers import held
from studio.sound.mixdown import Mixdown, SoundSource
from tests.sound.sounds import noise, write

RATE = 48_000


def heard(path: Path) -> np.ndarray:
    """The samples of a film's first channel, decoded by ffmpeg."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vn"]
    command += ["-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32)


def murmur(seconds: float) -> np.ndarray:
    """Low noise, which every codec keeps, and in which every place is another."""
    rough = noise(round(seconds * RATE), seed=5)[:, 0]
    smooth = np.convolve(rough, np.hanning(48), "same")
    return (0.5 * smooth / np.abs(smooth).max())[:, None].astype(np.float32)


def lag(got: np.ndarray, wanted: np.ndarray) -> tuple[int, float]:
    """How many samples later ``got`` has ``wanted``, and how much alike they are then."""
    count = min(len(got), len(wanted))
    size = 1 << (2 * count).bit_length()
    product = np.fft.irfft(np.fft.rfft(got[:count], size) * np.conj(np.fft.rfft(wanted[:count], size)), size)
    best = int(np.argmax(product))
    likeness = float(product[best] / np.linalg.norm(got[:count]) / np.linalg.norm(wanted[:count]))
    return (best if best < size // 2 else best - size), likeness


@pytest.mark.parametrize("ending", [".mp4", ".webm", ".mov"])
@pytest.mark.parametrize("offset", [0.0, 0.25, -0.5])
def test_a_film_sounds_like_its_frames(tmp_path: Path, ending: str, offset: float) -> None:
    wave, fps, first, count = murmur(4.0), 25.0, 10, 50
    source = SoundSource(Media(str(write(tmp_path / "voice.wav", wave, RATE))), offset)
    mixdown = Mixdown(source, first / fps, count / fps)
    path = tmp_path / f"film{ending}"
    frames = (np.full((32, 32, 4), index, np.uint8) for index in range(count))
    write_film(path, frames, Reel((32, 32), fps, count, "", sound=mixdown))
    assert imageio_ffmpeg.count_frames_and_secs(str(path))[0] == count
    got = heard(path)
    assert len(got) / RATE == pytest.approx(count / fps, abs=1 / fps)
    begin = round((first / fps - offset) * RATE)
    late, likeness = lag(got, wave[begin : begin + len(got), 0])
    assert abs(late) < RATE * 0.005
    assert likeness > 0.95


@pytest.mark.parametrize(
    ("rate", "fps", "begin", "seconds"),
    [
        (25.0, None, 0.4, 1.0),
        (29.97, None, 10 * 1001 / 30000, 25 * 1001 / 30000),
        (25.0, 50.0, 0.4, 1.0),
        (30.0, 24.0, 1 / 3, 20 / 24),
    ],
)
def test_the_sound_begins_with_the_first_frame_and_ends_with_the_last(
    tmp_path: Path, rate: float, fps: float | None, begin: float, seconds: float
) -> None:
    clip: Any = Clip.still(Params.zeros(3, 4), rate)
    clip = held(clip, 100)
    nothing: Any = None
    job = FilmJob(nothing, nothing, clip, nothing, tmp_path / "a.mp4", first=10, last=34, fps=fps)
    sound = with_sound(job, SoundSource(Media("voice.wav"))).sound
    assert isinstance(sound, Mixdown)
    assert sound.begin == pytest.approx(begin, rel=1e-5)
    assert sound.seconds == pytest.approx(seconds, rel=1e-9)
    assert with_sound(job, None) is job
