"""The list of a user's files: found by content, with version, digest and licence, and what is missing."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest

from studio.flame.describe import describe
from studio.flame.library import WANTED, missing, model_folders, scan
from studio.flame.versions import FLAME_2023_OPEN, RESEARCH_LICENCE, hinted_version, licence_of, version_of
from tests.flame.texture_cases import flame_texture

README = Path(__file__).parents[2] / "model" / "README.md"


@pytest.fixture
def folder(tmp_path, entries):
    random = np.random.default_rng(0)
    (tmp_path / "head.dat.pkl").write_bytes(
        pickle.dumps(entries | {"supr_expression_metadata": {"n_expr": 100}}, 2)
    )
    static = {"lmk_face_idx": np.arange(51), "lmk_b_coords": random.dirichlet(np.ones(3), 51)}
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(static, 2))
    contour = {
        "lmk_face_idx": list(np.zeros((79, 17), int)),
        "lmk_b_coords": list(random.dirichlet(np.ones(3), (79, 17))),
    }
    np.save(tmp_path / "b.npy", np.array(contour, dtype=object))
    np.savez(
        tmp_path / "h.npz",
        lmk_face_idx=np.zeros(3, int),
        lmk_b_coords=np.tile([0.5, 0.5, 0.0], (3, 1)),
        landmark_indices=np.arange(3),
    )
    (tmp_path / "c.pkl").write_bytes(pickle.dumps({"face": [1], "nose": [2], "lips": [3]}, 2))
    np.savez(tmp_path / "d.npz", vt=np.zeros((4, 2)), ft=np.zeros((2, 3), int), mean=np.zeros(3))
    (tmp_path / "e.pkl").write_bytes(b"\x80\x02cos\nsystem\nU\x01x\x85R.")
    (tmp_path / "f.npz").write_bytes(b"PK\x03\x04 cut")
    np.savez(tmp_path / "g.npz", expr=np.zeros(3))
    np.savez(tmp_path / "i.npz", **flame_texture(random))
    (tmp_path / "README.md").write_text("not of interest")
    return tmp_path


def test_files_are_told_by_content(folder):
    found = {entry.path.name: entry for entry in scan([folder])}
    assert {name: entry.kind for name, entry in found.items()} == {
        "a.pkl": "static landmarks",
        "b.npy": "contour landmarks",
        "c.pkl": "masks",
        "d.npz": "texture",
        "e.pkl": "other",
        "f.npz": "other",
        "g.npz": "other",
        "i.npz": "texture model",
        "h.npz": "mediapipe landmarks",
        "head.dat.pkl": "model",
    }
    head = found["head.dat.pkl"]
    assert head.version == FLAME_2023_OPEN
    assert "CC BY 4.0" in head.licence
    assert head.digest == hashlib.sha256(head.path.read_bytes()).hexdigest()
    assert head.size == head.path.stat().st_size
    assert "os.system" in found["e.pkl"].problem
    assert "cut short" in found["f.npz"].problem
    assert [name for name, entry in found.items() if entry.problem] == ["e.pkl", "f.npz"]


def test_the_quick_look_tells_the_kinds_without_digests(folder):
    quick = scan([folder], quick=True)
    assert [entry.kind for entry in quick] == [entry.kind for entry in scan([folder])]
    assert not any(entry.digest for entry in quick)


def test_what_is_missing(folder, tmp_path_factory):
    assert missing(scan([folder])) == []
    assert missing(scan([tmp_path_factory.mktemp("empty")])) == list(WANTED)
    (folder / "a.pkl").unlink()
    assert [entry.name for entry in missing(scan([folder]))] == ["flame_static_embedding.pkl"]


def test_a_broken_model_does_not_count(tmp_path, entries):
    entries["posedirs"] = entries["posedirs"][:5]
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(entries, 2))
    (found,) = scan([tmp_path])
    assert found.kind == "model"
    assert "posedirs has shape (5, 3, 36)" in found.problem
    assert WANTED[0] in missing([found])


def test_folders_in_their_order(tmp_path, monkeypatch):
    folders = [tmp_path / name for name in ("explicit", "one", "two", "checkout", "user")]
    for entry in folders:
        entry.mkdir()
    (tmp_path / "checkout" / "model").mkdir()
    monkeypatch.setenv("FLAME_STUDIO_MODELS", f"{folders[1]}:{folders[2]}:{tmp_path / 'none'}")
    monkeypatch.setattr("os.pathsep", ":")
    monkeypatch.setattr("studio.flame.folders.checkout_folder", lambda: tmp_path / "checkout")
    monkeypatch.setattr("studio.flame.folders.user_folder", lambda: folders[4])
    expected = [*folders[:3], tmp_path / "checkout" / "model", folders[4]]
    assert model_folders(folders[0]) == expected
    assert model_folders(folders[0] / "model.pkl") == expected
    assert model_folders() == expected[1:]


def test_descriptions(folder):
    assert describe(folder / "head.dat.pkl").counts == {
        "vertices": 40,
        "faces": 70,
        "shape": 300,
        "expression": 100,
        "joints": 5,
    }
    assert describe(folder / "a.pkl").counts == {"static": 51}
    assert describe(folder / "b.npy").counts == {"contour rows": 79}
    assert describe(folder / "h.npz").counts == {"landmarks": 3}
    assert describe(folder / "d.npz").counts == {"texture coordinates": 4, "faces": 2}
    assert describe(folder / "g.npz").title == "Archive of NumPy arrays"
    gone = describe(folder / "none.pkl")
    assert not gone.is_usable
    assert "does not exist" in gone.problems[0]


def test_an_assumed_split_is_said_but_no_fault(tmp_path, entries):
    entries["shapedirs"] = entries["shapedirs"][:, :, :150]
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(entries, 2))
    told = describe(tmp_path / "m.pkl")
    assert "column 10" in told.problems[0]
    assert told.is_usable
    assert scan([tmp_path])[0].problem == ""


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("FLAME2020/generic_model.pkl", "FLAME 2020"),
        ("x/flame2023_Open.pkl", FLAME_2023_OPEN),
        ("x/flame2023_no_jaw.pkl", "FLAME 2023 (no jaw)"),
        ("FLAME2020/flame2023.pkl", "FLAME 2023"),
        ("x/generic_model.pkl", "FLAME, release unknown"),
    ],
)
def test_names_are_a_hint(path, version):
    assert hinted_version(Path(path), {}) == version


def test_the_digest_counts_more_than_the_name():
    digest = "efcd14cc" + "0" * 52 + "725b"
    version = version_of(digest, {"v_template": np.zeros((5023, 3))}, Path("flame2023_Open.pkl"), {})
    assert version == "FLAME 2020"
    assert licence_of(version) == RESEARCH_LICENCE


def test_the_readme_of_the_folder_lists_the_same_files():
    text = README.read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line[:3] == "| `"
    ]
    assert rows == [
        [f"`{wanted.name}`", wanted.purpose, f"<{wanted.url}>", wanted.licence] for wanted in WANTED
    ]
