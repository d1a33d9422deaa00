"""Landmark tables of every published layout, and the contour row by the turn of the head."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from studio.flame.companions import recognise
from studio.flame.landmarks import check_faces, contour_points, contour_row, static_points
from studio.storage.errors import StudioError

RANDOM = np.random.default_rng(2)
STATIC = RANDOM.integers(0, 60, 51).astype(np.uint32), RANDOM.dirichlet(np.ones(3), 51)
CONTOUR = RANDOM.integers(0, 60, (79, 17)).astype(np.uint32), RANDOM.dirichlet(np.ones(3), (79, 17))


def ringnet(folder):
    static, contour = folder / "flame_static_embedding.pkl", folder / "flame_dynamic_embedding.npy"
    static.write_bytes(pickle.dumps({"lmk_face_idx": STATIC[0], "lmk_b_coords": STATIC[1]}, 0))
    table = {"lmk_face_idx": list(CONTOUR[0]), "lmk_b_coords": list(CONTOUR[1])}
    np.save(contour, np.array(table, dtype=object))
    return static, contour


def deca(folder, extra=0, tensors=True):
    """DECA's layout; with two more static points VHAP's."""
    faces = np.concatenate([STATIC[0].astype(np.int64), np.zeros(extra, np.int64)])
    weights = np.concatenate([STATIC[1], np.tile([0.0, 1.0, 0.0], (extra, 1))])
    dynamic = CONTOUR[0].astype(np.int64), CONTOUR[1].astype(np.float32)
    if tensors:
        torch = pytest.importorskip("torch")
        dynamic = tuple(torch.from_numpy(part) for part in dynamic)
    table = {
        "static_lmk_faces_idx": faces,
        "static_lmk_bary_coords": weights,
        "dynamic_lmk_faces_idx": dynamic[0],
        "dynamic_lmk_bary_coords": dynamic[1],
        "full_lmk_faces_idx": np.zeros((1, 68 + extra), np.int64),
        "full_lmk_bary_coords": np.zeros((1, 68 + extra, 3)),
    }
    path = folder / "landmark_embedding.npy"
    np.save(path, np.array(table, dtype=object))
    return path, path


LAYOUTS = {
    "ringnet": ringnet,
    "deca": deca,
    "vhap": lambda folder: deca(folder, extra=2),
    "without tensors": lambda folder: deca(folder, tensors=False),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path, layout):
    static_path, contour_path = LAYOUTS[layout](tmp_path)
    static = static_points(recognise(static_path).table, static_path.name)
    contour = contour_points(recognise(contour_path).table, contour_path.name)
    check_faces(static, 60, static_path.name)
    np.testing.assert_array_equal(static.faces, STATIC[0])
    np.testing.assert_allclose(static.barycentric, STATIC[1], atol=1e-7)
    np.testing.assert_array_equal(contour.faces, CONTOUR[0])
    np.testing.assert_allclose(contour.barycentric, CONTOUR[1], atol=1e-6)
    assert static.faces.dtype == contour.faces.dtype == np.int32


def test_68_fixed_points_are_static_and_a_contour_that_does_not_turn():
    faces, weights = np.arange(68, dtype=np.uint32), np.tile([1.0, 0.0, 0.0], (68, 1))
    table = {"lmk_face_idx": faces, "lmk_b_coords": weights}
    np.testing.assert_array_equal(static_points(table, "68").faces, np.arange(17, 68))
    np.testing.assert_array_equal(contour_points(table, "68").faces, np.tile(np.arange(17), (79, 1)))


def test_mediapipe_points_are_not_taken_for_the_68(tmp_path):
    path = tmp_path / "mediapipe_landmark_embedding.npz"
    np.savez(
        path,
        lmk_face_idx=np.zeros(105, np.uint32),
        lmk_b_coords=np.tile([1.0, 0, 0], (105, 1)),
        landmark_indices=np.arange(105),
    )
    assert recognise(path).role == "other"


def change(key, value):
    return {"lmk_face_idx": STATIC[0], "lmk_b_coords": STATIC[1]} | {key: value}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (change("lmk_b_coords", STATIC[1] * 2), "do not add up to one"),
        (change("lmk_b_coords", STATIC[1] * np.nan), "do not add up to one"),
        (change("lmk_b_coords", STATIC[1][:50]), "do not belong together"),
        (change("lmk_face_idx", STATIC[0].astype(np.int64) - 100), "cannot exist"),
        (change("lmk_face_idx", STATIC[0] + 0.5), "do not belong together"),
        ({"lmk_face_idx": STATIC[0][:40], "lmk_b_coords": STATIC[1][:40]}, "40 static landmarks where 51"),
    ],
)
def test_wrong_tables_are_told(tmp_path, table, words):
    path = tmp_path / "marks.pkl"
    path.write_bytes(pickle.dumps(table, 2))
    with pytest.raises(StudioError, match=rf"^marks\.pkl .*{words}"):
        recognise(path)


@pytest.mark.parametrize("table", [{"v_template": STATIC[1]}, [1, 2]])
def test_what_holds_no_landmarks_is_something_else(tmp_path, table):
    path = tmp_path / "marks.pkl"
    path.write_bytes(pickle.dumps(table, 2))
    assert recognise(path).role == "other"


def test_landmarks_beyond_the_mesh_are_told():
    points = static_points(change("lmk_face_idx", STATIC[0] + np.uint32(10)), "marks.pkl")
    with pytest.raises(StudioError, match=r"^marks\.pkl .*the model has 60 faces"):
        check_faces(points, 60, "marks.pkl")


def rotation_matrix(vector):
    """The matrix exponential of the cross product matrix, by its series: slow, and exact near zero."""
    x, y, z = vector
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], np.float64)
    result, term = np.eye(3), np.eye(3)
    for order in range(1, 60):
        term = term @ cross / order
        result = result + term
    return result


def expected_row(rotation, neck, sign):
    matrix = rotation_matrix(rotation) @ rotation_matrix(neck)
    yaw = np.degrees(np.arctan2(-matrix[2, 0], np.hypot(matrix[0, 0], matrix[1, 0])))
    row = int(np.round(min(yaw if sign == "screen" else -yaw, 39)))
    if row < 0:
        row = 78 if row < -39 else 39 - row
    return row


@pytest.mark.parametrize("sign", ["screen", "flame_pytorch"])
def test_rows_follow_the_rule(sign):
    random = np.random.default_rng(0)
    rotations, necks = random.normal(0, 0.5, (200, 3)), random.normal(0, 0.4, (200, 3))
    rotations[0] = necks[0] = 0
    rotations[1] = -1e-8
    rows = contour_row(rotations, necks, sign)
    assert rows.shape == (200,)
    assert list(rows) == [expected_row(r, n, sign) for r, n in zip(rotations, necks, strict=True)]
    assert len(set(rows.tolist())) > 50


@pytest.mark.parametrize(
    ("degrees", "row"),
    [
        (0, 0),
        (1, 1),
        (0.49, 0),
        (2.4, 2),
        (39, 39),
        (60, 39),
        (-0.4, 0),
        (-1, 40),
        (-39, 78),
        (-39.4, 78),
        (-60, 78),
    ],
)
def test_rows_by_degrees(degrees, row):
    turn = [0, np.radians(degrees), 0]
    assert contour_row(turn, [0, 0, 0], "screen") == row
    assert contour_row([0, 0, 0], turn, "screen") == row
    assert contour_row([0, -turn[1], 0], [0, 0, 0], "flame_pytorch") == row


def test_one_frame_gives_one_number_and_many_share_a_neck():
    assert contour_row(np.zeros(3), np.zeros(3)).shape == ()
    assert contour_row(np.zeros((4, 3)), np.array([0, 0.1, 0])).tolist() == [6] * 4


def test_no_row_for_a_pose_that_is_not_finite():
    with pytest.raises(ValueError, match="NaN"):
        contour_row([np.nan, 0, 0], [0, 0, 0])
