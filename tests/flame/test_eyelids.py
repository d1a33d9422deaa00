"""Eyelids close: those the open head names, and those solved from a basis without names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.flame.eyelids import MARGINS, named_eyelids, solved_eyelids
from studio.flame.model import HeadModel
from studio.flame.surface_graph import landmark_vertex, path_through, resampling, surface_graph
from tests.flame.plain_head import plain_head

MILLIMETRE = 1e-3
SIDES = (0, 1)


def solved(model: HeadModel):
    return solved_eyelids(
        model.v_template, model.faces, model.expressiondirs, model.lbs_weights, model.landmarks
    )


def openings(model: HeadModel, eyelids, amount=1.0):
    """Heights (2, 9) of the left and the right eye's opening in metres with the lids moved."""
    graph = surface_graph(model.v_template, model.faces)
    heights = []
    for side, margins in enumerate(MARGINS):
        points = model.v_template + amount * eyelids[:, :, side]
        lines = []
        for numbers in margins:
            path = path_through(graph, [landmark_vertex(model.landmarks, number) for number in numbers])
            lines.append(resampling(model.v_template[path], 11)[1:-1] @ points[path])
        heights.append(lines[0][:, 1] - lines[1][:, 1])
    return np.array(heights)


def rotated(model: HeadModel, seed: int) -> HeadModel:
    """The same faces from another basis: its components mixed by a random rotation."""
    count = model.expression_count
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(count, count)))[0]
    return replace(model, expressiondirs=(model.expressiondirs @ turn).astype(np.float32))


@pytest.fixture(scope="module")
def plain() -> HeadModel:
    return plain_head()


@pytest.fixture(scope="module")
def eyelids(plain):
    return solved(plain)


def test_the_open_head_closes_by_its_own_blinks(head_model):
    names = head_model.expression_names
    for side, name in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        blink = head_model.expressiondirs[:, :, names.index(name)]
        np.testing.assert_array_equal(head_model.eyelids[:, :, side], blink)
    assert named_eyelids(head_model.expressiondirs, ("a", "eyeBlinkLeft")) is None


def test_a_basis_without_names_closes_within_a_millimetre(plain, eyelids):
    assert openings(plain, 0.0 * eyelids).max() > 7 * MILLIMETRE
    assert np.abs(openings(plain, eyelids)).max() < MILLIMETRE


def test_half_is_half_closed(plain, eyelids):
    half = openings(plain, eyelids, 0.5) / openings(plain, eyelids, 0.0)
    np.testing.assert_allclose(half, 0.5, atol=0.06)


@pytest.mark.parametrize("seed", [1, 2])
def test_how_the_basis_is_written_does_not_matter(plain, eyelids, seed):
    other = solved(rotated(plain, seed))
    assert np.abs(openings(plain, other)).max() < MILLIMETRE
    np.testing.assert_allclose(other, eyelids, atol=0.05 * MILLIMETRE)


@pytest.mark.parametrize("taken", ["eyeBlink", "eye", ""], ids=["no blinks", "no eyes", "no expressions"])
def test_a_basis_that_cannot_blink_still_closes(head_model, plain, taken):
    kept = [i for i, name in enumerate(head_model.expression_names) if not name.startswith(taken)]
    weak = replace(plain, expressiondirs=np.ascontiguousarray(plain.expressiondirs[:, :, kept]))
    lids = solved(weak)
    assert np.abs(openings(plain, lids)).max() < MILLIMETRE
    assert np.linalg.norm(lids, axis=1).max() < 15 * MILLIMETRE


def test_brows_are_not_dragged_along(plain):
    brows = np.ascontiguousarray(plain.expressiondirs[:, :, :5])
    lids = solved(replace(plain, expressiondirs=brows))
    vertices = [landmark_vertex(plain.landmarks, number) for number in range(17, 27)]
    assert np.abs(lids[vertices]).max() < MILLIMETRE


def test_each_side_moves_its_own_eye_alone(plain, eyelids):
    for side, sign in zip(SIDES, (1, -1), strict=True):
        moving = np.linalg.norm(eyelids[:, :, side], axis=1) > 1e-6
        assert (sign * plain.v_template[moving, 0] > 0.005).all()
        assert 100 < moving.sum() < 0.1 * plain.vertex_count


def test_upper_lids_do_the_closing_and_eyeballs_stay(plain, eyelids):
    for side, margins in zip(SIDES, MARGINS, strict=True):
        upper, lower = (
            np.mean([eyelids[landmark_vertex(plain.landmarks, number), 1, side] for number in line[1:3]])
            for line in margins
        )
        assert upper < -6 * MILLIMETRE
        assert abs(lower) < 2.5 * MILLIMETRE
        eyeball = plain.regions[("left_eyeball", "right_eyeball")[side]]
        assert not eyelids[eyeball].any()


def test_other_landmarks_stay(plain, eyelids):
    still = [number for number in range(17, 68) if not 36 <= number <= 47]
    vertices = [landmark_vertex(plain.landmarks, number) for number in still]
    assert np.abs(eyelids[vertices]).max() < 0.5 * MILLIMETRE


def test_margins_that_nothing_joins_do_not_close(plain):
    assert solved(replace(plain, faces=plain.faces[:1])) is None
