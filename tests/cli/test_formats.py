"""Clips of other programs on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from studio.cli.command_line import main
from studio.flame.open_head import OPEN_HEAD
from tests.sequence import foreign


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    rows = [{"JawOpen": 0.1 * index, "HeadYaw": 0.1} for index in range(5)]
    return foreign.save_face_csv(tmp_path / "phone.csv", rows, [foreign.timecode(i) for i in range(5)])


def run(*words: object) -> int:
    return main([*map(str, words), "--model", str(OPEN_HEAD), "--threads", "1"])


def test_info_reports_what_was_taken(capture: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("info", capture, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "clip"
    assert told["layout"] == "a face capture of ARKit units (Live Link Face)"
    assert (told["frames"], told["fps"]) == (5, 60.0)
    assert "Taken: JawOpen as named controls (jawOpen)" in told["report"]
    assert any(line.startswith("Left out: BlendShapeCount") for line in told["report"])


def test_info_on_every_kind(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    import torch

    torch.save(foreign.tracker_frame(0), tmp_path / "00000.frame")
    foreign.save_pickle(tmp_path / "codes.pkl", foreign.deca())
    foreign.save_bvh(tmp_path / "walk.bvh", foreign.bvh_rows())
    foreign.save_json(tmp_path / "flame_params.json", foreign.imavatar())
    np.save(tmp_path / "identity.npy", np.zeros(300, np.float32))
    for path in sorted(tmp_path.iterdir()):
        assert run("info", path, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["kind"] == "clip"
        assert any(line.startswith("Taken: ") for line in told["report"])


def test_a_capture_becomes_a_table(tmp_path: Path, capture: Path) -> None:
    assert run("export", capture, "-o", tmp_path / "clip.csv") == 0
    with (tmp_path / "clip.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 5
    assert float(rows[4]["jaw_pose/x"]) == pytest.approx(0.4 * 0.385, rel=1e-3)
    turned = float(rows[0]["neck_pose/y"]) + float(rows[0]["rotation/y"])
    assert turned == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("layout", ["json", "vertices", "frames"])
def test_layouts_by_name(tmp_path: Path, capture: Path, layout: str) -> None:
    output = tmp_path / {"json": "a.json", "vertices": "a.npy", "frames": "frames"}[layout]
    assert run("export", capture, "-o", output, "--layout", layout) == 0
    if layout == "json":
        assert len(json.loads(output.read_text())["frames"]) == 5
    elif layout == "vertices":
        assert np.load(output).shape[0] == 5
    else:
        assert len(list(output.glob("*.npz"))) == 5


def test_gaps_are_refused_until_they_are_to_be_filled(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    jaw = np.zeros((5, 3))
    jaw[:, 0] = [0.0, 0.1, np.nan, 0.3, 0.4]
    np.savez(tmp_path / "gaps.npz", jaw_pose=jaw, fps=25)
    words = ("export", tmp_path / "gaps.npz", "-o", tmp_path / "out.npz")
    assert run(*words) == 1
    assert "frame 2" in (told := capsys.readouterr().err)
    assert "--fill-gaps" in told
    assert run(*words, "--fill-gaps") == 0
    with np.load(tmp_path / "out.npz") as stored:
        np.testing.assert_allclose(stored["jaw_pose"][:, 0], [0.0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)
