"""Keys on curves under the mouse and the keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.document.commands import replace_take
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.curves import Curve
from studio.sequence.key_selection import KeySelection
from studio.sequence.layers import Layer
from studio.theme import apply_theme
from tests.panels.hands import LEFT, press

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def desk(playing_desk):
    """A smile of three keys over a clip, and a jaw that opens by two."""
    jaw = Curve.of([5, 45], [[0.0, 0.0, 0.0], [0.4, 0.0, 0.0]], "linear", turns=True)
    layer = Layer("Keys", {"expr/4": Curve.of([10, 25, 40], [0.0, 0.6, 0.2], "smooth"), "jaw_pose": jaw})
    document = playing_desk.document
    take = replace(document.take, layers=(layer,))
    document.set(takes=replace_take(document, take))
    return playing_desk


@pytest.fixture
def view(desk, shown, qapp, qtbot):
    apply_theme(qapp, "dark")
    panel = shown(TimelinePanel(desk.document, desk.push), 1100, 420)
    press(panel, "Curves")
    found = panel._curves
    qtbot.waitUntil(lambda: found.isVisible() and found._plot._still is not None)
    wait_until_drawn(found)
    return found


def wait_until_drawn(view):
    """Let the curves that are drawn a moment later be drawn."""
    while view._late.isActive():
        assert QSignalSpy(view._late.timeout).wait(5000)
    QApplication.processEvents()


def place(view, channel, axis, frame):
    """Where the key of ``channel`` at ``frame`` is drawn."""
    curve = next(curve for curve in view._plot.keyed if curve.name == f"{channel}#{axis}")
    number = int(np.flatnonzero(curve.frames == frame)[0])
    return view._plot.pixels().map(QPointF(frame, float(curve.values[number]))).toPoint()


def height(view, axis_units):
    """Pixels down by which the left axis tells ``axis_units`` less."""
    transform = view._plot.pixels()
    return transform.map(QPointF(0.0, -axis_units)).y() - transform.map(QPointF(0.0, 0.0)).y()


def drag(view, start, by, modifiers=Qt.KeyboardModifier.NoModifier):
    viewport = view._plot.viewport()
    QTest.mousePress(viewport, LEFT, modifiers, start)
    for step in range(1, 6):
        move(viewport, start + by * (step / 5), modifiers)
    QTest.mouseRelease(viewport, LEFT, modifiers, start + by)
    wait_until_drawn(view)


def move(viewport, where, modifiers):
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        QPointF(where),
        QPointF(viewport.mapToGlobal(where)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifiers,
    )
    QApplication.sendEvent(viewport, event)


def pixels_for(view, frames):
    return round(view._plot.x_of(frames) - view._plot.x_of(0.0))


def curve_of(desk, channel):
    return desk.document.take.layers[0].curves[channel]


def test_a_key_is_dragged_in_time_and_value_in_one_step(desk, view):
    steps = len(desk.steps)
    start = place(view, "jaw_pose", 0, 45.0)
    down = round(height(view, 10.0))
    drag(view, start, QPoint(-pixels_for(view, 10.0), down))
    curve = curve_of(desk, "jaw_pose")
    assert curve.frames.tolist() == [5.0, 35.0]
    expected = 0.4 - np.radians(10.0) * down / height(view, 10.0)
    assert curve.values[1, 0] == pytest.approx(expected, abs=0.004)
    assert curve.values[1, 1:].tolist() == [0.0, 0.0]
    assert desk.steps[steps:] == ["Move keys"]
    desk.undo()
    assert curve_of(desk, "jaw_pose").frames.tolist() == [5.0, 45.0]
    assert curve_of(desk, "jaw_pose").values[1, 0] == 0.4


def test_shift_keeps_to_one_direction_and_control_to_the_ruler(desk, view):
    start = place(view, "jaw_pose", 0, 45.0)
    drag(view, start, QPoint(-pixels_for(view, 4.0), 3), SHIFT)
    assert curve_of(desk, "jaw_pose").frames.tolist() == [5.0, 41.0]
    assert curve_of(desk, "jaw_pose").values[1, 0] == 0.4
    view._desk.choose_none()
    start = place(view, "jaw_pose", 0, 41.0)
    drag(view, start, QPoint(0, round(height(view, 1.2 * view._plot.value_step()))), CONTROL)
    moved = np.degrees(0.4 - curve_of(desk, "jaw_pose").values[1, 0])
    assert moved == pytest.approx(view._plot.value_step(), abs=1e-6)


def test_a_box_chooses_keys_of_all_curves_and_they_move_together(desk, view):
    points = [
        place(view, "expr/4", 0, 25.0),
        place(view, "expr/4", 0, 40.0),
        place(view, "jaw_pose", 0, 45.0),
    ]
    left, right = min(p.x() for p in points) - 12, max(p.x() for p in points) + 12
    top, bottom = min(p.y() for p in points) - 12, max(p.y() for p in points) + 30
    drag(view, QPoint(left, top), QPoint(right - left, bottom - top))
    chosen = view._desk.chosen
    assert chosen.frames["expr/4"].tolist() == [25.0, 40.0]
    assert chosen.frames["jaw_pose"].tolist() == [45.0]
    drag(view, place(view, "expr/4", 0, 25.0), QPoint(pixels_for(view, 3.0), 0))
    assert curve_of(desk, "expr/4").frames.tolist() == [10.0, 28.0, 43.0]
    assert curve_of(desk, "jaw_pose").frames.tolist() == [5.0, 48.0]


def test_a_click_beside_keys_chooses_none_and_control_toggles(desk, view):
    viewport = view._plot.viewport()
    QTest.mouseClick(viewport, LEFT, pos=place(view, "expr/4", 0, 25.0))
    assert len(view._desk.chosen) == 1
    QTest.mouseClick(viewport, LEFT, CONTROL, place(view, "expr/4", 0, 40.0))
    assert view._desk.chosen.frames["expr/4"].tolist() == [25.0, 40.0]
    QTest.mouseClick(viewport, LEFT, CONTROL, place(view, "expr/4", 0, 25.0))
    assert view._desk.chosen.frames["expr/4"].tolist() == [40.0]
    QTest.mouseClick(viewport, LEFT, pos=QPoint(round(view._plot.x_of(2.0)), viewport.height() - 20))
    assert not view._desk.chosen


def test_handles_are_drawn_to_where_the_mouse_goes(desk, view):
    view._desk.choose(KeySelection.of([("expr/4", 10.0), ("expr/4", 25.0)]))
    view._desk.interpolate("bezier")
    view._desk.choose(KeySelection.of([("expr/4", 25.0)]))
    wait_until_drawn(view)
    drawn = next(curve for curve in view._plot.keyed if curve.name == "expr/4#0")
    start = view._plot.pixels().map(QPointF(*drawn.after[1].tolist())).toPoint()
    by = QPoint(pixels_for(view, 2.0), -40)
    steps = len(desk.steps)
    before = curve_of(desk, "expr/4").handles[1].copy()
    drag(view, start, by)
    handles = curve_of(desk, "expr/4").handles[1]
    assert desk.steps[steps:] == ["Move handle"]
    assert handles[1, 0] == pytest.approx(before[1, 0] + 2.0, abs=0.3)
    rise = 40 / height(view, -1.0) / -view._unit
    assert handles[1, 1] - before[1, 1] == pytest.approx(abs(rise), rel=0.15)
    assert handles[0, 1] / handles[0, 0] == pytest.approx(handles[1, 1] / handles[1, 0])
    other = handles[0].copy()
    drawn = next(curve for curve in view._plot.keyed if curve.name == "expr/4#0")
    start = view._plot.pixels().map(QPointF(*drawn.after[1].tolist())).toPoint()
    drag(view, start, QPoint(0, 60), ALT)
    assert curve_of(desk, "expr/4").handles[1, 0].tolist() == other.tolist()


def test_a_double_click_on_a_curve_sets_a_key_that_changes_nothing(desk, view):
    before = desk.document.take.params(32.0).expr[4]
    shape = view._curves.values(
        desk.document.take,
        next(channel.label for channel in view._channels if channel.label.channel == "expr/4"),
    )
    where = view._plot.pixels().map(QPointF(32.0, float(shape[32]) * view._unit)).toPoint()
    QTest.mouseDClick(view._plot.viewport(), LEFT, pos=where)
    assert curve_of(desk, "expr/4").frames.tolist() == [10.0, 25.0, 32.0, 40.0]
    assert desk.document.take.params(32.0).expr[4] == pytest.approx(before, abs=1e-6)
    assert desk.steps[-1] == "Key Mouth smile left"


def test_keys_choose_delete_and_change_the_kind(desk, view):
    view._plot.setFocus()
    QTest.keyClick(view._plot, Qt.Key.Key_A)
    assert len(view._desk.chosen) == 5
    QTest.keyClick(view._plot, Qt.Key.Key_2)
    assert set(curve_of(desk, "expr/4").interpolation.tolist()) == {1}
    QTest.mouseClick(view._plot.viewport(), LEFT, pos=place(view, "expr/4", 0, 25.0))
    QTest.keyClick(view._plot, Qt.Key.Key_Delete)
    assert curve_of(desk, "expr/4").frames.tolist() == [10.0, 40.0]
    assert desk.steps[-1] == "Delete keys"


def test_fit_brings_the_chosen_keys_into_view(view):
    view._desk.choose(KeySelection.of([("expr/4", 25.0), ("expr/4", 40.0)]))
    view._plot.setFocus()
    QTest.keyClick(view._plot, Qt.Key.Key_F)
    first, last = view._plot.frames_seen
    assert 20.0 < first < 25.0
    assert 40.0 < last < 45.0
    view._desk.choose_none()
    QTest.keyClick(view._plot, Qt.Key.Key_F)
    assert view._plot.frames_seen == pytest.approx((-0.5, 50.5))


def test_the_menu_offers_the_kinds_of_segments(desk, view, monkeypatch):
    opened = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu))
    view._desk.choose(KeySelection.of([("expr/4", 10.0)]))
    view._plot.menu_asked.emit(QPoint(0, 0))
    actions = {action.text().partition("\t")[0]: action for action in opened[0].actions()}
    actions["Stepped"].trigger()
    assert curve_of(desk, "expr/4").interpolation.tolist() == [0, 2, 2]


def test_undo_of_a_drag_draws_the_keys_where_they_were(desk, view):
    start = place(view, "expr/4", 0, 25.0)
    drag(view, start, QPoint(pixels_for(view, 5.0), 0))
    assert place(view, "expr/4", 0, 30.0) != start
    desk.undo()
    assert place(view, "expr/4", 0, 25.0) == start


def test_escape_takes_a_drag_back_and_leaves_no_step(desk, view):
    steps, before = len(desk.steps), desk.document.take
    viewport = view._plot.viewport()
    start = place(view, "expr/4", 0, 25.0)
    QTest.mousePress(viewport, LEFT, pos=start)
    for step in range(1, 5):
        move(viewport, start + QPoint(10 * step, -6 * step), Qt.KeyboardModifier.NoModifier)
    assert curve_of(desk, "expr/4").frames.tolist() != [10.0, 25.0, 40.0]
    QTest.keyClick(view._plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, pos=start + QPoint(40, -24))
    assert desk.document.take == before
    assert len(desk.steps) == steps
    assert view._desk.chosen.frames["expr/4"].tolist() == [25.0]
