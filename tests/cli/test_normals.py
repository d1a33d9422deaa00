"""The verb ``normals``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.cli.arguments import MAPS
from studio.flame.model import HeadModel
from studio.render.camera_file import write_camera
from studio.render.map_pictures import KINDS
from studio.render.maps import SPACES
from studio.render.pinhole import PinholeCamera
from tests.cli.shell import Grey, answer, run


@pytest.fixture
def camera_file(tmp_path: Path, tiny_model: HeadModel) -> Path:
    path = tmp_path / "camera.json"
    write_camera(path, PinholeCamera.front(tiny_model, (64, 48)))
    return path


def test_a_picture_by_a_camera(
    tmp_path: Path, renderer: Grey, clip_file: Path, camera_file: Path, capsys: Any
) -> None:
    out = tmp_path / "n.png"
    assert run("normals", clip_file, "--camera", camera_file, "-o", out, "--frame", 5, "--json") == 0
    told = answer(capsys)
    assert (told["output"], told["frames"], told["size"]) == (str(out), 1, [64, 48])
    assert told["notices"] == []
    with Image.open(out) as image:
        assert (image.size, image.mode) == ((64, 48), "RGB")
        pixels = np.asarray(image)
    assert pixels[24, 32, 2] > 200
    assert (pixels[0, 0] == 0).all()
    assert renderer.shots == []


def test_without_a_camera_the_face_is_seen_from_the_front(
    tmp_path: Path, renderer: Grey, capsys: Any
) -> None:
    out = tmp_path / "n.npz"
    assert run("normals", "-o", out, "--size", "50x60") == 0
    with np.load(out) as stored:
        assert stored["normal"].shape == (60, 50, 3)
        nearest = np.nanargmin(stored["depth"])
        assert stored["position"].reshape(-1, 3)[nearest, 2] > 0.09
        rows, columns = np.nonzero(stored["face_index"] >= 0)
        places = stored["position"][rows, columns]
        assert np.corrcoef(columns, places[:, 0])[0, 1] > 0.99
        assert np.corrcoef(rows, places[:, 1])[0, 1] < -0.99


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "uv"])
def test_every_frame_of_every_map(
    tmp_path: Path, renderer: Grey, clip_file: Path, camera_file: Path, kind: str
) -> None:
    pattern = tmp_path / "f_%05d.png"
    flags = ("--map", kind, "--space", "world", "--transparent", "--threads", 2)
    assert run("normals", clip_file, "--camera", camera_file, "-o", pattern, *flags) == 0
    assert sorted(path.name for path in tmp_path.glob("f_*")) == [f"f_{index:05d}.png" for index in range(6)]


def test_the_flags_know_every_map_and_space() -> None:
    assert MAPS == KINDS
    assert set(SPACES) == {"camera", "world"}


def test_a_view_is_chosen_by_name_or_number(
    tmp_path: Path, renderer: Grey, camera_file: Path, capsys: Any
) -> None:
    one = json.loads(camera_file.read_text())
    several = tmp_path / "rig.json"
    several.write_text(json.dumps({"cameras": [one, {**one, "name": "wide", "width": 80}, one]}))
    out = tmp_path / "n.png"
    for view, width in (("wide", 80), ("1", 80), ("2", 64)):
        assert run("normals", "--camera", several, "--view", view, "-o", out, "--json") == 0
        assert answer(capsys)["size"] == [width, 48]
    assert run("normals", "--camera", several, "-o", out) == 0
    assert "holds 3 cameras; the first was taken" in capsys.readouterr().err
    assert run("normals", "--camera", several, "--view", "left", "-o", out) == 1
    assert "holds no camera left" in capsys.readouterr().err


def test_the_size_scales_the_camera_or_completes_it(
    tmp_path: Path, renderer: Grey, camera_file: Path, capsys: Any
) -> None:
    out, whole = tmp_path / "small.npz", tmp_path / "whole.npz"
    assert run("normals", "--camera", camera_file, "-o", whole) == 0
    assert run("normals", "--camera", camera_file, "-o", out, "--size", "32x24") == 0
    with np.load(out) as small, np.load(whole) as large:
        np.testing.assert_allclose(small["K"][:2] * 2, large["K"][:2])
        assert (small["face_index"] >= 0).sum() * 4 == pytest.approx(
            (large["face_index"] >= 0).sum(), rel=0.1
        )
    assert run("normals", "--camera", camera_file, "-o", out, "--size", "32x32") == 1
    assert "other proportions" in capsys.readouterr().err
    numbers = json.loads(camera_file.read_text())
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps({key: numbers[key] for key in ("fx", "R", "t")}))
    assert run("normals", "--camera", bare, "-o", out, "--size", "20x30") == 0
    capsys.readouterr()
    assert run("normals", "--camera", bare, "-o", out) == 1
    assert "bare.json: width and height" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-o", "n.jpg"), ".png or .npz"),
        (("-o", "n"), ".png or .npz"),
        (("-o", "n.npz", "--map", "depth"), "every map"),
        (("-o", "n.npz", "--transparent"), "every map"),
        (("-o", "n.png", "--map", "uv"), "no texture coordinates"),
        (("-o", "n.png", "--frame", "7"), "no frame 7"),
        (("-o", "no/n.png"), "folder does not exist"),
        (("-o", "n.png", "--camera", "gone.json"), "gone.json does not exist"),
        (("-o", "n.npz", "--size", "8000x8000"), "memory"),
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
    assert run("normals", *words) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert list(tmp_path.iterdir()) == []


def test_the_camera_is_not_replaced(tmp_path: Path, renderer: Grey, camera_file: Path, capsys: Any) -> None:
    link = tmp_path / "camera.png"
    link.symlink_to(camera_file)
    before = camera_file.read_bytes()
    assert run("normals", "--camera", camera_file, "-o", link) == 1
    assert "would be lost" in capsys.readouterr().err
    assert camera_file.read_bytes() == before


def test_numbered_files_do_not_replace_the_clip_or_a_model(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any
) -> None:
    clip = clip_file.rename(tmp_path / "a_3.npz")
    before = clip.read_bytes()
    assert run("normals", clip, "-o", tmp_path / "a_%d.npz", "--size", "8x8") == 1
    assert "would be lost" in capsys.readouterr().err
    model = tmp_path / "b_2.npz"
    np.savez(model, v_template=np.zeros(3), shapedirs=np.zeros(3), posedirs=np.zeros(3))
    assert run("normals", clip, "-o", tmp_path / "b_%d.npz", "--size", "8x8") == 1
    assert "head model" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_3.npz", "b_2.npz"]
    assert clip.read_bytes() == before
    for _ in range(2):
        assert run("normals", clip, "-o", tmp_path / "c_%d.npz", "--size", "8x8") == 0


@pytest.mark.parametrize(
    "words", [("--map", "albedo"), ("--space", "screen"), ("--size", "0x3"), ("--frame", "-1")]
)
def test_words_that_make_no_sense(renderer: Grey, capsys: Any, words: tuple[str, ...]) -> None:
    assert run("normals", "-o", "n.png", *words) == 2
    assert "usage:" in capsys.readouterr().err
