"""Measurements from the shell."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.backends import create_backend
from studio.sequence.files import read_clip
from tests.cli.shell import Grey, answer, run


def test_a_table_has_a_row_for_each_frame(
    tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any, tiny_model: Any
) -> None:
    out = tmp_path / "sizes.csv"
    assert run("measure", "head", clip_file, "-o", out, "--json") == 0
    told = answer(capsys)
    assert (told["output"], told["frames"]) == (str(out), 6)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(line["frame"]) for line in rows] == list(range(6))
    assert [float(line["seconds"]) for line in rows] == pytest.approx(
        [index / 24 for index in range(6)], abs=1e-6
    )
    degrees = [float(line["jaw_angle_deg"]) for line in rows]
    assert degrees == pytest.approx(np.degrees(np.linspace(0.0, 0.3, 6)), abs=1e-3)
    clip, _ = read_clip(clip_file, tiny_model)
    joints = create_backend("torch", tiny_model, "cpu").forward(clip.frame(4)).joints
    expected = 1000.0 * math.dist(joints[3].astype(float), joints[4].astype(float))
    assert float(rows[4]["inter_pupillary_mm"]) == pytest.approx(expected, abs=1e-3)


def test_json_has_the_definitions_too(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    out = tmp_path / "sizes.json"
    assert run("measure", "head", clip_file, "-o", out) == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["fps"] == 24.0
    assert told["licence"]
    assert told["measures"].keys() == told["frames"].keys()
    assert told["measures"]["jaw_angle"] == {
        "unit": "°",
        "definition": "By how much the jaw is turned about its joint",
    }
    assert all(len(values) == 6 for values in told["frames"].values())


def test_what_cannot_be_is_one_sentence(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("measure", "head", clip_file, "-o", tmp_path / "sizes.xls") == 1
    assert "measurements cannot be saved to .xls" in capsys.readouterr().err
    assert run("measure", "head", tmp_path / "none.npz", "-o", tmp_path / "sizes.csv") == 1
    assert "none.npz does not exist" in capsys.readouterr().err
    assert run("measure", "hand", clip_file, "-o", tmp_path / "sizes.csv") == 2
    assert not list(tmp_path.glob("sizes*"))
