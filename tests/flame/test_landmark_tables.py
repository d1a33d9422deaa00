"""Landmark tables of every published layout, read by content, in files made here."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from studio.flame.companions import recognise
from studio.flame.landmark_tables import (
    check_faces,
    contour_points,
    full_points,
    mediapipe_points,
    static_points,
)
from studio.storage.errors import StudioError

RANDOM = np.random.default_rng(2)
STATIC = RANDOM.integers(0, 60, 51).astype(np.uint32), RANDOM.dirichlet(np.ones(3), 51)
CONTOUR = RANDOM.integers(0, 60, (79, 17)).astype(np.uint32), RANDOM.dirichlet(np.ones(3), (79, 17))

FULL = RANDOM.integers(0, 60, 70), RANDOM.dirichlet(np.ones(3), 70)


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
        "full_lmk_faces_idx": FULL[0][None, : 68 + extra],
        "full_lmk_bary_coords": FULL[1][None, : 68 + extra].astype(np.float32),
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


@pytest.mark.parametrize(("layout", "count"), [("ringnet", 0), ("deca", 68), ("vhap", 70)])
def test_fixed_points(tmp_path, layout, count):
    path, _ = LAYOUTS[layout](tmp_path)
    full = full_points(recognise(path).table, path.name)
    assert (0 if full is None else len(full.faces)) == count
    if full is not None:
        np.testing.assert_array_equal(full.faces, FULL[0][:count])
        np.testing.assert_allclose(full.barycentric, FULL[1][:count], atol=1e-7)


@pytest.mark.parametrize("row", [np.asarray, list, lambda values: np.asarray(values)[None]])
def test_68_fixed_points_are_static_and_a_contour_that_does_not_turn(row):
    table = {"lmk_face_idx": row(np.arange(68, dtype=np.uint32)), "lmk_b_coords": row([[1.0, 0, 0]] * 68)}
    np.testing.assert_array_equal(static_points(table, "68").faces, np.arange(17, 68))
    np.testing.assert_array_equal(contour_points(table, "68").faces, np.tile(np.arange(17), (79, 1)))
    np.testing.assert_array_equal(full_points(table, "68").faces, np.arange(68))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("index", [np.uint32, np.int64, np.int32])
def test_numbers_of_any_width_and_weights_a_hair_below_zero(dtype, index):
    weights = np.tile([-1e-13, 0.25, 0.75 + 1e-13], (51, 1)).astype(dtype)
    points = static_points({"lmk_face_idx": STATIC[0].astype(index), "lmk_b_coords": weights}, "x")
    assert points.faces.dtype == np.int32
    assert points.barycentric.dtype == np.float32
    np.testing.assert_array_equal(points.barycentric, weights.astype(np.float32))


def mediapipe(**changes):
    return {
        "lmk_face_idx": np.arange(105, dtype=np.uint32) % 60,
        "lmk_b_coords": np.tile([0.5, 0.25, 0.25], (105, 1)),
        "landmark_indices": np.arange(105) * 4,
    } | changes


def test_mediapipe_points_are_not_taken_for_the_68(tmp_path):
    path = tmp_path / "whatever.npz"
    np.savez(path, **mediapipe())
    found = recognise(path)
    assert found.role == "mediapipe landmarks"
    points = mediapipe_points(found.table, path.name)
    assert points.numbers == tuple(range(0, 420, 4))
    np.testing.assert_array_equal(points.faces, np.arange(105) % 60)
    for other in (static_points, contour_points, full_points):
        assert other(found.table, path.name) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"landmark_indices": np.arange(104)}, "does not number each"),
        ({"landmark_indices": np.arange(105) + 0.5}, "does not number each"),
        ({"landmark_indices": np.arange(105) * 5}, "as MediaPipe does, 0 to 467"),
        ({"landmark_indices": np.arange(105) - 1}, "as MediaPipe does, 0 to 467"),
        ({"landmark_indices": np.arange(105) // 2}, "as MediaPipe does, 0 to 467"),
        ({"lmk_face_idx": np.zeros((105, 1), int)}, "do not belong together"),
        ({"lmk_b_coords": np.full((105, 3), np.nan)}, "do not add up to one"),
    ],
)
def test_wrong_mediapipe_tables_are_told(tmp_path, changes, words):
    path = tmp_path / "mp.npz"
    np.savez(path, **mediapipe(**changes))
    with pytest.raises(StudioError, match=rf"^mp\.npz .*{words}"):
        recognise(path)


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
        (change("full_lmk_faces_idx", STATIC[0]) | {"full_lmk_bary_coords": STATIC[1]}, "51 fixed landmarks"),
        ({"lmk_face_idx": CONTOUR[0][:20], "lmk_b_coords": CONTOUR[1][:20]}, r"contour table of \(20, 17\)"),
        (change("lmk_face_idx", ["eye"] * 51), "do not belong together"),
        (change("lmk_b_coords", "none"), "not numbers"),
        (change("lmk_b_coords", STATIC[1] + 0j), "not numbers"),
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
