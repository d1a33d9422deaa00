"""Landmarks on the command line: which are written, which a model has, and whether a file fits a model."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.flame.model import HeadModel
from studio.flame.open_head import OPEN_HEAD
from tests.cli.shell import Grey, answer, run
from tests.flame import marked_heads


@pytest.mark.parametrize("name", [None, "68", "51", "70"])
def test_forward_writes_the_landmarks_asked_for(
    tmp_path: Path, head_model: HeadModel, name: str | None, capsys: Any
) -> None:
    out = tmp_path / "out.npz"
    flags = ("--landmarks", name) if name else ()
    assert run("forward", "blink", "--model", OPEN_HEAD, "-o", out, *flags) == 0
    marks = landmark_set(head_model, name or "68")  # type: ignore[arg-type]
    assert marks is not None
    with np.load(out) as stored:
        frame = len(stored["vertices"]) // 2
        wanted = landmark_positions(stored["vertices"][frame], marks, stored["contour_row"][frame])
        np.testing.assert_allclose(stored["landmarks"][frame], wanted, atol=1e-6)
        assert ("landmark_index" in stored) == (name is not None)
        if name:
            assert stored["landmark_index"].tolist() == [mark.index for mark in marks.landmarks]


@pytest.mark.parametrize("name", ["mediapipe", "fixed68"])
def test_a_set_that_the_model_lacks_is_told(tmp_path: Path, name: str, capsys: Any) -> None:
    out = tmp_path / "out.npz"
    assert run("forward", "neutral", "--model", OPEN_HEAD, "-o", out, "--landmarks", name) == 1
    told = capsys.readouterr().err
    assert f"has no {name} landmarks: that set needs" in told
    assert "(68, 51, 70)" in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_model_without_landmarks_says_none(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    assert run("forward", "neutral", "-o", tmp_path / "out.npz", "--landmarks", "68") == 1
    assert "tiny has no 68 landmarks" in capsys.readouterr().err


def test_an_unknown_set_is_a_usage_error(tmp_path: Path, capsys: Any) -> None:
    assert run("forward", "neutral", "-o", tmp_path / "out.npz", "--landmarks", "67") == 2
    assert "'67'" in capsys.readouterr().err


def test_info_prints_the_sets_of_a_model(capsys: Any) -> None:
    assert run("info", OPEN_HEAD, "--json") == 0
    assert answer(capsys)["landmarks"] == ["68", "51", "70"]


@pytest.fixture
def flame(tmp_path: Path) -> Path:
    """A model of FLAME's size with its landmarks beside it, and a file that does not fit it."""
    folder = tmp_path / "flame"
    folder.mkdir()
    path = folder / "flame.pkl"
    path.write_bytes(pickle.dumps(marked_heads.flame_sized(), 2))
    np.savez(folder / "mp.npz", **marked_heads.mediapipe_table())
    np.save(folder / "lm.npy", np.array(marked_heads.deca(eyes=True), dtype=object))
    static, _ = marked_heads.ringnet()
    static["lmk_face_idx"] = static["lmk_face_idx"] + np.uint32(9960)
    (folder / "other.pkl").write_bytes(pickle.dumps(static, 2))
    return path


def test_info_and_forward_tell_of_a_file_that_does_not_fit(tmp_path: Path, flame: Path, capsys: Any) -> None:
    assert run("info", flame, "--json") == 0
    told = answer(capsys)
    assert told["landmarks"] == ["68", "51", "70", "fixed68", "mediapipe"]
    assert any("the model has 9976 faces" in notice for notice in told["notices"])
    assert run("info", flame.parent / "other.pkl", "--model", flame, "--json") == 0
    (notice,) = answer(capsys)["notices"]
    assert notice.startswith("other.pkl ")
    assert run("info", flame.parent / "lm.npy", "--model", flame, "--json") == 0
    assert answer(capsys)["notices"] == []
    out = tmp_path / "out.npz"
    assert run("forward", "neutral", "--model", flame, "-o", out, "--landmarks", "mediapipe") == 0
    assert "other.pkl" in capsys.readouterr().err
    with np.load(out) as stored:
        assert stored["landmarks"].shape == (1, 105, 3)
        assert stored["landmark_index"].tolist() == [mark.index for mark in marked_heads.MEDIAPIPE]
