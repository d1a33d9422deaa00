"""Controls and components are two ways to the same parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.arkit import JAW_OPEN_ANGLE, UNITS
from studio.controls.correctives import settle
from studio.controls.emotions import EMOTIONS
from studio.controls.mapping_file import UnitMapping
from studio.controls.named_controls import apply, apply_all, control_set, read, remembered, with_mapping
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.backends.reference import forward
from tests.controls.second_heads import MILLIMETRE, rotated_head, unnamed

DRAWN = ("shape", "expr", "neck_pose", "jaw_pose", "eyes_pose", "eyelids")


@pytest.fixture(scope="module")
def rotated() -> HeadModel:
    return rotated_head()


@pytest.fixture(params=["open head", "rotated"])
def model(request: pytest.FixtureRequest, head_model: HeadModel, rotated: HeadModel) -> HeadModel:
    return head_model if request.param == "open head" else rotated


def close(first: Params, second: Params, within: float = 2e-5) -> bool:
    fields = (*DRAWN, "rotation", "translation")
    return all(np.allclose(getattr(first, name), getattr(second, name), atol=within) for name in fields)


def test_what_there_is(head_model: HeadModel) -> None:
    controls = control_set(head_model).controls
    assert len(UNITS) == len(set(UNITS)) == 52
    assert set(head_model.expression_names) < set(UNITS)
    wanted = {
        *UNITS,
        *EMOTIONS,
        "headTurn",
        "headNod",
        "headTilt",
        "jawSideways",
        "eyelidLeft",
        "eyelidRight",
    }
    assert controls.keys() == wanted
    smile = controls["mouthSmileLeft"]
    assert (smile.title, smile.group, smile.changes) == ("Mouth smile left", "Mouth", ("expr",))
    assert controls["surprise"].changes == ("expr", "jaw_pose")
    assert controls["eyeLookUpLeft"].changes == ("eyes_pose",)
    assert all(control.fidelity.score == 1.0 for control in controls.values())


def test_it_is_made_once(model: HeadModel) -> None:
    assert control_set(model) is control_set(model)


def test_a_neutral_head_reads_zero(model: HeadModel) -> None:
    assert all(value == 0.0 for value in read(control_set(model), Params.neutral(model)).values())


def test_what_is_set_is_read_and_nothing_else_is(model: HeadModel) -> None:
    controls = control_set(model)
    start = Params.random(model, 4, fields=DRAWN)
    before = read(controls, start)
    for name in UNITS:
        if name in ("mouthClose", "jawOpen") or name.startswith("eyeLook"):
            continue
        after = read(controls, apply(controls, start, name, 0.6))
        assert after[name] == pytest.approx(0.6, abs=1e-5)
        others = [other for other in UNITS if other != name]
        np.testing.assert_allclose([after[o] for o in others], [before[o] for o in others], atol=1e-4)


def test_setting_there_and_back_keeps_what_a_control_cannot_say(model: HeadModel) -> None:
    controls = control_set(model)
    start = Params.random(model, 5, fields=DRAWN).replace(translation=(1.0, 2.0, 3.0))
    values = read(controls, start)
    for name, control in controls.controls.items():
        if name == "mouthClose":
            continue
        there = apply(controls, start, name, control.highest)
        assert not close(there, start)
        if name.startswith("eyeLook"):
            continue
        back = {name: values[name]}
        if name == "jawSideways":
            back = {side: values[side] for side in ("jawLeft", "jawRight")}
        if name == "jawOpen":
            back["mouthClose"] = values["mouthClose"]
        assert close(apply_all(controls, there, back), start), name


def test_on_the_open_head_control_and_component_are_one(head_model: HeadModel) -> None:
    controls = control_set(head_model)
    place = head_model.expression_names.index("cheekPuff")
    expr = np.zeros(head_model.expression_count)
    expr[place] = 0.4
    params = Params.neutral(head_model).replace(expr=expr, jaw_pose=(0.5 * JAW_OPEN_ANGLE, 0.05, 0.0))
    values = read(controls, params)
    assert values["cheekPuff"] == pytest.approx(0.4)
    assert values["jawOpen"] == pytest.approx(0.5)
    assert sum(value != pytest.approx(0.0, abs=1e-6) for name, value in values.items() if name in UNITS) == 2
    assert apply(controls, params, "cheekPuff", 0.9).expr[place] == pytest.approx(0.9)


def test_components_moved_by_hand_show_in_the_controls(rotated: HeadModel) -> None:
    controls = control_set(rotated)
    smiling = apply(controls, Params.neutral(rotated), "mouthSmileLeft", 0.5)
    by_hand = Params.neutral(rotated).replace(expr=1.6 * smiling.expr)
    assert read(controls, by_hand)["mouthSmileLeft"] == pytest.approx(0.8, abs=1e-4)


def test_an_eye_looks_up_or_down(model: HeadModel) -> None:
    controls = control_set(model)
    up = apply(controls, Params.neutral(model), "eyeLookUpLeft", 0.8)
    down = apply(controls, up, "eyeLookDownLeft", 0.25)
    values = read(controls, down)
    assert values["eyeLookDownLeft"] == pytest.approx(0.25)
    assert values["eyeLookUpLeft"] == 0.0
    assert apply(controls, up, "eyeLookDownLeft", 0.0) == up


def test_lips_close_only_over_an_open_jaw(model: HeadModel) -> None:
    controls = control_set(model)
    closing = apply(controls, Params.neutral(model), "mouthClose", 0.6)
    assert read(controls, closing)["jawOpen"] == pytest.approx(0.6, abs=1e-4)
    settled = settle(model, closing, lead="expr")
    np.testing.assert_allclose(settled.expr, closing.expr, atol=1e-6)
    shut = apply(controls, closing, "jawOpen", 0.2)
    assert read(controls, shut)["mouthClose"] == pytest.approx(0.2, abs=1e-4)


def test_the_jaw_goes_to_one_side(model: HeadModel) -> None:
    controls = control_set(model)
    right = apply(controls, Params.neutral(model), "jawSideways", -0.7)
    values = read(controls, right)
    assert values["jawRight"] == pytest.approx(0.7, abs=1e-4)
    assert values["jawLeft"] == pytest.approx(0.0, abs=1e-4)
    left = read(controls, apply(controls, right, "jawSideways", 0.3))
    assert left["jawSideways"] == pytest.approx(0.3, abs=1e-4)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_an_emotion_is_its_units(model: HeadModel, emotion: str) -> None:
    controls = control_set(model)
    values = read(controls, apply(controls, Params.neutral(model), emotion, 0.5))
    for name in UNITS:
        assert values[name] == pytest.approx(0.5 * EMOTIONS[emotion].get(name, 0.0), abs=1e-4)
    for name in EMOTIONS:
        assert values[name] == pytest.approx(0.5 * (name == emotion), abs=1e-4)


def test_emotions_mix(model: HeadModel) -> None:
    controls = control_set(model)
    mixed = apply_all(controls, Params.neutral(model), {"joy": 0.5, "surprise": 0.8, "cheekPuff": 0.3})
    values = read(controls, mixed)
    assert values["joy"] == pytest.approx(0.5, abs=1e-4)
    assert values["surprise"] == pytest.approx(0.8, abs=1e-4)
    assert values["cheekPuff"] == pytest.approx(0.3, abs=1e-4)


def test_a_face_carries_over_to_another_basis(head_model: HeadModel, rotated: HeadModel) -> None:
    face = {"mouthSmileLeft": 0.6, "browInnerUp": 0.3, "eyeWideRight": 0.5, "jawOpen": 0.4, "headTurn": -0.3}
    here = apply_all(control_set(head_model), Params.neutral(head_model), face)
    known = control_set(rotated).controls.keys()
    values = {name: value for name, value in read(control_set(head_model), here).items() if name in known}
    there = apply_all(control_set(rotated), Params.neutral(rotated), values)
    away = forward(rotated, there).vertices - forward(head_model, here).vertices
    assert np.linalg.norm(away, axis=1)[np.unique(rotated.faces)].max() < 0.3 * MILLIMETRE


@pytest.mark.parametrize(("name", "axis"), [("headNod", 0), ("headTurn", 1), ("headTilt", 2)])
def test_neck_and_root_share_a_turn(head_model: HeadModel, name: str, axis: int) -> None:
    controls = control_set(head_model)
    control = controls.controls[name]
    turned = apply(controls, Params.neutral(head_model), name, control.highest)
    neck, root = turned.neck_pose[axis], turned.rotation[axis]
    assert neck > root > 0.0
    assert neck + root == pytest.approx(control.highest)
    assert not np.delete(turned.neck_pose, axis).any()
    ranges = FIELD_RANGES["neck_pose"][axis]
    assert (control.lowest, control.highest) == pytest.approx(tuple(ranges))
    bent = Params.neutral(head_model).replace(neck_pose=np.eye(3)[axis] * ranges[1])
    farther = apply(controls, bent, name, float(ranges[1]) + 0.3)
    assert farther.neck_pose[axis] == pytest.approx(ranges[1])
    assert farther.rotation[axis] == pytest.approx(0.3)
    assert close(apply(controls, turned, name, 0.0), Params.neutral(head_model))


def test_on_a_small_basis_values_are_remembered(head_model: HeadModel) -> None:
    """Ten components cannot tell 52 units apart; what was set stays what it was."""
    model = unnamed(head_model, head_model.expressiondirs[:, :, :10])
    controls, params = control_set(model), Params.random(model, 3, fields=("expr", "jaw_pose"))
    near: dict[str, float] = {}
    steps = {"eyeWideLeft": 0.7, "fear": 0.5, "browDownRight": 0.2, "jawSideways": -0.4}
    for name, value in steps.items():
        after = apply(controls, params, name, value, near)
        near, params = remembered(controls, params, {name: value}, near), after
        assert read(controls, params, near)[name] == pytest.approx(value, abs=1e-4)
    assert read(controls, params, near)["browDownRight"] == pytest.approx(0.2, abs=1e-4)
    assert all(abs(value) < 30.0 for value in read(controls, params).values())


def test_short_and_long_expressions(head_model: HeadModel) -> None:
    controls = control_set(head_model)
    short = Params.neutral(head_model).replace(expr=np.zeros(3))
    assert read(controls, apply(controls, short, "tongueOut", 1.0))["tongueOut"] == pytest.approx(1.0)
    long = Params.neutral(head_model).replace(expr=np.full(60, 0.25))
    assert apply(controls, long, "cheekPuff", 0.5).expr[-1] == 0.25


@pytest.mark.parametrize(("name", "value"), [("smirk", 1.0), ("joy", np.nan), ("headTurn", np.inf)])
def test_senseless_settings_are_refused(head_model: HeadModel, name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        apply(control_set(head_model), Params.neutral(head_model), name, value)


def test_a_mapping_of_ones_own_has_its_way(rotated: HeadModel) -> None:
    count = rotated.expression_count
    plain = control_set(rotated)
    solved = apply(plain, Params.neutral(rotated), "mouthSmileLeft", 1.0).expr
    matrix = np.stack([solved, np.eye(count)[4]])
    own = with_mapping(plain, UnitMapping(("mouthSmileLeft", "cheekPuff"), matrix), rotated, "mine.npz")
    puffed = apply(own, Params.neutral(rotated), "cheekPuff", 1.0)
    np.testing.assert_allclose(puffed.expr, np.eye(count)[4], atol=1e-6)
    assert own.controls["cheekPuff"].fidelity.score < 0.5
    assert own.controls["mouthSmileLeft"].fidelity.score > 0.99
    assert own.controls["jawOpen"] == plain.controls["jawOpen"]
    assert plain is control_set(rotated)
    near = remembered(own, Params.neutral(rotated), {"cheekPuff": 1.0})
    assert read(own, puffed, near)["cheekPuff"] == pytest.approx(1.0, abs=1e-4)


def test_a_mapping_of_the_first_components_fits_and_one_of_more_does_not(head_model: HeadModel) -> None:
    plain = control_set(head_model)
    few = with_mapping(plain, UnitMapping(("jawOpen",), np.ones((1, 5))), head_model, "mine.csv")
    np.testing.assert_allclose(
        apply(few, Params.neutral(head_model), "jawOpen", 1.0).expr, [1.0] * 5 + [0.0] * 38, atol=1e-6
    )
    with pytest.raises(StudioError, match=r"mine\.csv maps to 99 .*, and Open head has 43;"):
        with_mapping(plain, UnitMapping(("jawOpen",), np.ones((1, 99))), head_model, "mine.csv")


def test_a_model_that_names_a_part_of_the_units_solves_the_rest(head_model: HeadModel) -> None:
    names = tuple(
        name if name.startswith("brow") else f"part{i}" for i, name in enumerate(head_model.expression_names)
    )
    model = replace(head_model, expression_names=names, eyelids=None)
    controls = control_set(model)
    place = names.index("browInnerUp")
    np.testing.assert_allclose(
        apply(controls, Params.neutral(model), "browInnerUp", 1.0).expr, np.eye(len(names))[place], atol=1e-6
    )
    puffed = apply(controls, Params.neutral(model), "cheekPuff", 1.0)
    assert puffed.expr[head_model.expression_names.index("cheekPuff")] == pytest.approx(1.0, abs=0.02)
