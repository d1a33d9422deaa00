"""The verbs and flags of the command line, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from studio.cli.arguments import VERBS
from studio.export.options import FilmOptions, TurntableOptions
from studio.flame.model import HeadModel
from tests.cli.shell import Grey, answer, run


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
        (("render", "gone.npz", "-o", "a.bmp"), ".png"),
        (("render", "-o", "a_%05d.jpg", "--transparent"), "no transparency"),
        (("turntable", "-o", "a.mp4", "--transparent"), "no transparency"),
        (("forward", "-o", "a.npz", "--device", "banana"), "no device banana"),
        (("forward", "-o", "a.npz", "--backend", "mlx", "--device", "cuda"), "no device cuda"),
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
    assert sentence in answer(capsys)["error"]


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
        ("export", "-o", "a.mp4", "--fps", "1e9"),
        ("export", "-o", "a.mp4", "--fps", "1e-9"),
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
    monkeypatch.setattr(
        "studio.cli.stage.create_with_fallback", lambda *_, **__: (spare, "The CPU took over.")
    )
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


@pytest.mark.parametrize("verb", ["forward", "export"])
def test_nothing_replaces_its_own_input(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any, verb: str
) -> None:
    before = clip_file.read_bytes()
    link = tmp_path / "link.npz"
    link.symlink_to(clip_file)
    for output in (clip_file, link, tmp_path / ".." / tmp_path.name / "jaw.npz"):
        assert run(verb, clip_file, "-o", output) == 1
        assert "would be lost" in capsys.readouterr().err
    assert run(verb, tmp_path, "-o", clip_file) == 1
    assert "would be lost" in capsys.readouterr().err
    picture = tmp_path / "head.webp"
    picture.write_bytes(clip_file.read_bytes())
    for drawing in ("render", "turntable"):
        assert run(drawing, picture, "-o", picture, "--size", "8x8") == 1
        assert "would be lost" in capsys.readouterr().err
    assert clip_file.read_bytes() == picture.read_bytes() == before


def test_nothing_replaces_a_head_model(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    model = tmp_path / "model.npz"
    np.savez(model, v_template=np.zeros(3), shapedirs=np.zeros(3), posedirs=np.zeros(3))
    texture = tmp_path / "texture.png"
    texture.write_bytes(b"mine")
    before = model.read_bytes()
    for words in (("forward", "-o", model), ("export", "-o", model)):
        assert run(*words) == 1
        assert "head model" in capsys.readouterr().err
    assert run("render", "--model", tmp_path, "-o", texture) == 1
    assert "would be lost" in capsys.readouterr().err
    assert (model.read_bytes(), texture.read_bytes()) == (before, b"mine")


def test_wrong_endings_are_refused_before_anything_is_loaded(
    tmp_path: Path, renderer: Grey, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def loaded(*_: object, **__: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr("studio.cli.stage.load_model", loaded)
    monkeypatch.setattr("studio.cli.stage.read_clip", loaded)
    for module in ("verbs", "films"):
        monkeypatch.setattr(f"studio.cli.{module}.open_renderer", loaded)
    wrong = (
        ("render", "speak", "-o", tmp_path / "x.bmp"),
        ("render", "speak", "-o", tmp_path / "x.jpg", "--transparent"),
        ("turntable", "speak", "-o", tmp_path / "x.gif", "--transparent"),
        ("export", "speak", "-o", tmp_path / "x.avi"),
        ("export", "speak", "-o", tmp_path / "x.mp4", "--transparent"),
        ("forward", "speak", "-o", tmp_path / "x.ply"),
    )
    for words in wrong:
        assert run(*words) == 1
        assert "unexpected" not in capsys.readouterr().err


def test_an_odd_size_of_a_film_is_told(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "a.mp4"
    assert run("export", clip_file, "-o", out, "--size", "63x65", "--json") == 0
    told = answer(capsys)
    assert told["size"] == [64, 66]
    assert any("64x66, not 63x65" in notice for notice in told["notices"])
    assert run("turntable", "-o", out, "--size", "63x65", "--seconds", 0.2, "--fps", 10) == 0
    assert "64x66" in capsys.readouterr().err


def test_a_film_is_as_large_as_the_window_makes_it(renderer: Grey, tmp_path: Path) -> None:
    assert run("turntable", "-o", tmp_path / "a.gif", "--seconds", 0.2, "--fps", 10) == 0
    assert run("export", "-o", tmp_path / "b.gif") == 0
    assert {shot.size for shot in renderer.shots} == {TurntableOptions.size} == {FilmOptions.size}


@pytest.mark.parametrize("json_flag", [(), ("--json",)])
def test_a_word_that_is_no_command_is_told_with_the_nearest(capsys: Any, json_flag: tuple[str, ...]) -> None:
    assert run("rendr", "speak", "-o", "x.png", *json_flag) == 2
    told = capsys.readouterr().err
    assert "there is no command rendr (did you mean render?)" in told
    assert f"commands are {', '.join(VERBS)}" in told
    assert run("gone.npz") == 2
    assert "did you mean" not in capsys.readouterr().err


def test_a_wrong_common_flag_shows_the_usage_of_its_command(capsys: Any) -> None:
    for words in (("render", "-o", "a.png", "--threads", "0"), ("--threads", "0", "render", "-o", "a.png")):
        assert run(*words) == 2
        told = capsys.readouterr().err
        assert told.startswith("usage: flame-studio render ")
        assert "--threads" in told
    assert run("--threads", "0") == 2
    assert "[FILE ...]" in capsys.readouterr().err
