"""The sheet and the appearance on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.flame.model import HeadModel
from tests.cli.shell import Grey, answer, run


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch, renderer: Grey, head_model: HeadModel) -> Grey:
    """Pictures by ``Grey`` of the open head."""
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: head_model)
    return renderer


def test_a_sheet_of_shape(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    out = tmp_path / "sheet.png"
    assert (
        run(
            "sheet",
            "-o",
            out,
            "--of",
            "shape",
            "--components",
            3,
            "--sigma",
            1.5,
            "--size",
            "40x50",
            "--json",
        )
        == 0
    )
    told = answer(capsys)
    assert told["rows"] == ["Shape 1", "Shape 2", "Shape 3"]
    assert len(renderer.shots) == 9
    assert {shot.size for shot in renderer.shots} == {(40, 50)}
    with Image.open(out) as image:
        assert image.width > 3 * 40
        assert "tiny" in image.text["Copyright"]


def test_a_sheet_of_a_frame_of_a_clip(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "sheet.png"
    assert (
        run("sheet", clip_file, "-o", out, "--of", "expression", "--frame", 5, "--components", 1, "--json")
        == 0
    )
    assert answer(capsys)["rows"] == ["Expression 1"]
    still = renderer.shots[1].surface.vertices
    renderer.shots.clear()
    assert run("sheet", "-o", out, "--of", "expression", "--components", 1, "--json") == 0
    assert np.abs(renderer.shots[1].surface.vertices - still).max() > 1e-4


def test_a_sheet_of_the_open_heads_texture(tmp_path: Path, head: Grey, capsys: Any) -> None:
    assert run("sheet", "-o", tmp_path / "a.jpg", "--components", 2, "--size", "40x50", "--json") == 0
    assert answer(capsys)["rows"] == ["Skin tone", "Redness"]
    shown = [shot.look.texture.coefficients[0] for shot in head.shots[:3]]
    assert shown == [pytest.approx(-1.6), 0.0, 2.0]


def test_appearance_by_name_and_number(tmp_path: Path, head: Grey, capsys: Any) -> None:
    flags = ("--appearance", "skin tone=1.5, 6=-0.25", "--size", "40x40", "--json")
    assert run("render", "-o", tmp_path / "a.png", *flags) == 0
    answer(capsys)
    texture = head.shots[0].look.texture
    assert texture.key == "open head"
    assert (texture.coefficients[0], texture.coefficients[5]) == (1.5, -0.25)
    assert run("turntable", "-o", tmp_path / "a.webp", "--seconds", 0.1, *flags) == 0
    assert {shot.look.texture for shot in head.shots} == {texture}


def test_the_plain_picture(tmp_path: Path, head: Grey, capsys: Any) -> None:
    assert run("render", "-o", tmp_path / "a.png", "--texture", "plain", "--size", "40x40", "--json") == 0
    assert head.shots[0].look.texture.key == "plain"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--appearance", "skin tones=1"), "did you mean Skin tone"),
        (("--appearance", "99=1"), "components 1 to 15"),
        (("--texture", "BFM"), "no texture called BFM; it has Open head, plain"),
        (("--texture", "plain", "--appearance", "1=1"), "not the plain picture"),
    ],
)
def test_what_there_is_not_is_told(
    tmp_path: Path, head: Grey, capsys: Any, flags: tuple[str, ...], words: str
) -> None:
    assert run("render", "-o", tmp_path / "a.png", *flags) == 1
    assert words in capsys.readouterr().err
    assert head.shots == []


def test_a_head_without_texture_model(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    assert run("sheet", "-o", tmp_path / "a.png") == 1
    assert "tiny has no texture model" in capsys.readouterr().err
    assert run("render", "-o", tmp_path / "a.png", "--appearance", "1=2") == 1
    assert "FLAME_texture.npz" in capsys.readouterr().err


@pytest.mark.parametrize(
    "flags",
    [("--appearance", "skin tone"), ("--appearance", "=1"), ("--appearance", "a=nan"), ("--components", "0")],
)
def test_senseless_words_end_with_the_usage(
    tmp_path: Path, renderer: Grey, capsys: Any, flags: tuple[str, ...]
) -> None:
    assert run("sheet", "-o", tmp_path / "a.png", *flags) == 2
    assert "usage" in capsys.readouterr().err


def test_a_sheet_is_not_transparent_nor_a_film(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    assert run("sheet", "-o", tmp_path / "a.png", "--transparent") == 1
    assert "white page" in capsys.readouterr().err
    assert run("sheet", "-o", tmp_path / "a.mp4") == 1
    assert list(tmp_path.iterdir()) == []
