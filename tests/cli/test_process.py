"""The command line in a process of its own: without Qt or display, interrupted, unheard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

PROJECT = Path(__file__).parents[2]

SCRIPT = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None
from studio.cli import main
from pathlib import Path
folder = Path(sys.argv[1])
render = ["--size", "96x96", "--samples", "1"]
assert main(["render", "speak", "-o", str(folder / "a.png"), "--frame", "40", *render]) == 0
assert main(["turntable", "-o", str(folder / "b.mp4"), "--seconds", "0.5", "--fps", "8", *render]) == 0
assert main(["export", "smile", "-o", str(folder / "c.ply"), "--frame", "40"]) == 0
assert main(["forward", "blink", "-o", str(folder / "d.npz")]) == 0
assert main(["info", str(folder / "d.npz"), "--json"]) == 0
"""


def test_everything_works_with_neither_qt_nor_display(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["FLAME_STUDIO_MODELS"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with Image.open(tmp_path / "a.png") as image:
        pixels = np.asarray(image).astype(int)
    face, corner = pixels[40:56, 40:56].mean(axis=(0, 1)), pixels[:8, :8].mean(axis=(0, 1))
    assert np.abs(face - corner).max() > 40
    assert imageio_ffmpeg.count_frames_and_secs(str(tmp_path / "b.mp4"))[0] == 4


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (signal.SIGINT, 130, "flame-studio: Stopped; nothing was left half-written.\n"),
        (signal.SIGTERM, 143, ""),
    ],
)
def test_signals_end_a_running_turntable_and_leave_nothing(
    tmp_path: Path, sent: signal.Signals, status: int, sentence: str
) -> None:
    words = ["turntable", "-o", str(tmp_path / "long.mp4"), "--seconds", "300", "--size", "256x256"]
    process = subprocess.Popen(
        [sys.executable, "run_studio.py", *words], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60.0
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(sent)
    _, told = process.communicate(timeout=20)
    assert process.returncode == status
    assert told == sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_standard_output_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "run_studio.py", "info", "studio/sequence/data/smile.npz"],
            cwd=PROJECT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "flame-studio: Standard output cannot be written (No space left on device).\n"
