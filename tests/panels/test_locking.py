"""Locks under mouse and keys: what is locked keeps its value when many change at once."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from studio.document.commands import set_params
from studio.panels.expression_panel import ExpressionPanel
from studio.panels.pose_panel import PosePanel
from studio.panels.shape_panel import ShapePanel
from studio.widgets.group import Group
from studio.widgets.lock_button import LockButton
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import LEFT, press, row, type_number


def click_lock(target):
    QTest.mouseClick(target, LEFT, pos=target.geometry_of_parts.lock.center().toPoint())


def padlock(panel, what):
    """The padlock that locks or unlocks ``what``."""
    found = [b for b in panel.findChildren(LockButton) if b.accessibleName().partition(" ")[2] == what]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def shape(desk, shown):
    return shown(ShapePanel(desk.document, desk.push))


@pytest.fixture
def expression(named_desk, shown):
    return shown(ExpressionPanel(named_desk.document, named_desk.push))


def test_the_padlock_locks_its_row_in_one_step_and_opens_it_again(desk, shape):
    click_lock(row(shape, "Shape 2"))
    assert desk.document.locks == {("shape", 1)}
    assert [r.scale.label for r in shape.findChildren(SliderRow) if r.locked] == ["Shape 2"]
    click_lock(row(shape, "Shape 2"))
    assert not desk.document.locks
    assert desk.steps == ["Lock Shape 2", "Unlock Shape 2"]
    desk.undo()
    assert row(shape, "Shape 2").locked


def test_the_padlock_is_not_the_label(desk, shape):
    target = row(shape, "Shape 2")
    type_number(target, "2")
    where = target.geometry_of_parts.lock.center().toPoint()
    QTest.mouseDClick(target, LEFT, pos=where)
    assert desk.document.params.shape[1] == 2.0
    assert target.locked
    QTest.mouseDClick(target, LEFT, pos=QPoint(10, 12))
    assert desk.document.params.shape[1] == 0.0


def test_a_key_locks_the_row_in_focus(desk, shape):
    target = row(shape, "Shape 3")
    target.setFocus()
    QTest.keyClick(target, Qt.Key.Key_K)
    assert desk.document.locks == {("shape", 2)}
    assert target.accessibleDescription().endswith("locked")
    QTest.keyClick(target, Qt.Key.Key_K)
    assert not target.locked
    assert "locked" not in target.accessibleDescription()


def test_a_row_without_a_parameter_cannot_be_locked(desk, shape):
    strength = row(shape, "Strength")
    click_lock(strength)
    QTest.keyClick(strength, Qt.Key.Key_K)
    assert not desk.steps
    assert not strength.locked


def test_randomise_and_reset_leave_a_locked_row_alone(desk, shape):
    type_number(row(shape, "Shape 1"), "1.5")
    click_lock(row(shape, "Shape 1"))
    press(shape, "Randomise")
    values = desk.document.params.shape
    assert values[0] == 1.5
    assert values[1:].all()
    press(shape, "Reset all")
    np.testing.assert_array_equal(desk.document.params.shape, [1.5, 0, 0, 0, 0, 0])


def test_a_locked_row_can_still_be_moved_by_hand(desk, shape):
    click_lock(row(shape, "Shape 1"))
    type_number(row(shape, "Shape 1"), "-1")
    assert desk.document.params.shape[0] == -1.0


def test_a_group_is_locked_by_its_padlock(named_desk, expression):
    group = next(g for g in expression.findChildren(Group) if g.title == "Mouth")
    lock = group.findChild(LockButton)
    QTest.mouseClick(lock, LEFT)
    assert named_desk.document.locks == {("expr", 4), ("expr", 5)}
    assert all(r.locked for r in group.findChildren(SliderRow))
    assert lock.state == "all"
    moved = False
    for _ in range(12):  # a draw may leave all four at the end of their ranges, at 0
        press(expression, "Randomise")
        assert not named_desk.document.params.expr[4:].any()
        moved = moved or bool(named_desk.document.params.expr[:4].any())
    assert moved
    assert named_desk.steps[0] == "Lock mouth"
    assert set(named_desk.steps[1:]) == {"Randomise expression"}


def test_a_group_of_which_some_are_locked_is_locked_whole_first(named_desk, expression):
    group = next(g for g in expression.findChildren(Group) if g.title == "Mouth")
    lock = group.findChild(LockButton)
    click_lock(group.findChildren(SliderRow)[0])
    assert lock.state == "some"
    lock.setFocus()
    QTest.keyClick(lock, Qt.Key.Key_Space)
    assert lock.state == "all"
    QTest.keyClick(lock, Qt.Key.Key_Space)
    assert lock.state == "none"
    assert not named_desk.document.locks


def test_everything_in_a_panel_is_locked_at_once(desk, shape):
    QTest.mouseClick(padlock(shape, "all shape"), LEFT)
    press(shape, "Randomise")
    assert not desk.document.params.shape.any()
    assert desk.steps == ["Lock shape"]
    QTest.mouseClick(padlock(shape, "all shape"), LEFT)
    assert not desk.document.locks


def test_gaze_locks_both_eyes_and_one_eye_is_half_of_it(desk, shown):
    panel = shown(PosePanel(desk.document, desk.push), height=1100)
    QApplication.processEvents()
    click_lock(row(panel, "Up / down", 0))
    assert desk.document.locks == {("eyes_pose", 0), ("eyes_pose", 3)}
    assert [row(panel, "Up / down", n).locked for n in range(3)] == [True, True, True]
    click_lock(row(panel, "Up / down", 1))
    assert [row(panel, "Up / down", n).locked for n in range(3)] == [False, False, True]


def test_resetting_a_joint_keeps_its_locked_angle(desk, shown):
    panel = shown(PosePanel(desk.document, desk.push), height=1100)
    params = desk.document.params.replace(jaw_pose=(0.2, 0.1, 0.05))
    desk.push(set_params(desk.document, "Jaw", params))
    click_lock(row(panel, "Open"))
    press(panel, "Reset jaw")
    np.testing.assert_allclose(desk.document.params.jaw_pose, [0.2, 0.0, 0.0])


def test_padlocks_say_what_they_do(expression):
    lock = padlock(expression, "mouth")
    assert (lock.accessibleName(), lock.toolTip()) == ("Lock mouth", "Lock mouth")
    QTest.mouseClick(lock, LEFT)
    assert lock.accessibleName() == "Unlock mouth"
    assert lock.accessibleDescription() == "locked"


def test_reset_and_randomise_buttons_are_still_there(expression):
    names = {button.accessibleName() for button in expression.findChildren(QPushButton)}
    assert {"Randomise mouth", "Reset mouth"} <= names
