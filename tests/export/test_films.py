from __future__ import annotations

import errno
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageSequence

from studio.export import ffmpeg
from studio.export.film import FilmJob
from studio.export.turntable import TurntableJob
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import JobCancelled, Progress
from studio.render.shot import Shot
from studio.sequence.clip import CHANNELS, Clip
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


def told_by_ffmpeg(path: Path) -> str:
    """What ffmpeg says of a file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, check=False).stderr.decode()


def turn(renderer: Any, shot: Shot, path: Path, **options: Any) -> Path:
    """A turntable of 8 frames."""
    return TurntableJob(renderer, shot, path, **{"seconds": 0.8, "fps": 10.0, **options}).run(nowhere, never)


@pytest.fixture
def clip(tiny_model: HeadModel) -> Clip:
    """Five frames at an odd rate, each shifted by 40 mm."""
    still = Clip.still(Params.neutral(tiny_model))
    shift = np.zeros((5, 3))
    shift[:, 0] = 0.04 * np.arange(5)
    channels = {name: np.repeat(getattr(still, name), 5, axis=0) for name in CHANNELS}
    return still.replace(**{**channels, "translation": shift}, fps=23.976)


def test_turntable_to_mp4(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = turn(renderer, replace(shot, size=(51, 33)), tmp_path / "turn.mp4")
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 8
    assert seconds == pytest.approx(0.8, abs=0.01)
    told = told_by_ffmpeg(path)
    assert "h264" in told
    assert "yuv420p" in told
    assert "52x34" in told
    assert "Free for tests" in told


def test_turntable_turns_once_around_evenly(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    turn(
        renderer, replace(shot, camera=shot.camera.replace(azimuth=0.3, elevation=0.2)), tmp_path / "turn.gif"
    )
    azimuths = [drawn.camera.azimuth for drawn in renderer.shots]
    np.testing.assert_allclose(np.diff(azimuths), 2.0 * np.pi / 8.0)
    assert azimuths[0] == pytest.approx(0.3)
    assert {drawn.camera.elevation for drawn in renderer.shots} == {0.2}


def test_mp4_shows_the_colours_that_were_drawn(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = turn(renderer, replace(shot, size=(64, 64)), tmp_path / "turn.mp4")
    reader = imageio_ffmpeg.read_frames(str(path))
    next(reader)
    first = np.frombuffer(next(reader), np.uint8).reshape(64, 64, 3).astype(int)
    reader.close()
    np.testing.assert_allclose(first[30, 4:60, 1], np.linspace(0, 255, 64)[4:60], atol=12)


def test_turntable_to_gif(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = turn(renderer, shot, tmp_path / "turn.gif")
    with Image.open(path) as image:
        assert image.n_frames == 8
        assert image.size == (48, 32)
        assert image.info["loop"] == 0
        assert b"Free for tests" in image.info["comment"]
        frames = list(ImageSequence.Iterator(image))
        assert sum(frame.info["duration"] for frame in frames) == pytest.approx(800, abs=20)
    assert imageio_ffmpeg.count_frames_and_secs(str(path))[0] == 8


def test_gif_keeps_its_length_at_rates_it_cannot_show(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = turn(renderer, shot, tmp_path / "turn.gif", seconds=1.0, fps=60.0)
    with Image.open(path) as image:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
    assert min(durations) >= 20
    assert sum(durations) == pytest.approx(1000, abs=40)


def test_turntable_to_webp(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = turn(renderer, replace(shot, transparent=True), tmp_path / "turn.webp", fps=30.0, seconds=0.4)
    with Image.open(path) as image:
        assert image.n_frames == 12
        assert "Free for tests" in image.getexif()[0x8298]
        total = 0
        for index in range(12):
            image.seek(index)
            image.load()
            total += image.info["duration"]
        assert total == pytest.approx(400, abs=2)
        assert np.asarray(image.convert("RGBA"))[0, 0, 3] == 0


def test_turntable_to_a_folder_of_png(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    folder = turn(renderer, replace(shot, transparent=True), tmp_path / "frames")
    names = sorted(entry.name for entry in folder.iterdir())
    assert names == [f"{index:05d}.png" for index in range(8)]
    with Image.open(folder / "00003.png") as image:
        assert image.mode == "RGBA"
        assert "Free for tests" in image.text["Copyright"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    (folder / "mine.txt").write_text("keep")
    with pytest.raises(StudioError, match="not an empty folder"):
        turn(renderer, shot, folder)
    assert renderer.shots == []
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]


def test_numbered_pictures(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    turn(renderer, shot, tmp_path / "head_%03d.jpg")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        f"head_{index:03d}.jpg" for index in range(8)
    ]


def test_film_has_the_clip_s_frames_and_rate(
    tmp_path: Path, renderer: Any, backend: Any, shot: Shot, clip: Clip
) -> None:
    path = FilmJob(renderer, backend, clip, shot, tmp_path / "clip.mp4").run(nowhere, never)
    assert imageio_ffmpeg.count_frames_and_secs(str(path))[0] == 5
    assert "23.98 fps" in told_by_ffmpeg(path)
    shown = [
        float(drawn.surface.vertices[0, 0] - renderer.shots[0].surface.vertices[0, 0])
        for drawn in renderer.shots
    ]
    np.testing.assert_allclose(shown, 0.04 * np.arange(5), atol=1e-6)
    assert {drawn.camera for drawn in renderer.shots} == {shot.camera}


def test_film_of_a_part(tmp_path: Path, renderer: Any, backend: Any, shot: Shot, clip: Clip) -> None:
    FilmJob(renderer, backend, clip, shot, tmp_path / "part", first=1, last=3).run(nowhere, never)
    assert len(list((tmp_path / "part").iterdir())) == 3


@pytest.mark.parametrize("rate", [1e12, 1e-9])
def test_film_at_a_rate_beyond_sense_is_refused_and_takes_no_memory(
    tmp_path: Path, renderer: Any, backend: Any, shot: Shot, clip: Clip, rate: float
) -> None:
    job = FilmJob(renderer, backend, clip, shot, tmp_path / "clip.mp4", fps=rate)
    if rate > 1.0:
        with pytest.raises(StudioError, match="choose 1 to 100000"):
            job.run(nowhere, never)
    assert next(job.positions) == 0.0
    assert job.count >= 1


def test_film_of_one_frame(tmp_path: Path, renderer: Any, backend: Any, shot: Shot, clip: Clip) -> None:
    for name in ("one.webp", "one.gif", "one.mp4"):
        path = FilmJob(renderer, backend, clip, shot, tmp_path / name, first=2, last=2).run(nowhere, never)
        assert path.stat().st_size > 0


def test_progress_counts_frames_and_shows_them(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    seen: list[Progress] = []
    TurntableJob(renderer, shot, tmp_path / "turn.mp4", 0.5, 10.0).run(seen.append, never)
    assert [step.done for step in seen] == [0, 1, 2, 3, 4, 5]
    assert {step.total for step in seen} == {5}
    assert seen[-1].preview is not None
    assert seen[-1].preview.shape == (32, 48, 4)


@pytest.mark.parametrize("name", ["turn.mp4", "turn.gif", "turn.webp", "turn", "turn_%05d.png"])
def test_cancelling_half_way_leaves_nothing(tmp_path: Path, renderer: Any, shot: Shot, name: str) -> None:
    with pytest.raises(JobCancelled):
        TurntableJob(renderer, shot, tmp_path / name).run(nowhere, lambda: len(renderer.shots) >= 5)
    assert len(renderer.shots) == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["turn.mp4", "turn.webp", "turn", "turn_%05d.png"])
def test_failing_renderer_leaves_nothing(tmp_path: Path, shot: Shot, name: str) -> None:
    class Broken:
        name = "broken"

        def render(self, shot: Shot, cancelled: Callable[[], bool] = never) -> np.ndarray:
            raise StudioError("The graphics driver gave up.")

    with pytest.raises(StudioError, match="gave up"):
        turn(Broken(), shot, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["turn.webp", "turn", "turn_%05d.png"])
def test_full_disk_half_way(
    tmp_path: Path, renderer: Any, shot: Shot, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "simulated")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(StudioError, match="disk is full"):
        turn(renderer, shot, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_full_disk_under_the_encoder(tmp_path: Path) -> None:
    frames = (np.zeros((64, 64, 3), np.uint8) for _ in range(4))
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs a device that is always full")
    with pytest.raises(OSError, match="No space left"):
        ffmpeg.stream_frames(full, frames, ffmpeg.Feed((64, 64), 25.0), ["-f", "gif"])


def test_failing_encoder_says_why(tmp_path: Path) -> None:
    frames = (np.zeros((64, 64, 3), np.uint8) for _ in range(4))
    with pytest.raises(StudioError, match="encoder failed"):
        ffmpeg.stream_frames(
            tmp_path / "film.mp4", frames, ffmpeg.Feed((64, 64), 25.0), ["-c:v", "no-such-codec"]
        )


def test_missing_ffmpeg_says_what_to_do(
    tmp_path: Path, renderer: Any, shot: Shot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", missing)
    with pytest.raises(StudioError, match="install ffmpeg"):
        turn(renderer, shot, tmp_path / "turn.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("turn.avi", r"\.mov, \.gif or \.webp"), ("turn.png", "cannot be saved to"), ("no/turn.mp4", "folder")],
)
def test_bad_targets(tmp_path: Path, renderer: Any, shot: Shot, name: str, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        turn(renderer, shot, tmp_path / name)
    assert renderer.shots == []


def test_transparent_film_only_where_the_format_has_it(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    for name in ("turn.mp4", "turn.gif", "turn_%05d.jpg"):
        with pytest.raises(StudioError, match="no transparency"):
            turn(renderer, replace(shot, transparent=True), tmp_path / name)


@pytest.mark.parametrize(
    "options", [{"seconds": 0.0}, {"fps": -1.0}, {"seconds": float("nan")}, {"seconds": 1e7}]
)
def test_senseless_lengths_are_refused(
    tmp_path: Path, renderer: Any, shot: Shot, options: dict[str, float]
) -> None:
    with pytest.raises(StudioError):
        turn(renderer, shot, tmp_path / "turn.mp4", **options)
