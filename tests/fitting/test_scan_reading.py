"""Scans and their landmarks come out of files of any kind, and damaged ones are told in a sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest
import trimesh

from studio.fitting.scans import reading
from studio.fitting.scans.picks import read_picks, write_picks
from studio.fitting.scans.reading import read_scan
from studio.fitting.scans.scan import Picks, Scan
from studio.storage.errors import StudioError

CORNERS = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
FACES = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
SCAN = Scan("scan", CORNERS)


def saved(tmp_path, name: str, text: str | bytes):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("ending", ["ply", "stl"])
def test_meshes_are_read_with_outward_normals(tmp_path, ending):
    path = tmp_path / f"scan.{ending}"
    trimesh.Trimesh(CORNERS * 170.0, FACES).export(path)
    scan = read_scan(path)
    assert len(scan.faces) == 4
    assert scan.points.max() == 170.0
    outside = scan.points - scan.points.mean(axis=0)
    assert ((scan.normals * outside).sum(axis=1) > 0.0).all()


def test_an_obj_keeps_its_vertices_and_cuts_quads(tmp_path):
    text = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 5 5 5\nvt 0 0\nf 1/1 2/1 3/1 4/1\nf -5 -4 -1\n"
    scan = read_scan(saved(tmp_path, "scan.obj", text))
    assert scan.points.shape == (5, 3)
    assert scan.faces.tolist() == [[0, 1, 2], [0, 2, 3], [0, 1, 4]]


def test_points_alone_are_a_scan(tmp_path):
    path = tmp_path / "scan.ply"
    trimesh.PointCloud(np.random.default_rng(0).random((60, 3))).export(path)
    scan = read_scan(path)
    assert scan.points.shape == (60, 3)
    assert scan.faces is None


def test_points_that_are_no_numbers_are_left_out_and_told(tmp_path):
    text = "v 0 0 0\nv 1 0 0\nv nan 1 0\nv 0 1 0\nv 0 0 1\nf 1 2 4\nf 1 2 3\nf 1 2 99\n"
    scan = read_scan(saved(tmp_path, "scan.obj", text))
    assert len(scan.points) == 4
    assert scan.faces.tolist() == [[0, 1, 2]]
    assert "1 points of scan.obj are no numbers" in scan.notices[0]


def test_too_many_points_are_thinned(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_POINTS", 10)
    path = tmp_path / "scan.ply"
    trimesh.PointCloud(np.random.default_rng(0).random((60, 3))).export(path)
    scan = read_scan(path)
    assert len(scan.points) == 10
    assert "60 points; 10 of them" in scan.notices[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("scan.obj", "v 1 2\nv x y z\n", "not a whole OBJ"),
        ("scan.obj", "f 1 2 x\n", "not a whole OBJ"),
        ("scan.obj", "# nothing\n", "holds no surface"),
        ("scan.obj", "v 1 1 1\n" * 9, "holds no surface"),
        (
            "scan.ply",
            b"ply\nformat binary_little_endian 1.0\nelement vertex 99999999999\nend_header\n",
            "scan.ply",
        ),
        ("scan.ply", b"\x00\xff" * 200, "damaged or no scan"),
        ("scan.stl", b"", "scan.stl"),
        ("scan.blend", b"BLENDER", "scans are OBJ, PLY, STL"),
    ],
)
def test_what_is_no_scan_is_told(tmp_path, name, content, told):
    with pytest.raises(StudioError, match=told):
        read_scan(saved(tmp_path, name, content))


def test_landmarks_are_named_by_number_by_name_or_by_point(tmp_path):
    named = {"36": [1, 2, 3], "nose tip": [4.5, 5, 6], "8": 2}
    picks = read_picks(saved(tmp_path, "picks.json", json.dumps({"landmarks": named})), SCAN)
    assert picks.indices.tolist() == [8, 30, 36]
    assert picks.points.tolist() == [[0, 1, 0], [4.5, 5, 6], [1, 2, 3]]


def test_landmarks_come_back_as_they_were_saved(tmp_path):
    picks = Picks(np.array([30, 36, 45]), np.array([[0.1, 0.2, 0.3], [1.0, 2, 3], [4.0, 5, 6]]))
    write_picks(tmp_path / "picks.json", picks)
    found = read_picks(tmp_path / "picks.json", SCAN)
    np.testing.assert_array_equal(found.indices, picks.indices)
    np.testing.assert_array_equal(found.points, picks.points)


def test_tables_of_51_are_the_inner_points(tmp_path):
    table = np.random.default_rng(0).random((51, 3))
    np.save(tmp_path / "picks.npy", table)
    picks = read_picks(tmp_path / "picks.npy", SCAN)
    assert picks.indices[0] == 17
    np.testing.assert_array_equal(picks.points, table)
    np.savetxt(tmp_path / "picks.txt", table)
    np.testing.assert_allclose(read_picks(tmp_path / "picks.txt", SCAN).points, table)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"left nostril hair": [1, 2, 3]}', "called by their number"),
        ('{"99": [1, 2, 3]}', "called by their number"),
        ('{"36": [1, 2]}', "an x, a y and a z"),
        ('{"36": [1, 2, NaN]}', "picks.json"),
        ('{"36": [1' + "0" * 400 + ", 2, 3]}", "an x, a y and a z"),
        (json.dumps([[10**400, 2, 3]] * 51), "does not tell where"),
        ('{"36": 4}', "names the point 4"),
        ("[[1, 2, 3]]", "no 51 or 68"),
        ('"36"', "an x, a y and a z"),
    ],
)
def test_landmarks_that_are_none_are_told(tmp_path, content, told):
    with pytest.raises(StudioError, match=told):
        read_picks(saved(tmp_path, "picks.json", content), SCAN)
