"""Head models from one layout to another, from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studio.flame import load_model
from tests.cli.shell import answer, run
from tests.flame.published_files import PUBLISHED


def test_the_ending_says_the_layout(tmp_path: Path, capsys: Any) -> None:
    source = PUBLISHED["chumpy and scipy"](tmp_path)
    for name, layout in (
        ("a.npz", "npz"),
        ("b.safetensors", "safetensors"),
        ("c.pkl", "pickle"),
        ("d/", "folder"),
    ):
        assert run("convert", source, f"{tmp_path}/{name}", "--json") == 0
        told = answer(capsys)
        assert told["layout"] == layout
        assert told["output"] == str(tmp_path / name)
        assert told["rounded_by"] == pytest.approx(2.9e-8, rel=0.05)
        assert told["left_out"] == []
        assert load_model(tmp_path / name).vertex_count == 40


def test_what_changes_is_a_notice(tmp_path: Path, capsys: Any) -> None:
    assert run("convert", "open_head", tmp_path / "head.safetensors") == 0
    captured = capsys.readouterr()
    assert captured.out == f"{tmp_path / 'head.safetensors'}\n"
    assert "leaves it out: landmarks, texture coordinates" in captured.err


def test_what_cannot_be_is_one_sentence(tmp_path: Path, capsys: Any) -> None:
    source = PUBLISHED["npz"](tmp_path)
    for words, target in (("cannot be saved to .obj", "a.obj"), ("would be lost", source.name)):
        assert run("convert", source, tmp_path / target) == 1
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1
        assert run("convert", source, tmp_path / target, "--json") == 1
        assert words in json.loads(capsys.readouterr().out)["error"]
    assert list(tmp_path.iterdir()) == [source]


def test_info_tells_the_arrays_as_they_are_in_the_file(tmp_path: Path, capsys: Any) -> None:
    source = PUBLISHED["chumpy and scipy"](tmp_path)
    assert run("convert", source, tmp_path / "b.safetensors") == 0
    capsys.readouterr()
    assert run("info", source, "--json") == 0
    told = answer(capsys)["arrays"]
    assert told["shapedirs"] == "float64 [40, 3, 400]"
    assert (told["f"], told["bs_style"]) == ("uint32 [70, 3]", "'lbs'")
    assert run("info", tmp_path / "b.safetensors") == 0
    out = capsys.readouterr().out
    assert "faces int32 [70, 3]\n" in out
    assert "expressiondirs float32 [40, 3, 100]\n" in out


def test_info_tells_all_that_is_wrong_with_a_model_and_still_what_is_in_it(
    tmp_path: Path, capsys: Any
) -> None:
    source = PUBLISHED["folder"](tmp_path)
    (source / "lbs_weights.npy").unlink()
    (source / "faces.npy").write_bytes((source / "kintree_table.npy").read_bytes())
    assert run("info", source, "--json") == 1
    told = answer(capsys)
    assert told["kind"] == "model"
    assert [problem.split(": ")[1].split()[0] for problem in told["problems"]] == ["f", "weights"]
    assert told["arrays"]["faces"] == "int32 [2, 5]"


def test_names_that_no_file_can_have_are_told(tmp_path: Path, capsys: Any) -> None:
    source, name = PUBLISHED["npz"](tmp_path), "m" * 300
    for words in (
        ("convert", source, tmp_path / f"{name}.npz"),
        ("convert", source, tmp_path / name),
        ("convert", tmp_path / f"{name}.pkl", tmp_path / "m.npz"),
        ("info", tmp_path / f"{name}.pkl"),
        ("sample", tmp_path / f"{name}.npz", "-o", tmp_path / "p.npz"),
        ("sample", "-o", tmp_path / f"{name}.npz"),
    ):
        assert run(*words) == 1
        error = capsys.readouterr().err
        assert "unexpected" not in error
        assert error.count("\n") == 1
