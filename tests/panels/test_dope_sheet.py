"""Rows, menus, markers and time in the timeline under real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QToolButton

from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.curves import CODES
from studio.sequence.key_selection import KeySelection
from studio.widgets.timeline import Timeline
from tests.panels.hands import LEFT
from tests.panels.timeline_hands import (
    BROW,
    CONTROL,
    NONE,
    SMILE,
    at,
    chosen,
    drag,
    frames,
    move_event,
    row_of,
)


@pytest.fixture
def panel(keyed_panel):
    return keyed_panel


@pytest.fixture
def timeline(panel):
    return panel.findChild(Timeline)


def test_tracks_are_groups_that_open_into_what_has_keys_or_moves(timeline):
    assert [lane.title for lane in timeline.lanes] == ["Keys", "Face", "Jaw", "Eyes", "Neck", "Head"]
    arrow = QPoint(14, row_of(timeline, "Face"))
    QTest.mouseClick(timeline, LEFT, pos=arrow)
    titles = [lane.title for lane in timeline.lanes]
    assert titles[2:5] == ["Brow inner up", "Mouth smile left", "4 more"]
    QTest.mouseClick(timeline, LEFT, pos=QPoint(26, row_of(timeline, "4 more")))
    assert "Eye blink left" in [lane.title for lane in timeline.lanes]
    QTest.mouseClick(timeline, LEFT, pos=QPoint(14, row_of(timeline, "Face")))
    assert [lane.title for lane in timeline.lanes] == ["Keys", "Face", "Jaw", "Eyes", "Neck", "Head"]


def test_joints_are_rows_of_their_own_below_their_group(timeline):
    QTest.mouseDClick(timeline, LEFT, pos=QPoint(60, row_of(timeline, "Eyes")))
    assert [lane.title for lane in timeline.lanes][4:6] == ["Left eye", "Right eye"]


def test_a_chosen_track_is_what_the_buttons_work_on(playing_desk, panel, timeline):
    QTest.mouseClick(timeline, LEFT, pos=QPoint(50, row_of(timeline, "Jaw")))
    buttons = {button.accessibleName(): button for button in panel.findChildren(QToolButton)}
    QTest.mouseClick(buttons["Next key"], LEFT)
    QTest.mouseClick(buttons["Next key"], LEFT)
    assert playing_desk.document.position == 30.0
    playing_desk.document.set(position=22.0)
    QTest.mouseClick(buttons["Set key"], LEFT)
    assert frames(panel, "jaw_pose") == [10.0, 22.0, 30.0]
    assert frames(panel, SMILE) == [10.0, 20.0, 30.0]
    assert playing_desk.steps[-1] == "Set keys"
    panel.sheet.delete_here()
    assert frames(panel, "jaw_pose") == [10.0, 30.0]


def test_without_a_chosen_track_all_of_the_head_gets_keys(playing_desk, panel):
    seen = playing_desk.document.take.params(25.0)
    playing_desk.document.set(position=25.0)
    panel.sheet.set_key()
    for channel in (SMILE, BROW, "jaw_pose", "left_eye", "right_eye", "neck_pose", "rotation", "translation"):
        assert 25.0 in frames(panel, channel), channel
    now = playing_desk.document.take.params(25.0)
    np.testing.assert_allclose(now.expr, seen.expr, atol=1e-6)
    np.testing.assert_allclose(now.pose, seen.pose, atol=1e-6)


def test_a_double_click_on_a_track_sets_a_key_of_what_is_shown_there(playing_desk, panel, timeline):
    QTest.mouseDClick(timeline, LEFT, pos=at(timeline, "Neck", 18))
    assert frames(panel, "neck_pose") == [18.0]
    assert playing_desk.steps[-1] == "Key neck"


def open_menu(timeline, place):
    QApplication.sendEvent(
        timeline, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, timeline.mapToGlobal(place))
    )
    return next(menu for menu in timeline.findChildren(QMenu) if menu.isVisible())


def entry(menu, title):
    for action in menu.actions():
        if action.menu() is not None and (found := entry(action.menu(), title)) is not None:
            return found
        if action.text().partition("\t")[0] == title:
            return action
    return None


@pytest.mark.parametrize("title", ["Stepped", "Linear", "Smooth", "Eased", "Bézier"])
def test_interpolation_is_chosen_in_the_menu(panel, timeline, title):
    first = "linear" if title == "Smooth" else "smooth"
    panel.desk.choose_all()
    panel.desk.interpolate(first)
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Face", 20))
    menu = open_menu(timeline, at(timeline, "Face", 20))
    entry(menu, title).trigger()
    menu.close()
    code = CODES["bezier" if title == "Bézier" else title.lower()]
    assert panel.desk.keys[SMILE].interpolation.tolist() == [CODES[first], code, CODES[first]]


def test_the_menu_of_a_track_sets_and_chooses_its_keys(playing_desk, panel, timeline):
    playing_desk.document.set(position=12.0)
    menu = open_menu(timeline, at(timeline, "Jaw", 20))
    entry(menu, "Choose keys: Jaw").trigger()
    assert chosen(panel) == {("jaw_pose", 10.0), ("jaw_pose", 30.0)}
    entry(menu, "Set key: Jaw").trigger()
    menu.close()
    assert frames(panel, "jaw_pose") == [10.0, 12.0, 30.0]


def test_keys_of_other_layers_are_seen_and_left_alone(playing_desk, panel, timeline):
    from studio.document.keying import set_layers
    from studio.sequence.layers import Layer

    layers = playing_desk.document.take.layers
    playing_desk.push(set_layers(playing_desk.document, "Add layer", (*layers, Layer("Top")), 1))
    assert not panel.desk.keys
    before = timeline.grab().toImage()
    QTest.mouseClick(timeline, LEFT, pos=at(timeline, "Face", 20))
    assert chosen(panel) == set()
    playing_desk.push(set_layers(playing_desk.document, "Delete layer", (Layer("Top"),), 0))
    assert timeline.grab().toImage() != before
    assert "Keys" not in [lane.title for lane in timeline.lanes]


def test_markers_are_added_dragged_named_coloured_and_deleted(playing_desk, panel, timeline, monkeypatch):
    document = playing_desk.document
    for frame in (10.0, 30.0):
        document.set(position=frame)
        panel.markers.add()
    assert [(one.frame, one.name) for one in document.take.markers] == [(10, "Marker 1"), (30, "Marker 2")]
    y = timeline.rows.top - 8
    start = QPoint(round(timeline.ruler.x(10)) + 4, y)
    steps = len(playing_desk.steps)
    there = QPoint(round(timeline.ruler.x(40)), y)
    drag(timeline, start, start + QPoint(60, 0), QPoint(round(timeline.ruler.x(20)), y), there)
    assert [(one.frame, one.name) for one in document.take.markers] == [(30, "Marker 2"), (40, "Marker 1")]
    assert playing_desk.steps[steps:] == ["Move marker"]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: (" Blink ", True))
    QTest.mouseDClick(timeline, LEFT, pos=there + QPoint(4, 0))
    assert document.take.markers[1].name == "Blink"
    menu = open_menu(timeline, there + QPoint(4, 0))
    entry(menu, "Pink").trigger()
    assert document.take.markers[1].colour == 2
    entry(menu, "Delete").trigger()
    menu.close()
    assert [one.name for one in document.take.markers] == ["Marker 2"]
    document.set(position=0.0)
    panel.markers.go(1)
    assert document.position == 30.0
    panel.markers.go(1)
    assert document.position == 30.0


def turn(timeline, place, notches, modifiers):
    event = QWheelEvent(
        place,
        QPointF(timeline.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(timeline, event)


def test_the_wheel_zooms_about_the_pointer_and_the_middle_button_pans(timeline):
    place = QPointF(at(timeline, "Face", 20))
    turn(timeline, place, 4, CONTROL)
    assert timeline.ruler.x(20) == pytest.approx(place.x(), abs=1.0)
    assert not timeline.ruler.shows_all
    scale, begin = timeline.ruler.scale, timeline.ruler.begin
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(timeline, middle, NONE, place.toPoint())
    QApplication.sendEvent(
        timeline, move_event(timeline, place.toPoint() - QPoint(round(4 * scale), 0), NONE)
    )
    QTest.mouseRelease(timeline, middle, NONE, place.toPoint())
    assert timeline.ruler.begin == pytest.approx(begin + 4, abs=0.2)
    assert timeline.ruler.scale == pytest.approx(scale)
    QTest.mouseDClick(timeline, LEFT, pos=QPoint(500, 6))
    assert timeline.ruler.shows_all


def test_what_is_seen_of_time_follows_the_cursor(playing_desk, timeline):
    turn(timeline, QPointF(at(timeline, "Face", 5)), 8, CONTROL)
    end = timeline.ruler.stop
    playing_desk.document.set(position=end + 3.0)
    assert timeline.ruler.begin <= playing_desk.document.position <= timeline.ruler.stop


def test_a_take_gets_a_length_and_a_still_keys(playing_desk, shown, monkeypatch):
    document = playing_desk.document
    panel = shown(TimelinePanel(document, playing_desk.push), 1200, 320)
    document.set(active=0)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("80f", True))
    panel.ask_length()
    assert len(document.take) == 80
    panel.sheet.set_key()
    assert frames(panel, "jaw_pose") == [0.0]
    assert [lane.title for lane in panel.findChild(Timeline).lanes][:2] == ["Keys", "Face"]


def test_what_is_chosen_and_where_the_cursor_is_are_told_in_words(panel, timeline):
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Right)
    panel.desk.choose(KeySelection.of([(SMILE, 10.0)]))
    assert timeline.accessibleDescription() == "Frame 1 of 50, 1 key chosen"
    panel.desk.choose_all()
    assert timeline.accessibleDescription().endswith("7 keys chosen")


def test_hints_tell_titles_and_where_keys_are(panel, timeline):
    QTest.mouseClick(timeline, LEFT, pos=QPoint(14, row_of(timeline, "Face")))
    row = at(timeline, "Mouth smile left", 20)
    assert timeline._tip_at(QPointF(row)) == "Mouth smile left, 00:00.80"
    assert timeline._tip_at(QPointF(40, row.y())) == "Mouth smile left"
    assert timeline._tip_at(QPointF(at(timeline, "Neck", 25))) == ""
