"""Vertex offsets between a mesh with VHAP's teeth at its end and the same mesh without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.flame.offsets import fits, fitted, same_mesh
from studio.flame.teeth import TEETH_VERTICES
from studio.flame.versions import FLAME_VERTICES
from tests.backends.reference import random_model

WITH_TEETH = FLAME_VERTICES + TEETH_VERTICES


@pytest.fixture(scope="module")
def bare() -> HeadModel:
    return random_model(FLAME_VERTICES, 40, 1, 1)


@pytest.fixture(scope="module")
def toothed(bare: HeadModel) -> HeadModel:
    """A file with the teeth in it."""
    return random_model(WITH_TEETH, 40, 1, 1)


def test_flames_mesh_takes_offsets_with_and_without_teeth(bare: HeadModel, toothed: HeadModel) -> None:
    for model in (bare, toothed):
        assert [fits(count, model) for count in (FLAME_VERTICES, WITH_TEETH)] == [True, True]
        assert not any(fits(count, model) for count in (0, 5000, WITH_TEETH + TEETH_VERTICES))


def test_another_mesh_with_teeth_of_its_own_takes_its_own_only(bare: HeadModel) -> None:
    own = replace(bare, regions={"upper_teeth": np.arange(3, dtype=np.int32)})
    assert fits(FLAME_VERTICES, own)
    assert not fits(WITH_TEETH, own)


def test_missing_teeth_stay_and_those_that_are_not_there_are_left_out(
    bare: HeadModel, toothed: HeadModel
) -> None:
    offset = np.random.default_rng(1).normal(size=(2, FLAME_VERTICES, 3)).astype(np.float32)
    longer = fitted(offset, toothed)
    assert longer.shape == (2, WITH_TEETH, 3)
    np.testing.assert_array_equal(longer[:, :FLAME_VERTICES], offset)
    assert not longer[:, FLAME_VERTICES:].any()
    np.testing.assert_array_equal(fitted(longer, bare), offset)


def test_a_mesh_is_known_by_its_faces(bare: HeadModel) -> None:
    assert same_mesh(bare, replace(bare, name="other"))
    assert not same_mesh(bare, replace(bare, faces=bare.faces[:, [1, 2, 0]]))
