"""Surface points from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.shell import Grey, answer, run


def test_points_of_a_frame(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "points.npz"
    assert run("sample", clip_file, "-n", 200, "--seed", 9, "--frame", 5, "-o", out, "--json") == 0
    told = answer(capsys)
    assert (told["output"], told["points"], told["seed"], told["frames"]) == (str(out), 200, 9, 1)
    assert told["licence"] == "Free for tests"
    first = dict(np.load(out))
    assert first["position"].shape == first["normal"].shape == first["barycentric"].shape == (200, 3)
    assert run("sample", clip_file, "-n", 200, "--seed", 9, "--frame", 5, "-o", out) == 0
    np.testing.assert_array_equal(np.load(out)["position"], first["position"])
    assert run("sample", clip_file, "-n", 200, "--seed", 9, "-o", out) == 0
    assert (np.load(out)["position"] != first["position"]).any()


def test_points_of_every_frame(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "points.npz"
    assert run("sample", clip_file, "-n", 20, "--all-frames", "-o", out, "--json") == 0
    assert answer(capsys)["frames"] == 6
    assert np.load(out)["position"].shape == (6, 20, 3)


def test_a_cloud_and_what_info_says_of_it(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any
) -> None:
    assert run("sample", clip_file, "-n", 20, "-o", tmp_path / "points.ply") == 0
    capsys.readouterr()
    assert run("info", tmp_path / "points.ply", "--json") == 0
    assert answer(capsys)["sizes"] == {"points": 20}


def test_what_cannot_be_is_one_sentence(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    for words, name, flags in (
        ("points cannot be saved to .obj", "p.obj", []),
        ("has no region nose", "p.npz", ["--region", "nose"]),
        ("There is no frame 6", "p.npz", ["--frame", "6"]),
        ("one frame only", "p.ply", ["--all-frames"]),
        ("is read to make it", clip_file.name, []),
    ):
        assert run("sample", clip_file, *flags, "-o", tmp_path / name) == 1
        captured = capsys.readouterr()
        assert words in captured.err
        assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [clip_file]


@pytest.mark.parametrize("flags", [["-n", "-1"], ["-n", "1e6"], ["-n", "2000000000"], ["--seed", "-1"]])
def test_numbers_that_make_no_sense_are_usage(tmp_path: Path, capsys: Any, flags: list[str]) -> None:
    assert run("sample", *flags, "-o", tmp_path / "p.npz") == 2
    assert "is not a" in capsys.readouterr().err
