"""The command ``fit`` with scans: head, distances as numbers and colours, and a report."""

from __future__ import annotations

import json

import numpy as np
import pytest
import trimesh
from PIL import Image

from studio.fitting.scans.picks import write_picks
from tests.cli.shell import answer, run
from tests.fitting.scanned import head, scanned


@pytest.fixture
def scan(tmp_path, head_model):
    taken = scanned(head_model, head(head_model, 1), 1, count=10_000, spoilt=False)
    trimesh.PointCloud(taken.scan.points).export(tmp_path / "anna.ply")
    write_picks(tmp_path / "picks.json", taken.picks)
    return tmp_path / "anna.ply"


def test_a_scan_leaves_head_distances_and_report(scan, tmp_path, capsys):
    out, picks = tmp_path / "out", tmp_path / "picks.json"
    words = (scan, "--landmarks", picks, "-o", out, "--model", "open_head", "--json")
    assert run("fit", *words) == 0
    (one,) = answer(capsys)["fits"]
    endings = (".npz", ".obj", "_distances.npy", "_distances.png", "_report.json")
    assert sorted(one["files"]) == sorted(str(out / f"anna{ending}") for ending in endings)
    assert one["face_to_scan"]["median_mm"] < 0.3
    report = json.loads((out / "anna_report.json").read_text())
    assert report["scan_in_head_metres"]["metres_per_unit"] == pytest.approx(0.001)
    assert report["landmarks_mm"]["nose tip"] < 5.0
    with Image.open(out / "anna_distances.png") as picture:
        assert np.asarray(picture.convert("RGB")).std() > 10.0


def test_a_scan_without_landmarks_is_told_what_it_needs(scan, tmp_path, capsys):
    assert run("fit", scan, "-o", tmp_path / "out", "--model", "open_head", "--json") == 1
    assert "--landmarks" in answer(capsys)["error"]
