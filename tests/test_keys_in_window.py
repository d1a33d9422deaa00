"""Keys, markers and J, K and L in the real window, by the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.document.commands import open_clip
from studio.widgets.slider_row import SliderRow
from studio.widgets.timeline import Timeline
from tests.scripting.test_recall import walk
from tests.windows import shown_window

CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=900, low=True) as shown:
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        shown.push(open_clip(shown.document, "Walk", walk(head_model, 200)))
        QTest.qWait(50)
        yield shown


def test_j_k_and_l_play_backwards_stop_and_play(window, qtbot):
    document = window.document
    document.set(position=100.0)
    window.canvas.view.setFocus()
    QTest.keyClick(window, Key.Key_L)
    qtbot.waitUntil(lambda: document.position > 102.0)
    QTest.keyClick(window, Key.Key_L)
    assert window.player.rate == 2.0
    QTest.keyClick(window, Key.Key_J)
    turned = document.position
    qtbot.waitUntil(lambda: document.position < turned - 2.0)
    QTest.keyClick(window, Key.Key_K)
    assert not window.player.playing
    assert document.position == round(document.position)
    assert not document.look.show_joints
    assert not document.look.show_landmarks


def test_k_on_a_slider_still_locks_it(window):
    dock = window.workspace.docks["Pose"]
    dock.raise_()
    QTest.qWait(50)
    row = next(row for row in dock.findChildren(SliderRow) if row.isVisible() and row.scale.label == "Open")
    row.setFocus()
    window.player.play()
    QTest.keyClick(row, Key.Key_K)
    assert window.document.locks
    assert window.player.playing
    window.player.pause()


def test_keys_are_set_gone_to_and_deleted_by_shortcuts(window):
    document, desk = window.document, window.workspace.timeline.desk
    for frame in (20.0, 60.0):
        document.set(position=frame)
        QTest.keyClick(window, Key.Key_S)
    assert desk.keys["jaw_pose"].frames.tolist() == [20.0, 60.0]
    QTest.keyClick(window, Key.Key_Left, CONTROL)
    assert document.position == 20.0
    QTest.keyClick(window, Key.Key_Right, CONTROL)
    assert document.position == 60.0
    QTest.keyClick(window, Key.Key_S, ALT)
    assert desk.keys["jaw_pose"].frames.tolist() == [20.0]
    window.history.stack.undo()
    assert desk.keys["jaw_pose"].frames.tolist() == [20.0, 60.0]


def test_markers_are_set_and_gone_to_by_shortcuts(window):
    document = window.document
    for frame in (30.0, 90.0):
        document.set(position=frame)
        QTest.keyClick(window, Key.Key_M)
    assert [marker.frame for marker in document.take.markers] == [30, 90]
    assert not document.comparison.dimensions
    QTest.keyClick(window, Key.Key_Left, CONTROL_SHIFT)
    assert document.position == 30.0
    QTest.keyClick(window, Key.Key_Right, CONTROL_SHIFT)
    assert document.position == 90.0


def test_what_moved_to_other_keys_is_there(window):
    window.canvas.view.setFocus()
    QTest.keyClick(window, Key.Key_B)
    QTest.keyClick(window, Key.Key_P)
    assert window.document.look.show_joints
    assert window.document.look.show_landmarks
    QTest.keyClick(window, Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.comparison.dimensions


def test_the_timelines_own_keys_are_not_taken_by_shortcuts(window):
    timeline = window.workspace.timeline.findChild(Timeline)
    window.document.set(position=20.0)
    QTest.keyClick(window, Key.Key_S)
    timeline.setFocus()
    QTest.keyClick(timeline, Key.Key_A)
    assert window.workspace.timeline.desk.chosen
    QTest.keyClick(timeline, Key.Key_Delete)
    assert not window.workspace.timeline.desk.keys
    QTest.keyClick(timeline, Key.Key_Home)
    assert window.document.position == 0.0
