"""What films in each format hold, decoded by ffmpeg and compared with the pictures that were drawn."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from studio.export.encoders import Reel
from studio.export.film import FilmJob
from studio.export.film_formats import FORMATS, film_size, has_alpha, has_sound, why_silent
from studio.export.films import write_film
from studio.export.matte import underpaint
from studio.export.turntable import TurntableJob
from studio.flame.params import Params
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.rates import exact_rate

SIZE = (98, 66)


def decoded(path: Path, size: tuple[int, int]) -> np.ndarray:
    """The frames (T, H, W, 4) of a film as ffmpeg shows them."""
    codec = ["-c:v", "libvpx-vp9"] if path.suffix == ".webm" else []  # ffmpeg's own VP9 knows no alpha
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *codec, "-i", str(path)]
    command += ["-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 4)


def told(path: Path) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, check=False).stderr.decode()


def disc(index: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A skin-coloured disc with a soft rim that wanders over nothing, straight alpha, black outside."""
    width, height = size
    x, y = np.meshgrid(np.arange(width) - 34.0 - 3.0 * index, np.arange(height) - 33.0)
    alpha = np.clip(24.0 - np.hypot(x, y), 0.0, 4.0) / 4.0
    picture = np.zeros((height, width, 4), np.uint8)
    picture[..., 3] = np.rint(255.0 * alpha)
    seen = alpha > 0
    picture[seen, 0] = 214
    picture[seen, 1] = (140 + x[seen]).astype(np.uint8)
    picture[seen, 2] = 110
    return picture


def colours(size: tuple[int, int] = SIZE) -> np.ndarray:
    """Patches of colours, as a face and a screen have them."""
    picture = np.full((size[1], size[0], 4), 255, np.uint8)
    patches = [(224, 172, 140), (60, 42, 36), (31, 33, 37), (255, 138, 61), (74, 163, 255), (250, 250, 250)]
    for index, patch in enumerate(patches):
        picture[:, index * size[0] // 6 : (index + 1) * size[0] // 6, :3] = patch
    return picture


def over(picture: np.ndarray, ground: float) -> np.ndarray:
    """``picture`` with straight alpha laid over grey."""
    alpha = picture[..., 3:].astype(float) / 255.0
    return picture[..., :3] * alpha + ground * (1.0 - alpha)


def write(path: Path, frames: list[np.ndarray], **facts: Any) -> Path:
    size = (frames[0].shape[1], frames[0].shape[0])
    write_film(path, iter(frames), Reel(size, facts.pop("fps", 24.0), len(frames), "Free for tests", **facts))
    return path


@pytest.mark.parametrize("ending", [".webm", ".mov"])
def test_transparent_films_are_the_pictures_that_were_drawn(tmp_path, ending):
    frames = [disc(index) for index in range(6)]
    path = write(tmp_path / f"disc{ending}", frames, transparent=True)
    shown = decoded(path, SIZE)
    assert len(shown) == 6
    for drawn, seen in zip(frames, shown, strict=True):
        assert np.abs(drawn[..., 3].astype(int) - seen[..., 3]).max() <= (6 if ending == ".webm" else 1)
        inside = drawn[..., 3] == 255
        difference = np.abs(drawn[inside].astype(int) - seen[inside])
        assert difference.mean() < 2.0
        for ground in (0.0, 255.0):  # neither a dark nor a bright rim
            rim = np.abs(over(drawn, ground) - over(seen, ground)).max()
            assert rim <= (10 if ending == ".webm" else 4)


@pytest.mark.parametrize("ending", [".mp4", ".webm", ".mov"])
def test_colours_come_back(tmp_path, ending):
    path = write(tmp_path / f"patches{ending}", [colours()] * 4)
    shown = decoded(path, SIZE)[1]
    middle = np.s_[20:50]
    for index in range(6):
        column = index * SIZE[0] // 6 + SIZE[0] // 12
        wanted, seen = colours()[30, column, :3], shown[middle, column, :3].mean(axis=0)
        assert np.abs(seen - wanted).max() <= 3.0, index
    assert (shown[..., 3] == 255).all()
    assert "bt709" in told(path)


def test_films_that_are_not_transparent_have_no_alpha(tmp_path):
    for ending, form in ((".webm", "yuv420p"), (".mov", "yuv444p")):
        path = write(tmp_path / f"opaque{ending}", [colours()] * 2)
        assert form in told(path)
        assert "alpha_mode" not in told(path)


@pytest.mark.parametrize("ending", [".mp4", ".webm", ".mov", ".gif", ".webp"])
def test_sizes_are_what_was_asked_for_or_even(tmp_path, renderer, shot, ending):
    path = tmp_path / f"odd{ending}"
    TurntableJob(renderer, replace(shot, size=(51, 33)), path, 0.5, 10.0).run(lambda _: None, lambda: False)
    wanted = (52, 34) if ending == ".mp4" else (51, 33)
    assert film_size(path, (51, 33)) == wanted
    if ending == ".webp":
        with Image.open(path) as image:
            assert image.size == wanted
    else:
        assert f"{wanted[0]}x{wanted[1]}" in told(path)


def test_what_formats_can_hold():
    assert {f.key for f in FORMATS if f.transparent} == {"webm", "mov", "webp", "frames"}
    assert {f.key for f in FORMATS if f.sound} == {"mp4", "webm", "mov"}
    for name, alpha, sound in (
        ("a.MP4", False, True),
        ("a.webm", True, True),
        ("a.mov", True, True),
        ("a.gif", False, False),
        ("a", True, False),
        ("a_%03d.jpg", False, False),
        ("a_%03d.png", True, False),
    ):
        assert (has_alpha(Path(name)), has_sound(Path(name))) == (alpha, sound)
    assert why_silent(Path("a.gif")) == "a.gif is silent: GIF carries no sound; MP4, WebM and MOV do."
    assert "PNG frames carry no sound" in why_silent(Path("a"))


@pytest.mark.parametrize("ending", [".mp4", ".mov", ".webm"])
def test_a_film_lasts_as_long_as_its_frames(tmp_path, ending):
    count = 24
    path = write(tmp_path / f"film{ending}", [colours()] * count, fps=23.976)
    seconds = float(re.search(r"Duration: 00:00:([\d.]+)", told(path))[1])
    assert seconds == pytest.approx(count * 1001 / 24000, abs=0.011)
    assert len(decoded(path, SIZE)) == count


@pytest.fixture
def clip(tiny_model) -> Clip:
    """Thirty frames at 30 fps, each shifted by 1 mm."""
    still = Clip.still(Params.neutral(tiny_model), 30.0)
    shift = np.zeros((30, 3))
    shift[:, 0] = 0.001 * np.arange(30)
    channels = {name: np.repeat(getattr(still, name), 30, axis=0) for name in CHANNELS}
    return still.replace(**{**channels, "translation": shift}, fps=30.0)


def shifts(renderer):
    first = renderer.shots[0].surface.vertices[0, 0]
    return np.array([float(drawn.surface.vertices[0, 0] - first) for drawn in renderer.shots])


@pytest.mark.parametrize(("fps", "count"), [(24.0, 24), (60.0, 60), (30.0, 30), (29.97, 30), (10.0, 10)])
def test_another_rate_takes_as_long_and_shows_what_lies_between(
    tmp_path, renderer, backend, shot, clip, fps, count
):
    job = FilmJob(renderer, backend, clip, shot, tmp_path / "film.mp4", fps=fps)
    assert job.count == count
    job.run(lambda _: None, lambda: False)
    assert len(renderer.shots) == count
    wanted = np.minimum(np.arange(count) * 30.0 / float(exact_rate(fps)), 29.0) * 0.001
    np.testing.assert_allclose(shifts(renderer), wanted, atol=1e-6)


def test_the_camera_goes_its_way(tmp_path, renderer, backend, shot, clip):
    def way(position):
        return shot.camera.replace(azimuth=0.01 * position)

    path = tmp_path / "film.mp4"
    FilmJob(renderer, backend, clip, shot, path, first=5, last=14, fps=15.0, camera=way).run(
        lambda _: None, lambda: False
    )
    np.testing.assert_allclose([drawn.camera.azimuth for drawn in renderer.shots], 0.05 + 0.02 * np.arange(5))


def test_colours_under_nothing_are_those_nearby():
    picture = disc(0)
    painted = underpaint(picture)
    assert np.array_equal(painted[..., 3], picture[..., 3])
    seen = picture[..., 3] > 0
    assert np.array_equal(painted[seen], picture[seen])
    hidden = painted[~seen][:, :3].astype(int)
    assert np.abs(hidden - picture[seen][:, :3].mean(axis=0)).max() < 40
    nothing = np.zeros((8, 8, 4), np.uint8)
    assert underpaint(nothing) is nothing
