"""The pair of eyelid files, told by name and shape; the side by where the vertices lie."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.companions import recognise
from studio.flame.eyelid_files import gather_eyelids

VERTICES = np.random.default_rng(0).normal(0, 0.05, (40, 3)).astype(np.float32)


def lid(side):
    """A lid of one side that moves down by 8 mm."""
    moved = np.zeros(VERTICES.shape)
    moved[VERTICES[:, 0] * side > 0.02, 1] = -0.008
    return moved


def write(tmp_path, **arrays):
    paths = []
    for name, values in arrays.items():
        paths.append(tmp_path / f"{name}.npy")
        np.save(paths[-1], values)
    return sorted(paths)


def test_a_pair_is_left_then_right(tmp_path):
    found = gather_eyelids(write(tmp_path, l_eyelid=lid(1), r_eyelid=lid(-1)), VERTICES)
    assert found.problems == ()
    assert found.directions.shape == (40, 3, 2)
    assert found.directions.dtype == np.float32
    np.testing.assert_allclose(found.directions[..., 0], lid(1), atol=1e-9)
    np.testing.assert_allclose(found.directions[..., 1], lid(-1), atol=1e-9)


def test_exchanged_sides_are_put_right_and_told(tmp_path):
    found = gather_eyelids(write(tmp_path, l_eyelid=lid(-1), r_eyelid=lid(1)), VERTICES)
    np.testing.assert_allclose(found.directions[..., 0], lid(1), atol=1e-9)
    assert found.problems == (
        "l_eyelid.npy moves the right eyelid and is used for that side.",
        "r_eyelid.npy moves the left eyelid and is used for that side.",
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((39, 3)), "a head of 39 vertices, but the model has 40"),
        (np.full((40, 3), np.nan), "moves by nan"),
        (np.zeros((40, 3)), "moves by 0"),
        (1000.0 * lid(1), "moves by 8"),
    ],
    ids=["another mesh", "nan", "nothing", "millimetres"],
)
def test_what_no_lid_does_is_told(tmp_path, wrong, words):
    found = gather_eyelids(write(tmp_path, l_eyelid=wrong, r_eyelid=lid(-1)), VERTICES)
    assert found.directions is None
    assert "l_eyelid.npy" in found.problems[0]
    assert words in found.problems[0]
    assert "none for the left" in found.problems[1]


@pytest.mark.parametrize(
    ("name", "role"),
    [("l_eyelid", "eyelid"), ("flame_right_eyelid", "eyelid"), ("R_EYELID", "eyelid"), ("eyelid", "other")],
)
def test_they_are_told_by_name_and_shape(tmp_path, name, role):
    (path,) = write(tmp_path, **{name: lid(1)})
    assert recognise(path).role == role


def test_another_shape_is_no_eyelid(tmp_path):
    (path,) = write(tmp_path, l_eyelid=np.zeros((40, 2)))
    assert recognise(path).role == "other"
