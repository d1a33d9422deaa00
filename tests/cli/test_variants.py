"""Teeth and parts of the model, chosen on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.flame.model import HeadModel
from tests.cli.shell import Grey, answer, run
from tests.flame.plain_head import plain_head


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch, renderer: Grey) -> HeadModel:
    model = plain_head()
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: model)
    return model


def test_teeth_are_in_what_is_computed(tmp_path: Path, head: HeadModel, capsys: Any) -> None:
    assert run("forward", "--teeth", "-o", tmp_path / "all.npz", "--json") == 0
    assert answer(capsys)["model"]["name"] == "plain"
    with np.load(tmp_path / "all.npz") as result:
        assert result["vertices"].shape == (1, head.vertex_count + 120, 3)
        assert result["landmarks"].shape == (1, 68, 3)


def test_parts_are_left_out_of_what_is_drawn(tmp_path: Path, head: HeadModel, renderer: Grey) -> None:
    flags = ("--without", "nose", "--without", "lips", "--size", "8x8")
    assert run("render", "-o", tmp_path / "head.png", *flags) == 0
    (shot,) = renderer.shots
    hidden = np.union1d(head.regions["nose"], head.regions["lips"])
    kept = ~np.isin(head.faces, hidden).all(axis=1)
    np.testing.assert_array_equal(shot.model.faces, head.faces[kept])
    assert run("export", "-o", tmp_path / "head.obj", "--without", "nose") == 0
    mesh = (tmp_path / "head.obj").read_text().splitlines()
    assert sum(line.startswith("v ") for line in mesh) == head.vertex_count


def test_a_region_that_is_not_there_is_told(tmp_path: Path, head: HeadModel, capsys: Any) -> None:
    assert run("render", "-o", tmp_path / "head.png", "--without", "beard") == 1
    assert "plain has no region beard; it has face, left_eyeball" in capsys.readouterr().err
    assert not (tmp_path / "head.png").exists()


def test_a_head_with_teeth_gets_no_others(
    tmp_path: Path, head_model: HeadModel, renderer: Grey, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: head_model)
    assert run("export", "-o", tmp_path / "head.obj", "--teeth") == 1
    assert "has teeth of its own" in capsys.readouterr().err
