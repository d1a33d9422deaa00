"""Vertices of another head find the place of the open head that they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.correspondence import Correspondence, correspond
from studio.controls.donor import donor
from studio.flame.model import HeadModel
from tests.controls.second_heads import MILLIMETRE, other_person, rotated_head


@pytest.fixture(scope="module")
def person() -> HeadModel:
    return other_person(1)


@pytest.fixture(scope="module")
def found(person: HeadModel) -> Correspondence:
    return correspond(person, donor())


def astray(found: Correspondence) -> np.ndarray:
    """How far each vertex's point lies from the one with its own number, on the open head."""
    points = np.einsum("vc,vcx->vx", found.barycentric, donor().rest.vertices[found.corners])
    return np.linalg.norm(points - donor().rest.vertices, axis=1)


def test_the_same_head_finds_itself() -> None:
    same = correspond(rotated_head(), donor())
    certain = same.trust > 0.0
    assert astray(same)[certain].max() < 1e-3 * MILLIMETRE
    np.testing.assert_allclose(same.back, np.eye(3), atol=1e-6)
    assert same.weights.sum() == pytest.approx(1.0)


def test_another_person_is_found_to_within_millimetres(person: HeadModel, found: Correspondence) -> None:
    face = person.regions["face"]
    assert np.median(astray(found)[face]) < 1.5 * MILLIMETRE
    assert np.quantile(astray(found)[face], 0.95) < 5.0 * MILLIMETRE


def test_one_lip_does_not_take_what_the_other_does(found: Correspondence) -> None:
    """They lie on one another, and only face different ways."""
    scale = np.cbrt(np.linalg.det(found.back))
    lips = donor().regions["lips"]
    for unit in ("mouthUpperUpLeft", "mouthLowerDownLeft"):
        own = donor().moved[:, :, [donor().names.index(unit)]]
        wrong = np.linalg.norm(found.carry(own) / scale - own, axis=1)[lips]
        assert np.quantile(wrong, 0.97) < 0.5 * MILLIMETRE


def test_eyeballs_take_none_and_loose_pieces_by_name(person: HeadModel, found: Correspondence) -> None:
    assert not found.weights[person.regions["eyeballs"]].any()
    assert found.weights[person.regions["tongue"]].any()
    unnamed = correspond(replace(person, regions={}), donor())
    for piece in ("eyeballs", "tongue", "upper_teeth", "lashes"):
        assert not unnamed.weights[person.regions[piece]].any()
    assert unnamed.weights[person.regions["lips"]].any()


def test_displacements_come_back_in_the_size_and_the_attitude_of_the_head() -> None:
    turned = rotated_head()
    quarter = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    turned = replace(turned, v_template=np.ascontiguousarray(2.0 * turned.v_template @ quarter.T, np.float32))
    found = correspond(turned, donor())
    smile = donor().names.index("mouthSmileLeft")
    carried = found.carry(donor().moved[:, :, [smile]])[:, :, 0]
    certain = found.trust > 0.9
    assert certain.mean() > 0.5
    wanted = 2.0 * donor().moved[:, :, smile] @ quarter.T
    np.testing.assert_allclose(carried[certain], wanted[certain], atol=1e-3 * MILLIMETRE)
