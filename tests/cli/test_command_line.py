from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from studio.cli import main
from studio.flame.model import HeadModel
from studio.render.shot import Shot
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip

PROJECT = Path(__file__).parents[2]


class Grey:
    """A renderer that remembers what it was asked for."""

    name = "grey"

    def __init__(self) -> None:
        self.shots: list[Shot] = []

    def render(self, shot: Shot, cancelled: Any = None) -> np.ndarray:
        self.shots.append(shot)
        pixels = np.full((shot.size[1], shot.size[0], 4), 128, np.uint8)
        pixels[..., 3] = 0 if shot.transparent else 255
        return pixels


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch, tiny_model: HeadModel) -> Grey:
    """Pictures by ``Grey``, heads by the tiny model."""
    grey = Grey()
    monkeypatch.setattr("studio.cli.verbs.open_renderer", lambda: grey)
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: tiny_model)
    monkeypatch.setattr("studio.cli.inspection.load_model", lambda path: tiny_model)
    return grey


@pytest.fixture
def clip_file(tmp_path: Path, tiny_model: HeadModel) -> Path:
    """Six frames, the jaw opening, at 24 frames a second."""
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.zeros((6, width)) for name, width in widths.items()}
    jaw = np.zeros((6, 3))
    jaw[:, 0] = np.linspace(0.0, 0.3, 6)
    path = tmp_path / "jaw.npz"
    write_clip(path, Clip(shape=np.zeros(6), jaw_pose=jaw, fps=24.0, **channels), tiny_model)
    return path


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one object on standard output."""
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.count("\n") == 1
    return json.loads(captured.out)


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_render_one_frame(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "head.png"
    flags = ("--mode", "normals", "--size", "64x48", "--samples", 9, "--transparent", "--frame", 5)
    camera = ("--azimuth", "-30", "--elevation", 10, "--fov", 30, "--distance", 0.8, "--orthographic")
    assert run("render", clip_file, "-o", out, *flags, *camera, "--json") == 0
    told = answer(capsys)
    assert told["output"] == str(out)
    assert told["size"] == [64, 48]
    assert told["model"]["name"] == "tiny"
    assert told["backend"] in ("torch", "mlx")
    with Image.open(out) as image:
        assert image.size == (64, 48)
        assert image.mode == "RGBA"
    (shot,) = renderer.shots
    assert (shot.look.mode, shot.samples, shot.transparent) == ("normals", 9, True)
    assert shot.camera.azimuth == pytest.approx(-np.pi / 6)
    assert shot.camera.elevation == pytest.approx(np.radians(10))
    assert shot.camera.field_of_view == pytest.approx(np.pi / 6)
    assert shot.camera.distance == 0.8
    assert shot.camera.orthographic


def test_render_every_frame(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("render", clip_file, "-o", tmp_path / "f_%05d.png", "--size", "8x8") == 0
    assert sorted(path.name for path in tmp_path.glob("f_*")) == [f"f_{index:05d}.png" for index in range(6)]
    assert len({shot.camera for shot in renderer.shots}) == 1
    assert not np.array_equal(renderer.shots[0].surface.vertices, renderer.shots[5].surface.vertices)


def test_neutral_head_is_the_default(tmp_path: Path, renderer: Grey, tiny_model: HeadModel) -> None:
    assert run("render", "-o", tmp_path / "a.png", "--size", "8x8") == 0
    assert run("render", "neutral", "-o", tmp_path / "b.png", "--size", "8x8") == 0
    for shot in renderer.shots:
        np.testing.assert_allclose(shot.surface.vertices, tiny_model.v_template, atol=1e-6)


def test_turntable_keeps_the_head_inside_from_all_around(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    out = tmp_path / "turn.mp4"
    assert run("turntable", "-o", out, "--seconds", 1, "--fps", 12, "--size", "64x64", "--json") == 0
    assert answer(capsys)["frames"] == 12
    assert imageio_ffmpeg.count_frames_and_secs(str(out))[0] == 12
    assert len({shot.camera.target for shot in renderer.shots}) == 1
    assert len({shot.camera.azimuth for shot in renderer.shots}) == 12
    shot = renderer.shots[0]
    points = shot.surface.vertices - np.array(shot.camera.target)
    reach = np.hypot(np.hypot(points[:, 0], points[:, 2]).max(), np.abs(points[:, 1]).max())
    assert reach <= shot.camera.distance


@pytest.mark.parametrize("name", ["clip.mp4", "clip.gif", "clip.webp", "frames"])
def test_export_film(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any, name: str) -> None:
    assert run("export", clip_file, "-o", tmp_path / name, "--size", "32x32", "--json") == 0
    told = answer(capsys)
    assert (told["frames"], told["fps"]) == (6, 24.0)
    assert len(renderer.shots) == 6


def test_export_mesh_equals_the_forward_pass(
    tmp_path: Path, renderer: Grey, clip_file: Path, tiny_model: HeadModel, capsys: Any
) -> None:
    obj, npz = tmp_path / "head.obj", tmp_path / "all.npz"
    assert run("export", clip_file, "-o", obj, "--frame", 5) == 0
    assert run("forward", clip_file, "-o", npz, "--contour", "flame_pytorch") == 0
    lines = [line.split() for line in obj.read_text().splitlines() if line.startswith("v ")]
    with np.load(npz) as stored:
        assert stored["vertices"].shape == (6, tiny_model.vertex_count, 3)
        np.testing.assert_allclose(
            np.array([line[1:] for line in lines], float), stored["vertices"][5], atol=1e-6
        )


def test_export_parameters(tmp_path: Path, renderer: Grey, clip_file: Path) -> None:
    whole, single = tmp_path / "whole.npz", tmp_path / "single.npz"
    assert run("export", clip_file, "-o", whole) == 0
    assert run("export", clip_file, "-o", single, "--frame", 5) == 0
    with np.load(whole) as all_frames, np.load(single) as one:
        assert all_frames["jaw_pose"].shape == (6, 3)
        np.testing.assert_array_equal(one["jaw_pose"], all_frames["jaw_pose"][5:])


def test_notices_go_to_standard_error(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    out = tmp_path / "a.png"
    assert run("render", "smile", "-o", out, "--size", "8x8") == 0
    captured = capsys.readouterr()
    assert captured.out == f"{out}\n"
    assert "poses play" in captured.err


def test_flags_may_stand_before_the_command(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    assert run("--json", "--threads", 1, "render", "-o", tmp_path / "a.png", "--size", "8x8") == 0
    assert "output" in answer(capsys)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("render", "gone.npz", "-o", "a.png"), "gone.npz does not exist"),
        (("render", "-o", "a.png", "--frame", "3"), "There is no frame 3"),
        (("render", "-o", "a.tga"), ".png"),
        (("render", "-o", "no/a.png"), "folder does not exist"),
        (("render", "-o", "a.jpg", "--transparent"), "no transparency"),
        (("export", "-o", "a.fbx"), ".obj"),
        (("forward", "-o", "a.obj"), ".npz"),
        (("turntable", "-o", "a.avi"), ".mp4"),
        (("info", "gone.pkl"), "gone.pkl does not exist"),
    ],
)
def test_failures_are_one_sentence_and_leave_nothing(
    tmp_path: Path,
    renderer: Grey,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("flame-studio: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert list(tmp_path.iterdir()) == []
    assert run(*words, "--json") == 1
    assert sentence in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize(
    "words",
    [
        ("rendr", "-o", "a.png"),
        ("render",),
        ("render", "-o", "a.png", "--size", "0x5"),
        ("render", "-o", "a.png", "--size", "9000x5"),
        ("render", "-o", "a.png", "--frame", "-1"),
        ("render", "-o", "a.png", "--mode", "pretty"),
        ("render", "-o", "a.png", "--azimuth", "nan"),
        ("turntable", "-o", "a.mp4", "--fps", "0"),
        ("info",),
        ("--threads", "0", "info", "a"),
        ("--backend", "jax", "info", "a"),
    ],
)
def test_words_that_make_no_sense(renderer: Grey, capsys: Any, words: tuple[str, ...]) -> None:
    assert run(*words) == 2
    assert "usage:" in capsys.readouterr().err


def test_help_and_version(capsys: Any) -> None:
    assert run("--help") == 0
    assert "turntable" in capsys.readouterr().out
    assert run("render", "--help") == 0
    assert "--model" in capsys.readouterr().out
    assert run("--version") == 0
    assert "FLAME Studio" in capsys.readouterr().out


def test_no_traceback_whatever_happens(
    tmp_path: Path, renderer: Grey, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("oh")

    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(renderer, "render", lambda *_: broken(None))
    assert run("render", "-o", tmp_path / "a.png") == 1
    assert "unexpected problem (ZeroDivisionError: oh)" in capsys.readouterr().err
    monkeypatch.setattr(renderer, "render", lambda *_: stopped(None))
    assert run("render", "-o", tmp_path / "a.png") == 130
    assert "Stopped" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_fails_is_replaced_with_a_notice(
    tmp_path: Path, renderer: Grey, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from studio.backends import create_backend

    spare = create_backend("auto", tiny_model, "cpu")
    monkeypatch.setattr("studio.cli.stage.create_with_fallback", lambda *_: (spare, "The CPU took over."))
    assert run("forward", "-o", tmp_path / "a.npz", "--device", "cuda:7", "--json") == 0
    told = answer(capsys)
    assert told["notices"] == ["The CPU took over."]
    assert told["device"] == "cpu"


def test_files_open_in_the_window(monkeypatch: pytest.MonkeyPatch, clip_file: Path) -> None:
    seen = {}

    def run_window(files: list[Path], options: Any) -> int:
        seen.update(files=files, options=options)
        return 0

    monkeypatch.setattr("studio.app.run", run_window)
    assert run(clip_file, "--backend", "mlx", "--threads", 2) == 0
    assert seen["files"] == [clip_file]
    assert (seen["options"].backend, seen["options"].threads) == ("mlx", 2)
    assert run() == 0
    assert seen["files"] == []
    assert seen["options"].backend is None


def test_info_of_a_clip(renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("info", clip_file, "--json") == 0
    told = answer(capsys)
    assert told["kind"] == "clip"
    assert (told["frames"], told["fps"], told["seconds"]) == (6, 24.0, 0.25)
    assert told["sizes"] == {"shape": 6, "expression": 4}
    assert told["made_on"] == "tiny"
    assert told["problems"] == []
    assert run("info", clip_file) == 0
    assert "frames         6\n" in capsys.readouterr().out


def test_info_of_what_was_exported(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    kinds = {"a.png": "picture", "a.mp4": "film", "a.gif": "picture", "a.obj": "mesh", "a.ply": "mesh"}
    for name, kind in kinds.items():
        verb = "render" if name.endswith("png") else "export"
        assert run(verb, clip_file, "-o", tmp_path / name, "--size", "16x16") == 0
        capsys.readouterr()
        assert run("info", tmp_path / name, "--json") == 0
        told = answer(capsys)
        assert told["kind"] == kind
        assert told["problems"] == []
        if name in ("a.mp4", "a.gif"):
            assert told["frames"] == 6
        if kind != "mesh":
            assert "Free for tests" in told["note"]
        if kind == "mesh":
            assert told["sizes"] == {"vertices": 62, "faces": 120}


def test_info_tells_problems(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    poses = {"jaw_pose": np.full((2, 3), np.nan)}
    np.savez(tmp_path / "nan.npz", **poses)
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "cut.npz").write_bytes(clip_file.read_bytes()[:200])
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n123")
    for name in ("nan.npz", "cut.npz", "cut.png"):
        assert run("info", tmp_path / name, "--json") == 0
        (problem,) = answer(capsys)["problems"]
        assert name in problem
    assert run("info", tmp_path / "empty.npz", "--json") == 0
    assert answer(capsys)["kind"] in ("other", "empty")


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
