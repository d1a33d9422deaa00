from __future__ import annotations

import errno
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.document.look import Backdrop
from studio.export.screenshot import ScreenshotJob
from studio.jobs.job import JobCancelled, Progress
from studio.render.shot import Shot
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.mark.parametrize(
    ("ending", "form"), [("png", "PNG"), ("jpg", "JPEG"), ("JPEG", "JPEG"), ("webp", "WEBP")]
)
def test_picture_is_what_its_name_says(
    tmp_path: Path, renderer: Any, shot: Shot, ending: str, form: str
) -> None:
    path = tmp_path / f"head.{ending}"
    assert ScreenshotJob(renderer, shot, path, quality=100).run(nowhere, never) == path
    with Image.open(path) as image:
        assert image.format == form
        assert image.size == (48, 32)
        assert image.mode == "RGB"
        pixels = np.asarray(image)
    np.testing.assert_allclose(pixels[10, :, 1], np.linspace(0, 255, 48), atol=3)


@pytest.mark.parametrize("ending", ["png", "webp"])
def test_transparency_is_kept(tmp_path: Path, renderer: Any, shot: Shot, ending: str) -> None:
    path = tmp_path / f"head.{ending}"
    ScreenshotJob(renderer, replace(shot, transparent=True), path, quality=100).run(nowhere, never)
    with Image.open(path) as image:
        alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert alpha[:16].max() == 0
    assert alpha[16:].min() == 255


def test_transparent_jpeg_is_refused_before_drawing(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    job = ScreenshotJob(renderer, replace(shot, transparent=True), tmp_path / "head.jpg")
    with pytest.raises(StudioError, match="no transparency"):
        job.run(nowhere, never)
    assert renderer.shots == []


def test_licence_is_inside(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    for ending in ("png", "jpg", "webp"):
        ScreenshotJob(renderer, shot, tmp_path / f"head.{ending}").run(nowhere, never)
    with Image.open(tmp_path / "head.png") as image:
        image.load()
        assert "Free for tests" in image.text["Copyright"]
        assert "tiny" in image.text["Copyright"]
    for ending in ("jpg", "webp"):
        with Image.open(tmp_path / f"head.{ending}") as image:
            assert "Free for tests" in image.getexif()[0x8298]


def test_quality_changes_the_size_of_jpeg(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    big = replace(shot, size=(400, 300))
    sizes = []
    for quality in (30, 95):
        path = tmp_path / f"{quality}.jpg"
        ScreenshotJob(renderer, big, path, quality).run(nowhere, never)
        sizes.append(path.stat().st_size)
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("name", ["head.tga", "head", "head.mp4"])
def test_unknown_formats_are_refused(tmp_path: Path, renderer: Any, shot: Shot, name: str) -> None:
    with pytest.raises(StudioError, match=r"\.png"):
        ScreenshotJob(renderer, shot, tmp_path / name).run(nowhere, never)


def test_missing_folder_is_told_before_drawing(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    with pytest.raises(StudioError, match="folder does not exist"):
        ScreenshotJob(renderer, shot, tmp_path / "no" / "head.png").run(nowhere, never)
    assert renderer.shots == []


def test_cancelling_leaves_nothing(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    with pytest.raises(JobCancelled):
        ScreenshotJob(renderer, shot, tmp_path / "head.png").run(nowhere, lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_does_not_wait_for_a_slow_encoder(
    tmp_path: Path, renderer: Any, shot: Shot, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoding, enough = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        encoding.set()
        enough.wait(30.0)

    monkeypatch.setattr(Image.Image, "save", slow)
    begun = time.perf_counter()
    with pytest.raises(JobCancelled):
        ScreenshotJob(renderer, shot, tmp_path / "head.png").run(nowhere, encoding.is_set)
    assert time.perf_counter() - begun < 1.0
    enough.set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "not allowed"), (errno.EROFS, "read-only")],
)
def test_failing_disk_leaves_the_old_picture(
    tmp_path: Path, renderer: Any, shot: Shot, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    path = tmp_path / "head.png"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, "simulated")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(StudioError, match=words):
        ScreenshotJob(renderer, shot, path).run(nowhere, never)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_is_told_before_drawing(
    tmp_path: Path, renderer: Any, shot: Shot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"total": 10**9, "free": 0}))
    with pytest.raises(StudioError, match="disk is full"):
        ScreenshotJob(renderer, shot, tmp_path / "head.png").run(nowhere, never)
    assert renderer.shots == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes no files")
def test_a_folder_that_takes_no_files_is_not_called_full(renderer: Any, shot: Shot) -> None:
    with pytest.raises(StudioError, match=r"x\.png was not written: writing there is not allowed"):
        ScreenshotJob(renderer, shot, Path("/proc/x.png")).run(nowhere, never)


def test_a_disk_that_does_not_tell_its_size_is_written_to(
    tmp_path: Path, renderer: Any, shot: Shot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"total": 0, "free": 0}))
    assert ScreenshotJob(renderer, shot, tmp_path / "head.png").run(nowhere, never).is_file()


def test_a_transparent_background_of_the_look_is_alpha_where_there_is_some(
    tmp_path: Path, renderer: Any, shot: Shot
) -> None:
    clear = replace(shot, look=shot.look.replace(backdrop=Backdrop("transparent")))
    ScreenshotJob(renderer, clear, tmp_path / "clear.png").run(nowhere, never)
    ScreenshotJob(renderer, clear, tmp_path / "opaque.jpg").run(nowhere, never)
    assert [asked.transparent for asked in renderer.shots[-2:]] == [True, False]


def test_a_png_says_that_its_colours_are_srgb(tmp_path: Path, renderer: Any, shot: Shot) -> None:
    path = ScreenshotJob(renderer, shot, tmp_path / "head.png").run(nowhere, never)
    with Image.open(path) as image:
        assert image.info["srgb"] == 0
        assert image.info["gamma"] == pytest.approx(0.45455)
