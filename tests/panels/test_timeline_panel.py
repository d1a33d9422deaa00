from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QToolButton

from studio.panels.timeline_panel import TimelinePanel
from studio.panels.timeline_tracks import GROUPS, Grounds
from studio.widgets.time_readout import TimeReadout
from studio.widgets.timeline import Timeline
from studio.widgets.transport import Transport
from tests.panels.hands import LEFT


@pytest.fixture
def panel(playing_desk, shown):
    return shown(TimelinePanel(playing_desk.document, playing_desk.push), 1200, 200)


def _press(panel, name):
    button = next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == name)
    QTest.mouseClick(button, LEFT)


def _point(panel, frame):
    return QPoint(round(panel.findChild(Timeline).ruler.x(frame)), 60)


def test_a_click_scrubs_and_is_no_step(playing_desk, panel):
    steps = len(playing_desk.steps)
    QTest.mouseClick(panel.findChild(Timeline), LEFT, pos=_point(panel, 20))
    assert playing_desk.document.position == 20.0
    assert len(playing_desk.steps) == steps


def test_the_readout_follows(playing_desk, panel):
    playing_desk.document.set(position=30.0)
    assert panel.findChild(Transport).readout == "00:01.20 / 00:02.00   25 fps"
    assert panel.findChild(Timeline).position == 30.0


def test_in_and_out_are_steps_that_undo(playing_desk, panel):
    playing_desk.document.set(position=10.0)
    _press(panel, "Start playing here")
    playing_desk.document.set(position=40.0)
    _press(panel, "Stop playing here")
    assert playing_desk.document.play_range == (10, 40)
    assert playing_desk.steps[-2:] == ["Start playing here", "Stop playing here"]
    _press(panel, "First frame")
    assert playing_desk.document.position == 10.0
    playing_desk.undo()
    assert playing_desk.document.play_range == (10, 50)


def test_in_at_the_end_stays_within_the_take(playing_desk, panel):
    playing_desk.document.set(position=50.0)
    _press(panel, "Start playing here")
    first, last = playing_desk.document.play_range
    assert 0 <= first <= last <= 50


def test_loop_and_speed(playing_desk, panel):
    _press(panel, "Loop")
    assert playing_desk.document.playback.loop is False
    speed = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == "Speed")
    speed.activated.emit(speed.findData(0.5))
    assert playing_desk.document.playback.speed == 0.5


def test_play_and_step_are_asked_for(panel, qtbot):
    with qtbot.waitSignal(panel.play_toggled):
        _press(panel, "Play")
    with qtbot.waitSignal(panel.stepped) as asked:
        _press(panel, "Next frame")
    assert asked.args == [1]


def test_scrubbing_pauses_and_goes_on(panel):
    heard = []

    def toggle():
        heard.append("toggle")
        panel.set_playing(len(heard) % 2 == 0)

    panel.play_toggled.connect(toggle)
    panel.set_playing(True)
    timeline = panel.findChild(Timeline)
    QTest.mousePress(timeline, LEFT, pos=_point(panel, 5))
    assert heard == ["toggle"]
    QTest.mouseRelease(timeline, LEFT, pos=_point(panel, 5))
    assert heard == ["toggle", "toggle"]


def test_takes_are_chosen(playing_desk, panel):
    takes = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == "Take")
    assert [takes.itemText(index) for index in range(takes.count())] == ["Pose", "Smile"]
    takes.activated.emit(0)
    assert playing_desk.document.active == 0
    assert not next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Play").isEnabled()


def grounds_of(clip):
    """What lanes show behind their keys, by the titles of the parts of the head."""
    grounds = Grounds(clip)
    return {group.title: grounds.of_group(group) for group in GROUPS if group.fields}


def test_lanes_show_where_something_moves(playing_desk):
    lanes = grounds_of(playing_desk.document.take.clip)
    assert lanes["Face"].max() == 1.0
    assert not lanes["Jaw"].any()
    assert all(len(curve) == 51 and np.isfinite(curve).all() for curve in lanes.values())


@pytest.mark.parametrize("wild", [np.nan, np.inf, 1e30, 3e38])
def test_lanes_of_wild_numbers_are_numbers(playing_desk, wild):
    clip = playing_desk.document.take.clip
    expr = clip.expr.copy()
    expr[5:8] = wild
    for curve in grounds_of(clip.replace(expr=expr)).values():
        assert np.isfinite(curve).all()
        assert curve.min() >= 0.0
        assert curve.max() <= 1.0


def test_ping_pong_is_a_step_and_loops(playing_desk, panel):
    _press(panel, "Loop")
    _press(panel, "Ping-pong")
    assert playing_desk.document.playback.ping_pong
    assert playing_desk.document.playback.loop
    assert playing_desk.steps[-1] == "Ping-pong"
    _press(panel, "Ping-pong")
    assert not playing_desk.document.playback.ping_pong


def test_time_is_told_in_seconds_frames_or_timecode(playing_desk, panel):
    document = playing_desk.document
    document.set(position=30.0)
    told = []
    for unit in ("seconds", "frames", "timecode"):
        document.set(tools=document.tools.replace(time=unit))
        told.append(panel.findChild(Transport).readout)
    assert told == [
        "00:01.20 / 00:02.00   25 fps",
        "30 / 50   25 fps",
        "00:00:01:05 / 00:00:02:00   25 fps",
    ]


def _type_time(panel, text, end=Qt.Key.Key_Return):
    readout = panel.findChild(TimeReadout)
    QTest.mouseClick(readout, LEFT, pos=QPoint(10, readout.height() // 2))
    field = next(field for field in readout.findChildren(QLineEdit) if field.isVisible())
    QTest.keyClicks(field, text)
    QTest.keyClick(field, end)


def test_a_typed_time_is_gone_to(panel, qtbot):
    with qtbot.waitSignal(panel.time_asked) as asked:
        _type_time(panel, "0:01.6")
    assert asked.args == [40]
    with qtbot.waitSignal(panel.time_asked) as asked:
        _type_time(panel, "12f")
    assert asked.args == [12]


def test_a_time_that_is_none_and_escape_go_nowhere(panel, qtbot):
    with qtbot.assertNotEmitted(panel.time_asked):
        _type_time(panel, "soon")
        _type_time(panel, "12f", Qt.Key.Key_Escape)


def test_a_rate_of_its_own_is_told(panel):
    panel.set_rate(-4.0)
    assert panel.findChild(Transport).readout.endswith("25 fps   \N{MINUS SIGN}4\N{MULTIPLICATION SIGN}")


def test_the_unit_of_time_is_chosen_at_the_readout(playing_desk, panel):
    readout = panel.findChild(TimeReadout)
    place = QPoint(10, 10)
    QApplication.sendEvent(
        readout, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, readout.mapToGlobal(place))
    )
    menu = readout.findChild(QMenu)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Seconds"]
    menu.actions()[2].trigger()
    menu.close()
    assert playing_desk.document.tools.time == "timecode"
    assert panel.findChild(Transport).readout.startswith("00:00:00:00 /")
