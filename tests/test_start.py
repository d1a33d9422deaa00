"""The studio as a person starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("start") / "window.png"


@pytest.fixture(scope="module")
def started(picture: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """A start that pictures its window and quits."""
    return start(picture, XDG_CONFIG_HOME=str(tmp_path_factory.mktemp("settings")))


def start(picture: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run_studio.py", "--trace", "--snapshot", str(picture)],
        cwd=PROJECT,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_window_opens_and_closes_quietly(started: subprocess.CompletedProcess[str]) -> None:
    assert started.returncode == 0, started.stderr
    assert started.stdout == ""
    assert [line for line in started.stderr.splitlines() if not line.startswith('{"mark"')] == []


def test_window_and_head_stand_before_the_backend(started: subprocess.CompletedProcess[str]) -> None:
    lines = [json.loads(line) for line in started.stderr.splitlines() if line.startswith('{"mark"')]
    marks = {line["mark"]: line["ms"] for line in lines}
    assert marks.keys() >= {"window", "head", "backend"}
    assert max(marks["window"], marks["head"]) < marks["backend"]


def assert_head(picture: Path) -> None:
    """The picture is what is on the screen: a head in the canvas, and text in the panels around it."""
    pixels = np.asarray(Image.open(picture).convert("RGB"), dtype=np.int16)
    height, width, _ = pixels.shape
    assert width >= 1000
    assert height >= 600
    middle = pixels[height // 4 : height // 2, width // 4 : width // 2]
    skin = (middle[..., 0] > middle[..., 2] + 25) & (middle[..., 0] > 100)
    assert skin.mean() > 0.15
    for part in (pixels[: height // 16], pixels[: height // 2, -width // 5 :]):
        assert 0.002 < (part.min(axis=2) > 140).mean() < 0.2


def test_picture_shows_a_head_in_the_window(started: subprocess.CompletedProcess[str], picture: Path) -> None:
    assert_head(picture)


@pytest.mark.skipif(sys.platform != "linux", reason="takes OpenGL away as only the X platform lets one")
@pytest.mark.parametrize(
    "missing",
    [
        {"QT_XCB_GL_INTEGRATION": "none"},
        {"QT_XCB_GL_INTEGRATION": "none", "QT_SCALE_FACTOR": "2"},
        {"__EGL_VENDOR_LIBRARY_FILENAMES": os.devnull, "LIBGL_DRIVERS_PATH": "/missing"},
    ],
    ids=["no integration", "at 2x", "no driver"],
)
def test_without_opengl_the_window_is_whole_and_the_shell_quiet(
    missing: dict[str, str], tmp_path: Path
) -> None:
    done = start(tmp_path / "window.png", XDG_CONFIG_HOME=str(tmp_path), **missing)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if not line.startswith(('{"mark"', "libGL error:"))]
    assert told == []
    assert_head(tmp_path / "window.png")
