"""Keys in the timeline under real mouse and keys: what a hand does becomes a step of the document."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QToolButton

from studio.document.key_commands import edit_keys
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.curves import CODES, Curve
from studio.sequence.key_selection import KeySelection
from studio.widgets.timeline import Timeline
from tests.panels.hands import LEFT

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
SMILE, BROW = "expr/4", "expr/0"


@pytest.fixture
def panel(playing_desk, shown):
    document = playing_desk.document
    keys = {
        SMILE: Curve.of([10, 20, 30], [0.1, 0.2, 0.3]),
        BROW: Curve.of([20, 40], [0.5, 0.6]),
        "jaw_pose": Curve.of([10, 30], np.zeros((2, 3)), turns=True),
    }
    playing_desk.push(edit_keys(document, "Keys", document.take, keys))
    return shown(TimelinePanel(document, playing_desk.push), 1200, 320)


@pytest.fixture
def timeline(panel):
    return panel.findChild(Timeline)


def row_of(timeline, title):
    row = next(row for row, lane in enumerate(timeline.lanes) if lane.title == title)
    return timeline.rows.y(row) + timeline.rows.height // 2


def at(timeline, title, frame):
    return QPoint(round(timeline.ruler.x(frame)), row_of(timeline, title))


def drag(timeline, *places, modifiers=NONE, let_go=True):
    QTest.mousePress(timeline, LEFT, modifiers, places[0])
    for place in places[1:]:
        event = _moved(timeline, place, modifiers)
        QApplication.sendEvent(timeline, event)
    if let_go:
        QTest.mouseRelease(timeline, LEFT, modifiers, places[-1])


def _moved(timeline, place, modifiers):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(place)
    return QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        QPointF(timeline.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifiers,
    )


def frames(panel, channel):
    curve = panel.desk.keys.get(channel)
    return None if curve is None else curve.frames.tolist()


def chosen(panel):
    return {(name, frame) for name, found in panel.desk.chosen.frames.items() for frame in found.tolist()}


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
    QApplication.sendEvent(timeline, _moved(timeline, start + QPoint(30, 0), SHIFT))
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
    QApplication.sendEvent(timeline, _moved(timeline, place.toPoint() - QPoint(round(4 * scale), 0), NONE))
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
