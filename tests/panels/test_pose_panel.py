from __future__ import annotations

import math

import pytest

from studio.panels.pose_panel import PosePanel
from studio.widgets.group import Group
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
