"""The landmarks of a model from the files beside it, and the refusal of those for another mesh."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from studio.flame import load_model
from studio.flame.landmark_files import gather_landmarks
from studio.flame.landmark_sets import landmark_positions, landmark_set, offered_sets
from tests.flame import marked_heads as heads


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "flame.pkl").write_bytes(pickle.dumps(heads.flame_sized(), 2))
    return tmp_path


def save(path, table):
    if path.suffix == ".npz":
        np.savez(path, **table)
    elif path.suffix == ".npy":
        np.save(path, np.array(table, dtype=object))
    else:
        path.write_bytes(pickle.dumps(table, 0))


STATIC, DYNAMIC = heads.ringnet()
STATIC_68 = {"lmk_face_idx": np.arange(68, dtype=np.uint32), "lmk_b_coords": heads.WEIGHTS[:68]}
FILES = {
    "RingNet": ({"static.pkl": STATIC, "dynamic.npy": DYNAMIC}, ("68", "51", "70")),
    "DECA": ({"landmark_embedding.npy": heads.deca()}, ("68", "51", "70", "fixed68")),
    "VHAP": ({"with_eyes.npy": heads.deca(eyes=True)}, ("68", "51", "70", "fixed68")),
    "TF_FLAME 51": ({"static.pkl": STATIC}, ("51",)),
    "TF_FLAME 68": ({"static_68.pkl": STATIC_68}, ("68", "51", "70", "fixed68")),
    "MediaPipe": ({"mediapipe_landmark_embedding.npz": heads.mediapipe_table()}, ("mediapipe",)),
}


@pytest.mark.parametrize("layout", FILES)
def test_every_published_file_gives_its_sets(folder, layout):
    files, sets = FILES[layout]
    for name, table in files.items():
        save(folder / name, table)
    model = load_model(folder)
    assert offered_sets(model) == sets
    assert not model.notices
    for name in sets:
        marks = landmark_set(model, name)
        start = {"51": 17, "mediapipe": 70}.get(name, 0)
        wanted = heads.MARKS[start : start + len(marks.landmarks)]
        assert marks.landmarks == wanted
        seen = landmark_positions(model.v_template, marks, 0)
        for index, point in enumerate(seen[: 68 - start if start < 68 else None]):
            corners = model.v_template[model.faces[start + index]].astype(float)
            slow = sum(w * corner for w, corner in zip(heads.WEIGHTS[start + index], corners, strict=True))
            np.testing.assert_allclose(point, slow, atol=1e-8)


def test_of_two_files_of_a_kind_the_preferred_one_is_used(folder):
    model = load_model(folder)
    other = {"lmk_face_idx": np.arange(17, 68), "lmk_b_coords": np.roll(heads.WEIGHTS[17:68], 1, axis=1)}
    for first, second in ((STATIC, other), (other, STATIC)):
        tables = [("first.pkl", first), ("second.pkl", second), ("dynamic.npy", DYNAMIC)]
        found = gather_landmarks(tables, model.faces, model.v_template)
        np.testing.assert_allclose(found.embedding.static_barycentric, first["lmk_b_coords"], atol=1e-7)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_contour_that_turns_wins_over_one_that_stays(folder, order):
    model = load_model(folder)
    files = [("fixed.pkl", STATIC_68), ("turning.npy", DYNAMIC)]
    found = gather_landmarks([files[index] for index in order], model.faces, model.v_template)
    rows = found.embedding.contour_corners
    np.testing.assert_array_equal(rows[40], model.faces[np.asarray(DYNAMIC["lmk_face_idx"][40])])
    assert (rows[40] != rows[0]).any()


def test_the_eyes_of_a_file_win_over_the_eyeballs(folder):
    save(folder / "with_eyes.npy", heads.deca(eyes=True))
    model = load_model(folder)
    marks = landmark_set(model, "70")
    for row in (0, 40):
        np.testing.assert_array_equal(marks.corners[row, 68:], model.faces[68:70])


def test_the_eyeballs_give_the_eyes_where_no_file_does(folder):
    save(folder / "landmark_embedding.npy", heads.deca())
    model = load_model(folder)
    marks = landmark_set(model, "70")
    seen = landmark_positions(model.v_template, marks, 12)[68:]
    for point, (start, stop) in zip(seen, ((4477, 5023), (3931, 4477)), strict=True):
        assert point[2] == model.v_template[start:stop, 2].max()


def test_contours_turn_and_fixed_ones_do_not(folder):
    save(folder / "landmark_embedding.npy", heads.deca())
    model = load_model(folder)
    turning, fixed = landmark_set(model, "68"), landmark_set(model, "fixed68")
    np.testing.assert_array_equal(turning.corners[55, :17], model.faces[heads.TURNED[0][55]])
    first, second = (landmark_positions(model.v_template, fixed, row) for row in (0, 55))
    np.testing.assert_array_equal(first, second)


def shuffled(table, key="lmk_face_idx"):
    faces = np.asarray(table[key])
    return table | {key: np.roll(faces, faces.shape[-1] // 3, axis=-1)}


WRONG = {
    "beyond": (STATIC | {"lmk_face_idx": STATIC["lmk_face_idx"] + np.uint32(9950)}, "9976 faces"),
    "static": (shuffled(STATIC), "does not put its landmarks on the face of this model"),
    "full": (shuffled(heads.deca(), "full_lmk_faces_idx"), "on the face of this model"),
    "contour": (
        {"lmk_face_idx": [row[::-1] for row in heads.TURNED[0]], "lmk_b_coords": list(heads.TURNED[1])},
        "the chin is not between and below",
    ),
    "mediapipe": (shuffled(heads.mediapipe_table()), "on the face of this model"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_for_another_mesh_is_left_out_and_told(folder, case):
    table, words = WRONG[case]
    save(folder / "others.npy", table)
    model = load_model(folder)
    assert offered_sets(model) == ()
    (notice,) = model.notices
    assert notice.startswith("others.npy ")
    assert words in notice
    assert notice.endswith("use the landmark file made for this model.")


def test_a_file_for_another_mesh_does_not_hide_a_good_one(folder):
    save(folder / "a.pkl", shuffled(STATIC))
    save(folder / "b.npy", heads.deca())
    model = load_model(folder)
    assert offered_sets(model) == ("68", "51", "70", "fixed68")
    assert len(model.notices) == 1


def test_flames_tables_are_refused_on_the_open_heads_mesh(head_model):
    """Every one of FLAME's faces is there too, so only the places can tell."""
    assert len(head_model.faces) > heads.FACES
    found = gather_landmarks(
        [("static.pkl", STATIC), ("dynamic.npy", DYNAMIC), ("mp.npz", heads.mediapipe_table())],
        head_model.faces,
        head_model.v_template,
    )
    assert found.embedding is None
    assert not found.others
    assert len(found.problems) == 3


def test_the_open_heads_own_tables_fit_it(head_model):
    landmarks = head_model.landmarks
    where = {tuple(face): index for index, face in enumerate(head_model.faces.tolist())}
    tables = [
        {
            "lmk_face_idx": np.array(
                [where[tuple(face)] for face in corners.reshape(-1, 3).tolist()]
            ).reshape(corners.shape[:-1]),
            "lmk_b_coords": weights,
        }
        for corners, weights in (
            (landmarks.static_corners, landmarks.static_barycentric),
            (landmarks.contour_corners, landmarks.contour_barycentric),
        )
    ]
    found = gather_landmarks([("own", table) for table in tables], head_model.faces, head_model.v_template)
    assert not found.problems
    np.testing.assert_array_equal(found.embedding.contour_corners, landmarks.contour_corners)
