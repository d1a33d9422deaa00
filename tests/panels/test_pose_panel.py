from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QFontMetricsF

from studio.document.commands import set_component
from studio.document.document import Document
from studio.panels.pose_panel import PosePanel
from studio.undo import History
from studio.widgets.group import Group
from studio.widgets.slider_paint import number_room, number_that_fits
from studio.widgets.slider_row import SliderRow
from tests.panels.conftest import Desk
from tests.panels.hands import drag, press, row, rows, type_number


@pytest.fixture
def panel(desk, shown):
    return shown(PosePanel(desk.document, desk.push), height=1100)


def test_it_has_every_joint_and_the_position(panel):
    titles = [group.title for group in panel.findChildren(Group)]
    assert titles == ["Head", "Neck", "Jaw", "Gaze", "Left eye", "Right eye", "Position"]


@pytest.mark.parametrize(
    ("label", "number", "field", "index", "name"),
    [
        ("Nod", 0, "rotation", 0, "Head nod"),
        ("Turn", 1, "neck_pose", 1, "Neck turn"),
        ("Open", 0, "jaw_pose", 0, "Jaw open"),
        ("Left / right", 1, "eyes_pose", 1, "Left eye left / right"),
        ("Up / down", 2, "eyes_pose", 3, "Right eye up / down"),
    ],
)
def test_degrees_become_radians_of_the_right_component(desk, panel, label, number, field, index, name):
    target = row(panel, label, number)
    type_number(target, "12")
    assert getattr(desk.document.params, field)[index] == pytest.approx(math.radians(12.0))
    assert desk.steps == [name]
    assert target.value == 12.0


def test_millimetres_become_metres(desk, panel):
    type_number(row(panel, "Height"), "25")
    assert desk.document.params.translation[1] == pytest.approx(0.025)


def test_a_drag_is_one_step(desk, panel):
    drag(row(panel, "Open"), 5.0, 10.0, 20.0)
    assert desk.steps == ["Jaw open"]


def test_the_anatomical_range_is_marked_and_can_be_left(desk, panel):
    target = row(panel, "Open")
    assert target.scale.usual == (0.0, 30.0)
    type_number(target, "90")
    assert desk.document.params.jaw_pose[0] == pytest.approx(math.radians(90.0))
    assert target.scale.is_unusual(target.value)


def test_gaze_moves_both_eyes_in_one_step(desk, panel):
    drag(row(panel, "Left / right", 0), 5.0, 20.0)
    eyes = desk.document.params.eyes_pose
    assert eyes[1] == eyes[4] != 0.0
    assert desk.steps == ["Gaze left / right"]
    desk.undo()
    assert not desk.document.params.eyes_pose.any()


def test_resetting_one_eye_leaves_the_other(desk, panel):
    for number in (1, 2):
        type_number(row(panel, "Up / down", number), "8")
    press(panel, "Reset left eye")
    eyes = desk.document.params.eyes_pose
    assert (eyes[0], eyes[3] > 0) == (0.0, True)
    assert [target.value for target in rows(panel, "Up / down")] == [4.0, 0.0, 8.0]


@pytest.fixture
def lids(shown, head_model):
    document = Document(head_model)
    desk = Desk(document, History(document))
    return desk, shown(PosePanel(document, desk.push), height=1300)


def test_eyelids_close_one_by_one_in_a_step_each(lids):
    desk, panel = lids
    drag(row(panel, "Left eyelid"), 0.3, 0.6)
    type_number(row(panel, "Right eyelid"), "0.25")
    assert desk.document.params.eyelids == pytest.approx((0.6, 0.25), abs=0.02)
    assert desk.steps == ["Left eyelid", "Right eyelid"]
    press(panel, "Reset eyelids")
    assert not desk.document.params.eyelids.any()
    desk.undo()
    desk.undo()
    assert desk.document.params.eyelids == pytest.approx((0.6, 0.0), abs=0.02)
    assert row(panel, "Right eyelid").value == 0.0


def test_closing_a_lid_takes_the_place_of_the_blink(lids, head_model):
    desk, panel = lids
    blink = head_model.expression_names.index("eyeBlinkLeft")
    desk.push(set_component(desk.document, "Blink", "expr", blink, 1.0))
    type_number(row(panel, "Left eyelid"), "0.75")
    assert desk.document.params.expr[blink] == pytest.approx(0.25)
    desk.undo()
    assert desk.document.params.expr[blink] == 1.0


def test_a_model_without_lids_offers_none(panel, desk, lids):
    assert not rows(panel, "Left eyelid")
    _, with_lids = lids
    assert [group.title for group in with_lids.findChildren(Group)][-2:] == ["Eyelids", "Position"]


def test_no_number_is_cut(panel):
    for found in panel.findChildren(SliderRow):
        scale, font = found.scale, found.font()
        room = number_room(found.geometry_of_parts.number).width()
        for value in (scale.low, scale.neutral, *scale.limits):
            shown = number_that_fits(scale, value, scale.text(value), font, room)
            assert QFontMetricsF(font).horizontalAdvance(shown) <= room
            assert shown.startswith(f"{value:.0f}"[:4])
