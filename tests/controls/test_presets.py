"""What presets make of a face, on the head they were made on and on others."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.face_parts import FACE, PARTS, expression_places
from studio.controls.named_controls import apply_all, control_set, read
from studio.controls.presets import Exact, Preset, blended, mirrored, posed, preset_of, told_of
from studio.flame.params import Params
from studio.flame.rotations import relative
from studio.storage.errors import UnfitFileError
from tests.controls.second_heads import rotated_head, unnamed


@pytest.fixture(scope="module")
def second_head():
    return rotated_head(digest="77" * 32)


def face_of(model, seed=1):
    """A head with everything set at random, as hands would."""
    return Params.random(model, seed, 0.5, ("shape", "expr", "neck_pose", "jaw_pose", "eyes_pose", "eyelids"))


def control(model, params, name):
    return read(control_set(model), params)[name]


def test_a_face_comes_back_exactly_on_its_own_head(head_model):
    face = face_of(head_model)
    preset = preset_of(head_model, face, "Mine", PARTS)
    assert posed(preset, head_model, face_of(head_model, 2)) == face
    assert told_of(preset, head_model) == ""


def test_a_face_of_a_head_without_names_comes_back_exactly_too(second_head):
    face = face_of(second_head)
    preset = preset_of(second_head, face, "Mine", PARTS)
    assert posed(preset, second_head, Params.neutral(second_head)) == face


@pytest.mark.parametrize("part", PARTS)
def test_a_chosen_part_changes_and_no_other_does(head_model, part):
    before, face = face_of(head_model, 2), face_of(head_model)
    after = posed(preset_of(head_model, face, "Mine", PARTS), head_model, before, {part})
    places = expression_places(head_model)
    for other in FACE:
        there = list(places[other])
        wanted = face if other == part else before
        np.testing.assert_array_equal(after.expr[there], wanted.expr[there])
    fields = {"head": ("rotation", "neck_pose"), "gaze": ("eyes_pose",), "jaw": ("jaw_pose",)}
    fields |= {"eyes": ("eyelids",), "identity": ("shape",)}
    for name in ("shape", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyelids", "translation"):
        wanted = face if name in fields.get(part, ()) else before
        np.testing.assert_array_equal(getattr(after, name), getattr(wanted, name))


def test_what_a_preset_does_not_touch_stays(head_model):
    before = face_of(head_model)
    after = posed(Preset("Jaw", ("jaw",), {"jawOpen": 0.5}), head_model, before)
    assert control(head_model, after, "jawOpen") == pytest.approx(0.5, abs=1e-6)
    brows = list(expression_places(head_model)["brows"])
    np.testing.assert_array_equal(after.expr[brows], before.expr[brows])
    np.testing.assert_array_equal(after.neck_pose, before.neck_pose)


def test_controls_that_a_part_leaves_out_are_neutral(head_model):
    before = apply_all(
        control_set(head_model), Params.neutral(head_model), {"mouthPucker": 0.7, "jawOpen": 0.4}
    )
    after = posed(Preset("Smile", ("mouth",), {"mouthSmileLeft": 0.6}), head_model, before)
    assert control(head_model, after, "mouthPucker") == pytest.approx(0.0, abs=1e-6)
    assert control(head_model, after, "jawOpen") == pytest.approx(0.4, abs=1e-6)


def test_on_another_basis_the_named_controls_make_the_same_face(head_model, second_head):
    controls = {
        "mouthSmileLeft": 0.6,
        "browInnerUp": 0.4,
        "jawOpen": 0.3,
        "headTurn": 0.2,
        "eyeLookUpLeft": 0.5,
    }
    face = apply_all(control_set(head_model), Params.neutral(head_model), controls)
    preset = preset_of(head_model, face, "Mine", PARTS)
    assert preset.controls == pytest.approx(controls, abs=1e-3)
    after = posed(preset, second_head, face_of(second_head))
    wanted = posed(Preset("", PARTS, controls), second_head, Params.neutral(second_head))
    np.testing.assert_allclose(after.expr, wanted.expr, atol=1e-3)
    assert control(second_head, after, "headTurn") == pytest.approx(0.2, abs=1e-5)
    told = told_of(preset, second_head)
    assert "Open head" in told
    assert "second" in told


def test_components_of_another_basis_alone_are_refused(head_model, second_head):
    face = face_of(head_model)
    bare = Preset("Old", PARTS, exact=Exact(head_model.name, head_model.digest, face))
    assert posed(bare, head_model, Params.neutral(head_model)) == face
    other = unnamed(second_head, second_head.expressiondirs[:, :, :7], digest="66" * 32)
    with pytest.raises(UnfitFileError, match=r"^Old holds only components of Open head, .*\.$"):
        posed(bare, other, Params.neutral(other))


def test_strength_goes_from_the_face_before_to_the_preset_and_beyond(head_model):
    before, after = face_of(head_model), face_of(head_model, 2)
    assert blended(head_model, before, after, 0.0) is before
    assert blended(head_model, before, after, 1.0) is after
    half = blended(head_model, before, after, 0.5)
    np.testing.assert_allclose(half.expr, 0.5 * (before.expr + after.expr), atol=1e-6)
    to_half, on = relative(before.neck_pose, half.neck_pose), relative(half.neck_pose, after.neck_pose)
    np.testing.assert_allclose(to_half, on, atol=1e-5)
    far = blended(head_model, before, after, 1.5)
    np.testing.assert_allclose(far.shape, before.shape + 1.5 * (after.shape - before.shape), atol=1e-5)


def test_an_overdone_blink_does_not_turn_the_lids_inside_out(head_model):
    closed = posed(Preset("", ("eyes",), {"eyeBlinkLeft": 0.9}), head_model, Params.neutral(head_model))
    far = blended(head_model, Params.neutral(head_model), closed, 1.5)
    assert far.expr.max() == 1.0


def test_mirrored_swaps_the_sides_and_twice_is_the_same(head_model):
    preset = Preset(
        "",
        ("mouth", "jaw", "head"),
        {"mouthSmileLeft": 0.5, "jawRight": 0.2, "headTurn": 0.3, "headNod": 0.1},
    )
    flipped = mirrored(preset, head_model)
    assert flipped.controls == {"mouthSmileRight": 0.5, "jawLeft": 0.2, "headTurn": -0.3, "headNod": 0.1}
    assert mirrored(flipped, head_model) == preset


def test_mirrored_on_its_own_head_it_stays_exact(head_model):
    face = Params.neutral(head_model).replace(jaw_pose=(0.1, 0.05, 0.0), neck_pose=(0.1, 0.3, -0.2))
    preset = preset_of(head_model, face, "Mine", PARTS)
    shown = posed(mirrored(preset, head_model), head_model, Params.neutral(head_model))
    np.testing.assert_allclose(shown.jaw_pose, (0.1, -0.05, 0.0), atol=1e-7)
    np.testing.assert_allclose(shown.neck_pose, (0.1, -0.3, 0.2), atol=1e-7)
    assert posed(mirrored(mirrored(preset, head_model), head_model), head_model, shown) == face


def test_lids_that_are_closed_by_their_own_parameter_are_kept_as_blinks(head_model):
    lids = Params.neutral(head_model).replace(eyelids=(0.8, 0.0))
    preset = preset_of(head_model, lids, "Wink", ("eyes",))
    assert preset.controls == pytest.approx({"eyeBlinkLeft": 0.8}, abs=1e-3)


def test_a_control_beyond_its_whole_closes_an_eye_once(head_model):
    shown = posed(Preset("", ("eyes",), {"eyeBlinkLeft": 1.6}), head_model, Params.neutral(head_model))
    assert shown.expr.max() == 1.0
