"""What lies beside a model is found by its content and used only where it fits."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from studio.flame import load_model
from studio.flame.describe import describe
from studio.flame.writing import write_model
from tests.flame import marked_heads
from tests.flame.plain_head import plain_head


@pytest.fixture
def model_path(tmp_path, entries):
    folder = tmp_path / "mine"
    folder.mkdir()
    path = folder / "model.pkl"
    path.write_bytes(pickle.dumps(entries, 2))
    return path


def write_landmarks(folder, largest=60):
    random = np.random.default_rng(0)
    static = {
        "lmk_face_idx": random.integers(0, largest, 51),
        "lmk_b_coords": random.dirichlet(np.ones(3), 51),
    }
    contour = {
        "lmk_face_idx": list(random.integers(0, largest, (79, 17))),
        "lmk_b_coords": list(random.dirichlet(np.ones(3), (79, 17))),
    }
    (folder / "one.pkl").write_bytes(pickle.dumps(static, 2))
    np.save(folder / "two.npy", np.array(contour, dtype=object))
    return static


def test_landmarks_beside_the_model_whatever_their_names(model_path):
    static = write_landmarks(model_path.parent)
    model = load_model(model_path)
    landmarks = model.landmarks
    assert landmarks is not None
    np.testing.assert_array_equal(landmarks.static_corners, model.faces[static["lmk_face_idx"]])
    assert landmarks.contour_corners.shape == (79, 17, 3)


def test_static_landmarks_alone_are_not_enough(model_path):
    write_landmarks(model_path.parent)
    (model_path.parent / "two.npy").unlink()
    assert load_model(model_path).landmarks is None


def test_landmarks_of_a_larger_mesh_are_left_out(model_path):
    write_landmarks(model_path.parent, largest=9976)
    model = load_model(model_path)
    assert model.landmarks is None
    assert any("the model has 70 faces" in notice for notice in model.notices)


def test_files_of_the_model_folders_are_not_put_on_another_topology(model_path, tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    write_landmarks(shared)
    monkeypatch.setenv("FLAME_STUDIO_MODELS", str(shared))
    assert load_model(model_path).landmarks is None


def test_masks(model_path):
    masks = {
        "face": np.array([5, 3, 3]),
        "nose": [1, 2],
        "lips": np.array([39]),
        "scalp": np.array([40]),
        "x": "no",
    }
    (model_path.parent / "masks.pkl").write_bytes(pickle.dumps(masks, 2))
    regions = load_model(model_path).regions
    assert sorted(regions) == ["face", "lips", "nose"]
    np.testing.assert_array_equal(regions["face"], [3, 5])
    assert regions["face"].dtype == np.int32


def test_texture_coordinates_of_a_texture_file(model_path, entries):
    corners = np.random.default_rng(0).integers(0, 50, entries["f"].shape)
    np.savez(model_path.parent / "texture.npz", vt=np.zeros((50, 2)), ft=corners, mean=np.zeros(3))
    model = load_model(model_path)
    assert model.uv is not None
    assert model.uv.shape == (50, 2)
    np.testing.assert_array_equal(model.uv_faces, corners)


def test_texture_coordinates_of_a_template(model_path, entries):
    lines = [f"v {x} {y} {z}" for x, y, z in entries["v_template"]] + ["vt 0.25 0.75"] * 40
    lines += ["f " + " ".join(f"{i + 1}/{i + 1}" for i in face.tolist()) for face in entries["f"]]
    (model_path.parent / "head_template.obj").write_text("\n".join(lines))
    model = load_model(model_path)
    assert model.uv is not None
    np.testing.assert_array_equal(model.uv[0], [0.25, 0.75])
    np.testing.assert_array_equal(model.uv_faces, model.faces)


@pytest.mark.parametrize(
    "name", ["broken.pkl", "broken.npy", "broken.npz", "broken.obj", "broken.safetensors"]
)
def test_a_broken_companion_does_not_keep_the_model_from_opening(model_path, name):
    (model_path.parent / name).write_bytes(b"\x80\x02cos\nsystem\n")
    model = load_model(model_path)
    assert model.landmarks is None
    assert model.uv is None


def test_flame_topology_knows_its_eyeballs_and_shares_the_folders(tmp_path, monkeypatch):
    shared, mine = tmp_path / "shared", tmp_path / "FLAME2020"
    shared.mkdir()
    mine.mkdir()
    np.save(shared / "landmark_embedding.npy", np.array(marked_heads.deca(), dtype=object))
    monkeypatch.setenv("FLAME_STUDIO_MODELS", str(shared))
    (mine / "generic_model.pkl").write_bytes(pickle.dumps(marked_heads.flame_sized(), 2))
    model = load_model(mine / "generic_model.pkl")
    assert model.version == "FLAME 2020"
    assert "non-commercial" in model.licence
    assert model.landmarks is not None
    assert (model.regions["left_eyeball"][0], model.regions["left_eyeball"][-1]) == (3931, 4476)
    assert (model.regions["right_eyeball"][0], model.regions["right_eyeball"][-1]) == (4477, 5022)


def test_what_does_not_fit_is_told_with_the_model(model_path):
    folder = model_path.parent
    masks = {"face": [5], "nose": [1], "lips": [99]}
    (folder / "masks.pkl").write_bytes(pickle.dumps(masks, 2))
    (folder / "head_template.obj").write_text("v 0 0 0\nvt 0 0\nf 1/1 1/1 1/1\n")
    (folder / "cut_short.npz").write_bytes(b"PK\x03\x04")
    np.save(folder / "l_eyelid.npy", np.zeros((5023, 3)))
    model = load_model(model_path)
    assert sorted(model.regions) == ["face", "nose"]
    for words in ("masks.pkl", "head_template.obj", "cut_short.npz", "l_eyelid.npy"):
        assert sum(words in notice for notice in model.notices) == 1
    told = describe(model_path)
    assert told.is_usable
    assert set(model.notices) <= set(told.problems)
    assert not describe(folder / "masks.pkl").problems


def test_maps_over_the_texture_are_read_with_its_coordinates(model_path, entries):
    coordinates = np.tile([[0.25, 0.75]], (40, 1))
    coordinates[7] = (0.9, 0.1)
    np.savez(model_path.parent / "texture.npz", vt=coordinates, ft=entries["f"].astype(np.int64))
    corner = np.zeros((64, 64), bool)
    corner[50:, 50:] = True
    np.savez(model_path.parent / "uv_masks.npz", neck=corner, none=corner & False, all=corner | True)
    regions = load_model(model_path).regions
    np.testing.assert_array_equal(regions["neck"], [7])
    assert sorted(regions) == ["all", "neck"]


def test_eyelids_of_the_pair_of_files(model_path):
    model = load_model(model_path)
    assert model.eyelids is None
    for name, sign in (("l_eyelid", 1), ("r_eyelid", -1)):
        moved = np.zeros((40, 3))
        moved[sign * model.v_template[:, 0] > 0.05, 1] = -0.01
        np.save(model_path.parent / f"{name}.npy", moved)
    model = load_model(model_path)
    assert model.eyelids.shape == (40, 3, 2)
    assert not model.eyelids.flags.writeable
    assert model.notices == ()


def test_eyelids_are_solved_where_there_are_landmarks(tmp_path):
    head = plain_head()
    path, marks = tmp_path / "head.npz", head.landmarks
    columns = np.concatenate([head.shapedirs, head.expressiondirs], axis=2)
    np.savez(
        path,
        v_template=head.v_template,
        f=head.faces,
        shapedirs=columns,
        posedirs=head.posedirs,
        J_regressor=head.j_regressor,
        kintree_table=np.array([[-1, 0, 1, 1, 1], [0, 1, 2, 3, 4]]),
        weights=head.lbs_weights,
        supr_expression_metadata=np.array({"n_expr": head.expression_count}),
    )
    static = [_as_face(head, corners) for corners in marks.static_corners]
    contour = [[_as_face(head, corners) for corners in row] for row in marks.contour_corners]
    table = {
        "static_lmk_faces_idx": np.array(static),
        "static_lmk_bary_coords": marks.static_barycentric,
        "dynamic_lmk_faces_idx": np.array(contour),
        "dynamic_lmk_bary_coords": marks.contour_barycentric,
    }
    np.save(tmp_path / "landmarks.npy", np.array(table, dtype=object))
    model = load_model(path)
    assert model.landmarks is not None
    moved = np.linalg.norm(model.eyelids, axis=1).max(axis=0)
    assert ((moved > 0.006) & (moved < 0.015)).all()


def _as_face(head, corners):
    return int(np.flatnonzero((head.faces == corners).all(axis=1))[0])


def test_masks_for_flame_are_not_put_on_a_larger_head_of_another_make(tmp_path, head_model, monkeypatch):
    """The open head is larger than FLAME; converted, only its number of vertices tells that it is none."""
    shared = tmp_path / "shared"
    shared.mkdir()
    masks = {"face": np.arange(9), "nose": np.arange(5), "lips": np.arange(3)}
    (shared / "FLAME_masks.pkl").write_bytes(pickle.dumps(masks, 2))
    monkeypatch.setenv("FLAME_STUDIO_MODELS", str(shared))
    write_model(head_model, tmp_path / "head.npz", "npz", {}, lambda: None)
    assert load_model(tmp_path / "head.npz").regions == {}
