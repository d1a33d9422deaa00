"""Region masks by vertices and over the texture, with a word on what does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.masks import gather_regions, holds_uv_masks, listed_regions
from studio.storage.arrays import npz_headers

NO_FACES = np.zeros((0, 3), np.int32)


def of_tables(*tables, vertex_count=40):
    return gather_regions(tables, (), NO_FACES, vertex_count, None, None)


@pytest.mark.parametrize(
    "values",
    [np.array([5, 3, 3]), [5, 3], np.array([3, 5], np.uint32), np.isin(np.arange(40), (3, 5))],
    ids=["repeated", "list", "unsigned", "mask of vertices"],
)
def test_lists_of_vertices_in_any_integer_type(values):
    found = of_tables(("masks.pkl", {"nose": values}))
    np.testing.assert_array_equal(found.regions["nose"], [3, 5])
    assert found.regions["nose"].dtype == np.int32
    assert found.problems == ()


def test_foreign_and_senseless_entries_are_told_in_one_sentence():
    table = {
        "nose": [1, 2],
        "scalp": np.array([40]),
        "neck": np.array([-1, 2]),
        "lips": np.array([0.5, 1.0]),
        "face": "no",
        "ears": [[1, 2], [3]],
        "boundary": {"a": 1},
        "empty": np.array([], np.int64),
        "mask": np.ones(39, bool),
    }
    found = of_tables(("FLAME_masks.pkl", table))
    assert list(found.regions) == ["nose"]
    (sentence,) = found.problems
    assert sentence == (
        "FLAME_masks.pkl has regions that were left out: scalp, neck with vertices that a head of 40 does "
        "not have; lips, face, ears, boundary, …, holding no vertex numbers; use the file made for this "
        "model."
    )


def test_without_a_model_only_what_can_never_be_is_told():
    regions, problem = listed_regions({"nose": [10**6], "lips": [-1], "face": [0.5]}, "m.pkl", None)
    assert list(regions) == ["nose"]
    assert "lips with vertices that a head does not have" in problem
    assert "face" in problem


def test_the_first_file_wins_and_flames_eyeballs_are_known():
    found = of_tables(("a", {"nose": [1]}), ("b", {"nose": [2], "lips": [3]}), vertex_count=5023)
    np.testing.assert_array_equal(found.regions["nose"], [1])
    assert list(found.regions["left_eyeball"][[0, -1]]) == [3931, 4476]
    assert "left_eyeball" not in of_tables(vertex_count=6570).regions


@pytest.fixture
def square():
    """Two triangles over the whole texture; vertex 2 at its upper right corner."""
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    return faces, 4, uv, faces


def maps(tmp_path, **members):
    path = tmp_path / "uv_masks.npz"
    np.savez_compressed(path, **members)
    return path


def upper(shape=(64, 64)):
    mask = np.zeros(shape, bool)
    mask[: shape[0] // 2] = True
    return mask


def test_maps_over_the_texture_give_the_vertices_under_them(tmp_path, square):
    path = maps(tmp_path, top=upper(), left=upper().T, wide=upper((16, 128)), nothing=np.zeros((8, 8), bool))
    assert holds_uv_masks(npz_headers(path))
    found = gather_regions((), (path,), *square)
    np.testing.assert_array_equal(found.regions["top"], [2, 3])
    np.testing.assert_array_equal(found.regions["left"], [0, 3])
    np.testing.assert_array_equal(found.regions["wide"], [2, 3])
    assert "nothing" not in found.regions
    assert found.problems == ()


def test_lists_of_vertices_win_over_maps(tmp_path, square):
    path = maps(tmp_path, nose=upper(), lips=upper())
    found = gather_regions((("masks.pkl", {"nose": [0]}),), (path,), *square)
    np.testing.assert_array_equal(found.regions["nose"], [0])
    np.testing.assert_array_equal(found.regions["lips"], [2, 3])


def test_maps_that_are_none_are_told(tmp_path, square):
    path = maps(
        tmp_path, nose=upper(), lips=np.ones((8, 8)), neck=np.ones(8, bool), ear=np.ones((0, 9), bool)
    )
    found = gather_regions((), (path,), *square)
    assert list(found.regions) == ["nose"]
    assert found.problems == (
        "uv_masks.npz has maps that are no masks and were left out: lips, neck, ear; get the file again.",
    )


def test_maps_need_texture_coordinates(tmp_path, square):
    found = gather_regions((), (maps(tmp_path, nose=upper()),), square[0], 4, None, None)
    assert found.regions == {}
    assert "no texture coordinates" in found.problems[0]


def test_damaged_maps_are_told(tmp_path, square):
    path = maps(tmp_path, nose=upper((512, 512)), lips=np.random.default_rng(0).random((512, 512)) < 0.5)
    content = bytearray(path.read_bytes())
    content[2000:2400] = b"\0" * 400
    path.write_bytes(content)
    found = gather_regions((), (path,), *square)
    assert "uv_masks.npz" in found.problems[0]
