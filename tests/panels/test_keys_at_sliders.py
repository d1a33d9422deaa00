"""Auto-key and the diamonds at the sliders, under the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from studio.document.auto_key import STILL_LENGTH
from studio.document.document import Document
from studio.document.keying import toggle_auto_key
from studio.panels.face_panel import FacePanel
from studio.panels.pose_panel import PosePanel
from studio.panels.shape_panel import ShapePanel
from studio.panels.timeline_panel import TimelinePanel
from studio.undo import History
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import LEFT, drag, row, rows, type_number


@pytest.fixture
def pose(playing_desk, shown):
    return shown(PosePanel(playing_desk.document, playing_desk.push))


def click_key(slider):
    QTest.mouseClick(slider, LEFT, pos=slider.geometry_of_parts.key.center().toPoint())


def test_a_drag_with_auto_key_is_one_step_and_keys_at_the_cursor(playing_desk, pose):
    document = playing_desk.document
    toggle_auto_key(document, playing_desk.push)
    document.set(position=12.0)
    steps = len(playing_desk.steps)
    drag(row(pose, "Open"), 5.0, 12.0, 20.0)
    assert playing_desk.steps[steps:] == ["Key Jaw open"]
    curve = document.take.layer.curves["jaw_pose"]
    assert curve.frames.tolist() == [12.0]
    assert np.degrees(document.params.jaw_pose[0]) == pytest.approx(20.0, abs=0.5)
    assert row(pose, "Open").key == "here"
    document.set(position=30.0)
    assert row(pose, "Open").key == "keyed"
    type_number(row(pose, "Open"), "3")
    assert document.take.layer.curves["jaw_pose"].frames.tolist() == [12.0, 30.0]
    playing_desk.undo()
    playing_desk.undo()
    assert document.take.layers == ()
    assert row(pose, "Open").key == "none"


def test_a_diamond_sets_what_is_shown_and_takes_it_away(playing_desk, pose):
    document = playing_desk.document
    document.set(position=7.0)
    slider = row(pose, "Open")
    click_key(slider)
    assert playing_desk.steps[-1] == "Key Jaw open"
    assert slider.key == "here"
    before = document.take.baked()
    assert before.jaw_pose.any() == document.take.clip.jaw_pose.any()
    click_key(slider)
    assert playing_desk.steps[-1] == "Delete key Jaw open"
    assert slider.key == "none"
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert slider.key == "here"


def test_named_controls_have_diamonds_and_the_identity_has_none(head_model, shown):
    document = Document(head_model)
    face = shown(FacePanel(document, History(document).push), height=2600)
    click_key(row(face, "Turn"))
    assert set(document.take.layer.curves) == {"neck_pose", "rotation"}
    assert row(face, "Turn").key == "here"
    assert row(face, "Blink left").key == "none"
    click_key(row(face, "Blink left"))
    blink = head_model.expression_names.index("eyeBlinkLeft")
    assert set(document.take.layer.curves) == {"neck_pose", "rotation", f"expr/{blink}"}
    shape = shown(ShapePanel(document, History(document).push))
    found = rows(shape, "Age") or [slider for slider in shape.findChildren(SliderRow) if slider.isVisible()]
    assert found
    assert all(slider.geometry_of_parts.key.isEmpty() for slider in found)


def test_the_record_button_gives_a_still_a_length_that_undo_takes_away(desk, shown):
    panel = shown(TimelinePanel(desk.document, desk.push), 1100, 300)
    button = next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Auto-key")
    QTest.mouseClick(button, LEFT)
    assert desk.document.tools.auto_key
    assert button.isChecked()
    assert len(desk.document.take) == STILL_LENGTH
    assert desk.steps == ["Take length"]
    desk.document.set(position=40.0)
    assert desk.document.position == 40.0
    desk.undo()
    assert len(desk.document.take) == 1
    QTest.mouseClick(button, LEFT)
    assert not desk.document.tools.auto_key
    assert not button.isChecked()
