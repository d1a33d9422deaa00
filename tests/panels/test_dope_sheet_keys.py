"""Keys in the timeline under real mouse and keys: what a hand does becomes a step of the document."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.document.key_commands import edit_keys
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.curves import Curve
from studio.sequence.key_selection import KeySelection
from studio.widgets.timeline import Timeline
from tests.panels.hands import LEFT
from tests.panels.timeline_hands import (
    ALT,
    BROW,
    CONTROL,
    SHIFT,
    SMILE,
    at,
    chosen,
    drag,
    frames,
    move_event,
)


@pytest.fixture
def panel(keyed_panel):
    return keyed_panel


@pytest.fixture
def timeline(panel):
    return panel.findChild(Timeline)


def test_a_click_chooses_the_keys_there_and_shift_adds(panel, timeline):
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Face", 20))
    assert chosen(panel) == {(SMILE, 20.0), (BROW, 20.0)}
    QTest.mouseClick(timeline, LEFT, SHIFT, at(timeline, "Jaw", 30))
    assert chosen(panel) == {(SMILE, 20.0), (BROW, 20.0), ("jaw_pose", 30.0)}
    QTest.mouseClick(timeline, LEFT, SHIFT, at(timeline, "Jaw", 30))
    assert chosen(panel) == {(SMILE, 20.0), (BROW, 20.0)}
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Keys", 10))
    assert chosen(panel) == {(SMILE, 10.0), ("jaw_pose", 10.0)}


def test_a_click_on_the_ground_lets_go_and_moves_the_cursor(playing_desk, panel, timeline):
    panel.desk.choose_all()
    steps = len(playing_desk.steps)
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Jaw", 20))
    assert chosen(panel) == set()
    assert playing_desk.document.position == 20.0
    assert len(playing_desk.steps) == steps


def test_the_ruler_scrubs_whatever_keys_there_are(playing_desk, timeline):
    drag(timeline, QPoint(round(timeline.ruler.x(5)), 12), QPoint(round(timeline.ruler.x(33)), 12))
    assert playing_desk.document.position == 33.0


def test_a_box_chooses_what_lies_in_it(panel, timeline):
    top = at(timeline, "Face", 15)
    drag(timeline, top, at(timeline, "Jaw", 25), at(timeline, "Jaw", 35))
    assert chosen(panel) == {(SMILE, 20.0), (SMILE, 30.0), (BROW, 20.0), ("jaw_pose", 30.0)}
    drag(timeline, at(timeline, "Face", 38), at(timeline, "Face", 44), modifiers=SHIFT)
    assert (BROW, 40.0) in chosen(panel)
    assert len(chosen(panel)) == 5


def test_a_drag_moves_what_is_chosen_by_whole_frames_as_one_step(playing_desk, panel, timeline):
    steps = len(playing_desk.steps)
    start = at(timeline, "Face", 20)
    drag(timeline, start, start + QPoint(31, 0), at(timeline, "Face", 24) + QPoint(3, 0))
    assert frames(panel, SMILE) == [10.0, 24.0, 30.0]
    assert frames(panel, BROW) == [24.0, 40.0]
    assert chosen(panel) == {(SMILE, 24.0), (BROW, 24.0)}
    assert playing_desk.steps[steps:] == ["Move keys"]
    playing_desk.undo()
    assert frames(panel, SMILE) == [10.0, 20.0, 30.0]
    assert chosen(panel) == {(SMILE, 20.0), (BROW, 20.0)}


def test_with_shift_keys_come_between_frames(panel, timeline):
    start = at(timeline, "Jaw", 10)
    QTest.mousePress(timeline, LEFT, pos=start)
    QApplication.sendEvent(timeline, move_event(timeline, start + QPoint(30, 0), SHIFT))
    QTest.mouseRelease(timeline, LEFT, pos=start + QPoint(30, 0))
    moved = frames(panel, "jaw_pose")[0]
    assert moved != round(moved)
    assert moved == pytest.approx(10 + 30 / timeline.ruler.scale, abs=0.02)


def test_escape_takes_a_drag_back(playing_desk, panel, timeline):
    take, steps = playing_desk.document.take, list(playing_desk.steps)
    timeline.setFocus()
    start = at(timeline, "Face", 20)
    drag(timeline, start, at(timeline, "Face", 28), let_go=False)
    assert frames(panel, SMILE) == [10.0, 28.0, 30.0]
    QTest.keyClick(timeline, Qt.Key.Key_Escape)
    assert playing_desk.document.take == take
    assert playing_desk.steps == steps
    QTest.mouseRelease(timeline, LEFT, pos=at(timeline, "Face", 28))
    assert playing_desk.steps == steps


def test_keys_dragged_behind_the_end_keep_the_ruler_until_they_are_let_go(playing_desk, panel, timeline):
    start, scale = at(timeline, "Face", 40), timeline.ruler.scale
    drag(timeline, start, at(timeline, "Face", 48), start + QPoint(round(15 * scale), 0), let_go=False)
    assert frames(panel, BROW) == [20.0, 55.0]
    assert timeline.ruler.scale == pytest.approx(scale)
    QTest.mouseRelease(timeline, LEFT, pos=start + QPoint(round(15 * scale), 0))
    assert len(playing_desk.document.take) == 56
    assert timeline.ruler.shows_all
    assert timeline.ruler.last == 55


def test_alt_scales_about_the_other_end(playing_desk, panel, timeline):
    panel.desk.choose(KeySelection.all_of({SMILE: panel.desk.keys[SMILE]}))
    drag(
        timeline, at(timeline, "Face", 30), at(timeline, "Face", 40), at(timeline, "Face", 50), modifiers=ALT
    )
    assert frames(panel, SMILE) == [10.0, 30.0, 50.0]
    assert playing_desk.steps[-1] == "Scale keys"
    playing_desk.undo()
    assert frames(panel, SMILE) == [10.0, 20.0, 30.0]


def test_the_ends_of_the_bar_scale_too(panel, timeline):
    panel.desk.choose(KeySelection.all_of({SMILE: panel.desk.keys[SMILE]}))
    y = timeline.rows.top + 4
    left = QPoint(round(timeline.ruler.x(10)) - 6, y)
    drag(timeline, left, QPoint(round(timeline.ruler.x(20)), y))
    assert frames(panel, SMILE) == [20.0, 25.0, 30.0]


def test_control_drags_a_copy(playing_desk, panel, timeline):
    drag(timeline, at(timeline, "Jaw", 10), at(timeline, "Jaw", 17), modifiers=CONTROL)
    assert frames(panel, "jaw_pose") == [10.0, 17.0, 30.0]
    assert chosen(panel) == {("jaw_pose", 17.0)}
    assert playing_desk.steps[-1] == "Duplicate keys"


def test_keys_are_copied_cut_pasted_and_deleted_by_the_keyboard(playing_desk, panel, timeline):
    timeline.setFocus()
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Jaw", 10))
    QTest.keyClick(timeline, Qt.Key.Key_C, CONTROL)
    playing_desk.document.set(position=15.0)
    QTest.keyClick(timeline, Qt.Key.Key_V, CONTROL)
    assert frames(panel, "jaw_pose") == [10.0, 15.0, 30.0]
    QTest.keyClick(timeline, Qt.Key.Key_X, CONTROL)
    assert frames(panel, "jaw_pose") == [10.0, 30.0]
    QTest.keyClick(timeline, Qt.Key.Key_V, CONTROL)
    QTest.keyClick(timeline, Qt.Key.Key_D, SHIFT)
    assert frames(panel, "jaw_pose") == [10.0, 15.0, 16.0, 30.0]
    QTest.keyClick(timeline, Qt.Key.Key_Delete)
    assert frames(panel, "jaw_pose") == [10.0, 15.0, 30.0]
    QTest.keyClick(timeline, Qt.Key.Key_A)
    QTest.keyClick(timeline, Qt.Key.Key_Delete)
    assert not panel.desk.keys
    assert playing_desk.steps[-1] == "Delete keys"


def test_all_none_and_the_others_are_chosen_by_keys(panel, timeline):
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_A, CONTROL)
    assert len(chosen(panel)) == 7
    QTest.keyClick(timeline, Qt.Key.Key_A, ALT)
    assert chosen(panel) == set()
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Jaw", 10))
    QTest.keyClick(timeline, Qt.Key.Key_I, CONTROL)
    assert len(chosen(panel)) == 6
    QTest.keyClick(timeline, Qt.Key.Key_Escape)
    assert chosen(panel) == set()


def test_up_and_down_go_from_key_to_key(playing_desk, timeline):
    timeline.setFocus()
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(timeline, key)
        seen.append(playing_desk.document.position)
    assert seen == [10.0, 20.0, 30.0, 20.0]


def test_a_key_that_comes_near_a_marker_in_a_long_take_meets_it(playing_desk, shown):
    document = playing_desk.document
    clip = document.take.clip
    long = clip.replace(
        **{
            name: np.repeat(getattr(clip, name), 400, axis=0)
            for name in ("expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation", "eyelids")
        }
    )
    from studio.document.commands import open_clip
    from studio.document.marker_commands import add_marker

    playing_desk.push(open_clip(document, "Long", long))
    keys = {"jaw_pose": Curve.of([1000], [[0.0, 0.0, 0.0]], turns=True)}
    playing_desk.push(edit_keys(document, "Keys", document.take, keys))
    playing_desk.push(add_marker(document, 7123))
    panel = shown(TimelinePanel(document, playing_desk.push), 1200, 320)
    timeline = panel.findChild(Timeline)
    near = at(timeline, "Jaw", 7123) + QPoint(3, 0)
    drag(timeline, at(timeline, "Jaw", 1000), at(timeline, "Jaw", 4000), near)
    assert frames(panel, "jaw_pose") == [7123.0]


def test_what_is_seen_goes_on_while_a_key_is_held_beside_it(qtbot, panel, timeline):
    timeline.show_part(timeline.ruler.shown(5.0, 25.0))
    start = at(timeline, "Face", 20)
    beside = QPoint(timeline.width() - 2, start.y())
    drag(timeline, start, at(timeline, "Face", 24), beside, let_go=False)
    qtbot.waitUntil(lambda: timeline.ruler.stop > 35.0)
    QTest.mouseRelease(timeline, LEFT, pos=beside)
    moved = frames(panel, BROW)[0]
    assert moved > 33.0
    assert abs(timeline.ruler.x(moved) - beside.x()) < 2 * timeline.ruler.scale
    stop = timeline.ruler.stop
    assert not timeline._onward.isActive()
    timeline._onward.timeout.emit()
    assert timeline.ruler.stop == stop
