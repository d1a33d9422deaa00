"""Units solved on a basis that does not name them move the head as the open head's own do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.arkit import LOOKS, UNITS
from studio.controls.named_controls import apply, control_set
from studio.controls.solving import UnitSolver
from studio.controls.unit_space import EXACT
from studio.flame.model import HeadModel
from studio.flame.params import Params, frozen
from tests.backends.reference import forward
from tests.controls.second_heads import MILLIMETRE, other_person, rotated_head, shuffled, unnamed

WANTED = 0.3 * MILLIMETRE
SHOWN = tuple(name for name in UNITS if name not in LOOKS)


def moved(model: HeadModel, name: str) -> np.ndarray:
    """How control ``name`` at 1 moves the vertices (V, 3), by the forward pass."""
    neutral = Params.neutral(model)
    face = apply(control_set(model), neutral, name, 1.0)
    return forward(model, face).vertices - model.v_template


@pytest.fixture(scope="module")
def own(head_model: HeadModel) -> dict[str, np.ndarray]:
    return {name: moved(head_model, name) for name in UNITS}


def check(
    model: HeadModel, own: dict[str, np.ndarray], order: np.ndarray | slice, within: float = WANTED
) -> None:
    drawn = np.unique(model.faces)
    away = {
        name: np.linalg.norm(moved(model, name) - own[name][order], axis=1)[drawn].max() for name in UNITS
    }
    assert max(away.values()) < WANTED, {name: value for name, value in away.items() if value >= WANTED}


def test_every_unit_comes_back_from_a_rotated_basis(own: dict[str, np.ndarray]) -> None:
    model = rotated_head()
    check(model, own, slice(None))
    for control in control_set(model).controls.values():
        assert control.fidelity.score > 0.99, control
        assert control.fidelity.error < 0.05 * MILLIMETRE, control


def test_components_without_meaning_do_not_disturb(own: dict[str, np.ndarray]) -> None:
    check(rotated_head(seed=5, noise=57), own, slice(None))


def test_the_order_of_vertices_does_not_matter(own: dict[str, np.ndarray]) -> None:
    model = rotated_head(seed=7)
    order = np.random.default_rng(1).permutation(model.vertex_count)
    check(shuffled(model, order), own, order)


def test_lids_of_the_model_are_its_blink(head_model: HeadModel, own: dict[str, np.ndarray]) -> None:
    model = rotated_head(seed=9, eyelids=head_model.eyelids)
    check(model, own, slice(None))
    blinking = apply(control_set(model), Params.neutral(model), "eyeBlinkRight", 1.0)
    np.testing.assert_allclose(blinking.eyelids, [0.0, 1.0], atol=1e-6)
    assert not blinking.expr.any()


def test_another_person_makes_the_same_faces() -> None:
    """The residual is that of the transfer, and the fidelity says that it is not exact."""
    person, named = other_person(2), rotated_head(2)
    away = []
    for name in SHOWN:
        truth = 1.1 * moved(named, name)
        away.append(np.linalg.norm(moved(person, name) - truth, axis=1)[np.unique(person.faces)].max())
    assert np.median(away) < 0.6 * MILLIMETRE
    scores = [control_set(person).controls[name].fidelity.score for name in SHOWN]
    assert 0.7 < min(scores) < np.median(scores) < 0.99


def test_a_head_without_landmarks_is_aligned_by_its_joints() -> None:
    model = replace(other_person(2), landmarks=None)
    smile = moved(model, "mouthSmileLeft")
    assert (
        np.linalg.norm(smile - 1.1 * moved(rotated_head(2), "mouthSmileLeft"), axis=1).max() < 2 * MILLIMETRE
    )


def test_a_small_basis_tells_what_it_cannot_show(head_model: HeadModel) -> None:
    """Ten components of brows, cheeks and lids: no unit of the mouth."""
    model = unnamed(head_model, head_model.expressiondirs[:, :, :10])
    controls = control_set(model).controls
    assert controls["browDownLeft"].fidelity.score > 0.99
    assert controls["mouthSmileLeft"].fidelity.score < 0.3
    assert controls["mouthSmileLeft"].fidelity.error > 1 * MILLIMETRE
    neutral = Params.neutral(model)
    for name in SHOWN:
        face = apply(control_set(model), neutral, name, 1.0)
        assert np.abs(face.expr).max() <= 3.0 + 1e-4
    assert apply(control_set(model), neutral, "tongueOut", 1.0) == neutral


def test_no_component_is_asked_for_more_than_its_range(head_model: HeadModel) -> None:
    narrow = rotated_head()
    narrow = replace(narrow, expression_ranges=frozen(np.tile([-0.1, 0.1], (narrow.expression_count, 1))))
    face = apply(control_set(narrow), Params.neutral(narrow), "mouthPucker", 1.0)
    assert 0.05 < np.abs(face.expr).max() <= 0.1 + 1e-6
    assert control_set(narrow).controls["mouthPucker"].fidelity.score < 0.9


def test_gaze_is_a_pose_of_the_eyes_everywhere() -> None:
    model = rotated_head()
    face = apply(control_set(model), Params.neutral(model), "eyeLookInLeft", 0.5)
    assert face.eyes_pose[1] < -0.2
    assert not face.expr.any()
    assert control_set(model).controls["eyeLookInLeft"].fidelity == EXACT


def test_a_head_of_no_components_has_only_poses(tiny_model: HeadModel) -> None:
    bare = unnamed(tiny_model, np.zeros((tiny_model.vertex_count, 3, 0)))
    solved = UnitSolver(bare).solve(("mouthSmileLeft", "jawOpen"))
    assert not solved.directions[:, 0].any()
    assert solved.fidelities[0].score == 0.0
