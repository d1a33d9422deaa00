"""Random faces that stay human, and faces between two others."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.face_parts import FACE, PARTS, expression_places
from studio.controls.head_turns import head_range, head_value
from studio.document.commands import set_params
from studio.document.document import Document
from studio.document.randomising import blend, randomise_face
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from tests.controls.second_heads import rotated_head


@pytest.fixture
def document(head_model):
    return Document(head_model)


def face(model, seed):
    return Params.random(model, seed, 0.6)


def drawn(document, parts=PARTS, strength=1.0, seed=1):
    randomise_face(document, parts, strength, seed).apply(document)
    return document.params


def test_what_is_drawn_is_a_face_that_could_be(document):
    for seed in range(20):
        params = drawn(document, seed=seed)
        assert params.validate(document.model) == []
        assert 2 < np.count_nonzero(params.expr > 0.05) < 30
        np.testing.assert_allclose(params.eyes_pose[:3], params.eyes_pose[3:], atol=1e-6)


def test_on_a_head_without_names_too():
    document = Document(rotated_head())
    params = drawn(document)
    assert np.abs(params.expr).max() > 0.1
    assert params.validate(document.model) == []


@pytest.mark.parametrize("part", PARTS)
def test_only_the_chosen_part_is_drawn(document, part):
    before = face(document.model, 3)
    set_params(document, "", before).apply(document)
    before = document.params
    seeds = iter(range(10))
    while document.params == before:
        after = drawn(document, {part}, seed=next(seeds))
    places = expression_places(document.model)
    for other in FACE:
        if other != part:
            np.testing.assert_array_equal(after.expr[list(places[other])], before.expr[list(places[other])])
    assert np.array_equal(after.shape, before.shape) is (part != "identity")
    assert np.array_equal(after.neck_pose, before.neck_pose) is (part != "head")
    assert np.array_equal(after.eyes_pose, before.eyes_pose) is (part != "gaze")


def test_strength_nothing_is_neutral_and_seeds_repeat(document):
    first = drawn(document, seed=7)
    assert drawn(document, strength=0.0) == Params.neutral(document.model)
    assert drawn(document, seed=7) == first
    assert drawn(document, seed=8) != first


def test_locks_are_respected(document):
    locks = frozenset({("shape", 0), ("neck_pose", 1), ("jaw_pose", 0), ("expr", 5)})
    document.set(locks=locks)
    for seed in range(10):
        params = drawn(document, seed=seed)
        assert [float(getattr(params, name)[index]) for name, index in locks] == [0.0] * 4
        assert params.shape.any()


def test_a_blend_is_linear_for_faces_and_on_the_sphere_for_turns(document):
    first, second = face(document.model, 1), face(document.model, 2)
    command = blend(document, first, second, 0.25)
    assert command.name == "Blend 25 %"
    command.apply(document)
    shown = document.params
    np.testing.assert_allclose(shown.shape, 0.75 * first.shape + 0.25 * second.shape, atol=1e-5)
    start, end, between = (to_matrices(p.neck_pose.astype(np.float64)) for p in (first, second, shown))

    def angle(a, b):
        return np.arccos(np.clip((np.trace(a.T @ b) - 1.0) / 2.0, -1.0, 1.0))

    assert angle(start, between) == pytest.approx(0.25 * angle(start, end), abs=1e-4)
    assert angle(between, end) == pytest.approx(0.75 * angle(start, end), abs=1e-4)


def test_both_ends_of_a_blend_are_the_faces(document):
    first, second = face(document.model, 1), face(document.model, 2)
    blend(document, first, second, 1.0).apply(document)
    np.testing.assert_allclose(document.params.shape, second.shape, atol=1e-6)
    blend(document, first, second, 0.0).apply(document)
    np.testing.assert_allclose(document.params.neck_pose, first.neck_pose, atol=1e-6)


def test_a_random_head_turns_little_so_that_the_face_is_seen(document):
    turns = []
    for seed in range(60):
        document = Document(document.model)
        randomise_face(document, ("head",), 1.0, seed).apply(document)
        turns.append(head_value(document.params, "headTurn"))
    assert 0.04 < np.std(turns) / head_range("headTurn")[1] < 0.14
