"""Named controls of a document: commands, values that stay where the hand put them, locks and mappings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.arkit import UNITS, other_side
from studio.controls.mapping_file import UnitMapping
from studio.controls.named_controls import control_set
from studio.document.commands import reset_fields, set_component, use_model, use_variant
from studio.document.control_state import ControlState, control_values, controls_of, known_controls
from studio.document.document import Document, new_take
from studio.document.faces import drop_mapping, set_control, set_controls, use_mapping
from studio.document.locks import carried_locks, hold_back, locks_of
from studio.document.tools import Tools
from studio.flame.model import HeadModel, Variant
from studio.flame.params import Params
from studio.undo import History
from tests.controls.second_heads import rotated_head, unnamed


@pytest.fixture(scope="module")
def second() -> HeadModel:
    return replace(rotated_head(), digest="22" * 32)


@pytest.fixture(scope="module")
def weak(head_model: HeadModel) -> HeadModel:
    """Ten components, which cannot tell 52 units apart."""
    return unnamed(head_model, head_model.expressiondirs[:, :, :10])


def test_a_control_is_set_by_a_named_step_that_undoes(head_model: HeadModel) -> None:
    document = Document(head_model)
    history = History(document)
    history.push(set_control(document, "mouthSmileLeft", 0.6))
    assert history.stack.undoText() == "Mouth smile left"
    assert control_values(document)["mouthSmileLeft"] == pytest.approx(0.6)
    assert control_values(document)["mouthSmileRight"] == 0.0
    history.stack.undo()
    assert control_values(document)["mouthSmileLeft"] == 0.0


def test_a_drag_is_one_step(second: HeadModel) -> None:
    document = Document(second)
    history = History(document)
    for value in (0.1, 0.4, 0.7):
        history.push(set_control(document, "cheekPuff", value, gesture=5))
    assert history.stack.count() == 1
    assert control_values(document)["cheekPuff"] == pytest.approx(0.7, abs=1e-4)


def test_symmetric_tools_move_the_other_side_too(head_model: HeadModel) -> None:
    document = Document(head_model)
    document.set(tools=Tools(symmetric=True))
    set_control(document, "eyeSquintRight", 0.5).apply(document)
    set_control(document, "jawLeft", 0.4).apply(document)
    values = control_values(document)
    assert values["eyeSquintLeft"] == values["eyeSquintRight"] == pytest.approx(0.5)
    assert values["jawLeft"] == pytest.approx(0.4)
    assert values["jawRight"] == 0.0


def test_sides() -> None:
    assert other_side("mouthSmileLeft") == "mouthSmileRight"
    assert other_side("eyelidRight") == "eyelidLeft"
    sideless = ("mouthLeft", "jawRight", "jawOpen", "headTurn", "joy")
    assert [other_side(name) for name in sideless] == [None] * 5


def test_sliders_stay_where_the_hand_put_them_and_undo_takes_that_back(weak: HeadModel) -> None:
    document = Document(weak)
    history = History(document)
    history.push(set_control(document, "eyeWideLeft", 0.7, gesture=1))
    history.push(set_control(document, "browDownRight", 0.2, gesture=2))
    values = control_values(document)
    assert values["eyeWideLeft"] == pytest.approx(0.7, abs=1e-3)
    assert values["browDownRight"] == pytest.approx(0.2, abs=1e-3)
    before = dict(values)
    history.push(set_control(document, "browDownRight", 0.9, gesture=3))
    history.stack.undo()
    assert dict(control_values(document)) == pytest.approx(before, abs=1e-6)
    history.stack.undo()
    history.stack.undo()
    assert not document.controls.memory.values
    assert not any(control_values(document).values())


def test_what_was_set_is_forgotten_with_the_face(weak: HeadModel) -> None:
    document = Document(weak)
    set_control(document, "eyeWideLeft", 0.7).apply(document)
    reset_fields(document, "Reset", ("expr", "jaw_pose")).apply(document)
    assert not any(control_values(document).values())


def test_controls_follow_components_and_keep_what_they_cannot_say(second: HeadModel) -> None:
    document = Document(second)
    set_component(document, "Expression 3", "expr", 2, 0.8).apply(document)
    moved = document.params
    values = dict(control_values(document))
    assert max(abs(values[name]) for name in UNITS) > 0.05
    set_controls(document, "Units", {"mouthSmileLeft": 0.9, "browInnerUp": 0.4}).apply(document)
    back = {name: values[name] for name in ("mouthSmileLeft", "browInnerUp")}
    set_controls(document, "Back", back).apply(document)
    np.testing.assert_allclose(document.params.expr, moved.expr, atol=1e-4)


def test_locks_of_own_components_and_of_mixes(head_model: HeadModel, second: HeadModel) -> None:
    own, mixed = control_set(head_model), control_set(second)
    place = head_model.expression_names.index("cheekPuff")
    assert locks_of(own, ("cheekPuff",)) == {("expr", place)}
    assert locks_of(mixed, ("cheekPuff",)) == {("unit.cheekPuff", 0)}
    assert locks_of(mixed, ("headTurn",)) == {("neck_pose", 1), ("rotation", 1)}
    assert locks_of(mixed, ("eyeLookUpLeft",)) == {("eyes_pose", 0)}
    assert locks_of(mixed, ("jawSideways",)) == {("unit.jawLeft", 0), ("unit.jawRight", 0)}
    assert len(locks_of(own, ("joy",))) == 8


@pytest.mark.parametrize("kind", ["open head", "second"])
def test_a_locked_control_keeps_its_value(kind: str, head_model: HeadModel, second: HeadModel) -> None:
    model = head_model if kind == "open head" else second
    document = Document(model)
    set_controls(document, "Face", {"mouthSmileLeft": 0.6, "cheekPuff": 0.5, "jawOpen": 0.4}).apply(document)
    document.set(locks=locks_of(controls_of(document), ("mouthSmileLeft", "jawOpen")))
    set_controls(document, "Other", {"mouthSmileLeft": 0.1, "cheekPuff": 0.2, "fear": 0.7}).apply(document)
    values = control_values(document)
    assert values["mouthSmileLeft"] == pytest.approx(0.6, abs=1e-3)
    assert values["cheekPuff"] == pytest.approx(0.2, abs=1e-3)
    assert values["jawOpen"] == pytest.approx(0.4, abs=1e-3)
    reset_fields(document, "Reset", ("expr", "jaw_pose")).apply(document)
    values = control_values(document)
    assert values["mouthSmileLeft"] == pytest.approx(0.6, abs=1e-3)
    assert values["cheekPuff"] == pytest.approx(0.0, abs=1e-3)
    assert hold_back(document, ("expr",))
    assert not hold_back(document, ("shape",))
    set_control(document, "mouthSmileLeft", 0.3).apply(document)
    assert control_values(document)["mouthSmileLeft"] == pytest.approx(0.3, abs=1e-3)


def test_locks_of_controls_go_along_to_another_model(head_model: HeadModel, second: HeadModel) -> None:
    here = locks_of(control_set(head_model), ("cheekPuff", "headNod"))
    there = locks_of(control_set(second), ("cheekPuff", "headNod"))
    assert carried_locks(here, head_model, second) == there
    assert carried_locks(there, second, head_model) == here


def test_a_mapping_is_a_step_and_leaves_with_its_basis(head_model: HeadModel, second: HeadModel) -> None:
    document = Document(second)
    row = np.eye(second.expression_count)[4]
    mapping = UnitMapping(("cheekPuff",), row[None])
    command = use_mapping(document, mapping, "mine.npz")
    assert command.name == "Use mapping mine.npz"
    command.apply(document)
    assert known_controls(document) is None
    assert controls_of(document) is known_controls(document)
    set_control(document, "cheekPuff", 1.0).apply(document)
    np.testing.assert_allclose(document.params.expr, row, atol=1e-6)
    use_variant(document, "Hide", Variant(without=frozenset({"left_eyeball"}))).apply(document)
    assert document.controls.mapping is mapping
    switch = use_model(document, head_model, (new_take(head_model),))
    switch.apply(document)
    assert document.controls == ControlState()
    switch.revert(document)
    assert document.controls.mapping is mapping
    drop_mapping(document).apply(document)
    assert controls_of(document) is control_set(second)


def test_controls_of_a_new_model_are_not_waited_for_unless_asked() -> None:
    model = rotated_head(seed=11)
    document = Document(model)
    assert known_controls(document) is None
    controls_of(document)
    assert known_controls(document) is control_set(model)


def test_the_open_head_has_its_controls_at_once(head_model: HeadModel) -> None:
    assert known_controls(Document(head_model)) is not None


def test_values_are_read_once_for_a_face(head_model: HeadModel) -> None:
    document = Document(head_model)
    values = control_values(document)
    assert control_values(document) is values
    document.set(takes=(document.take.edited(0.0, Params.random(head_model, 3)),))
    assert control_values(document) is not values
