from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar

from studio.theme import current
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline import Lane, Timeline
from studio.widgets.timeline_curves import column_reach
from studio.widgets.timeline_paint import LANE_HEIGHT, LEAST_LANE_HEIGHT, RULER_HEIGHT
from tests.panels.hands import turn_wheel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    made.set_clip(101, (Lane("Face", np.linspace(0, 1, 101, dtype=np.float32)),))
    made.set_range(0, 100)
    made.resize(800, 120)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.heard = []
    made.scrub_started.connect(lambda: made.heard.append("start"))
    made.scrubbed.connect(made.heard.append)
    made.scrub_finished.connect(lambda: made.heard.append("finish"))
    made.range_changed.connect(lambda first, last, gesture: made.heard.append((first, last, gesture)))
    return made


def _at(timeline, frame, y=60) -> QPoint:
    return QPoint(round(timeline.ruler.x(frame)), y)


def test_a_click_scrubs_to_the_frame(timeline):
    QTest.mouseClick(timeline, LEFT, pos=_at(timeline, 40))
    assert timeline.heard == ["start", 40.0, "finish"]


def test_a_drag_follows_the_hand_in_whole_frames(timeline):
    QTest.mousePress(timeline, LEFT, pos=_at(timeline, 10))
    QTest.mouseMove(timeline, _at(timeline, 20))
    QTest.mouseMove(timeline, QPoint(5000, 60))
    QTest.mouseRelease(timeline, LEFT, pos=QPoint(5000, 60))
    assert timeline.heard == ["start", 10.0, 20.0, 100.0, "finish"]


def test_the_marks_are_dragged_in_one_gesture(timeline):
    timeline.set_position(50.0)
    y = RULER_HEIGHT - 6
    QTest.mousePress(timeline, LEFT, pos=_at(timeline, 0, y) - QPoint(4, 0))
    QTest.mouseMove(timeline, _at(timeline, 10, y))
    QTest.mouseMove(timeline, _at(timeline, 20, y))
    QTest.mouseRelease(timeline, LEFT, pos=_at(timeline, 20, y))
    assert [entry[:2] for entry in timeline.heard] == [(10, 100), (20, 100)]
    assert len({entry[2] for entry in timeline.heard}) == 1


def test_marks_never_cross(timeline):
    timeline.set_range(0, 30)
    y = RULER_HEIGHT - 6
    QTest.mousePress(timeline, LEFT, pos=_at(timeline, 0, y) - QPoint(4, 0))
    QTest.mouseMove(timeline, _at(timeline, 90, y))
    QTest.mouseRelease(timeline, LEFT, pos=_at(timeline, 90, y))
    assert timeline.heard[-1][:2] == (29, 30)


def test_arrow_keys_step(timeline):
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Right)
    QTest.keyClick(timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(timeline, Qt.Key.Key_Left)
    assert [entry for entry in timeline.heard if isinstance(entry, float)] == [1.0, 11.0, 10.0]


def test_the_cursor_is_drawn_where_it_stands_and_nowhere_else(timeline):
    timeline.set_position(30.0)
    timeline.set_position(70.0)
    image = timeline.grab().toImage()
    y = 110
    assert image.pixelColor(_at(timeline, 70, y)).name() == current().accent
    assert image.pixelColor(_at(timeline, 30, y)).name() == current().panel


def test_a_still_is_not_scrubbed(timeline):
    timeline.set_clip(1, (), "Drop a clip here")
    QTest.mouseClick(timeline, LEFT, pos=QPoint(400, 60))
    assert timeline.heard == []


def test_a_long_clip_is_drawn(timeline):
    curve = np.random.default_rng(0).random(20_000).astype(np.float32)
    timeline.set_clip(20_000, (Lane("Face", curve),))
    timeline.set_range(0, 19_999)
    assert not timeline.grab().isNull()


TITLES = ("Face", "Jaw", "Eyes", "Head")


def _lanes(timeline) -> None:
    timeline.set_clip(101, tuple(Lane(title, np.linspace(0, 1, 101, dtype=np.float32)) for title in TITLES))


def _filled(timeline, y) -> bool:
    """Whether a lane's block is drawn at height ``y``."""
    return (
        timeline.grab().toImage().pixelColor(_at(timeline, 100, y) - QPoint(3, 0)).name() != current().panel
    )


def test_lanes_shrink_to_fit(timeline):
    _lanes(timeline)
    timeline.resize(800, RULER_HEIGHT + 4 * 20)
    assert timeline.lane_height == 20
    assert not timeline.findChild(QScrollBar).isVisible()
    assert _filled(timeline, RULER_HEIGHT + 3 * 20 + 10)
    timeline.resize(800, 400)
    assert timeline.lane_height == LANE_HEIGHT


def test_lanes_that_do_not_fit_are_scrolled_to_under_the_ruler(timeline):
    _lanes(timeline)
    timeline.resize(800, timeline.minimumHeight())
    bar = timeline.findChild(QScrollBar)
    assert timeline.lane_height == LEAST_LANE_HEIGHT
    assert bar.isVisible()
    ruler = QRect(0, 0, 800, RULER_HEIGHT)
    before = timeline.grab(ruler).toImage()
    turn_wheel(timeline, QPointF(300, 60), -5)
    assert bar.value() == bar.maximum()
    bottom_of_last = RULER_HEIGHT + len(TITLES) * LEAST_LANE_HEIGHT - bar.value()
    assert bottom_of_last == timeline.height()
    assert timeline.grab(ruler).toImage() == before
    turn_wheel(timeline, QPointF(300, 60), 5)
    assert bar.value() == 0
    assert timeline.heard == []


def test_a_few_lanes_are_always_in_sight(timeline):
    assert timeline.minimumHeight() >= RULER_HEIGHT + 2 * LEAST_LANE_HEIGHT


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf, 1e30])
def test_wild_curves_stay_in_their_lane(timeline, wild):
    curve = np.zeros(101, np.float32)
    curve[5:8] = wild
    timeline.set_clip(101, (Lane("Face", curve),))
    reach = column_reach(curve, timeline.ruler, 600)
    assert (reach >= 0.0).all()
    assert (reach <= 1.0).all()
    assert not timeline.grab().isNull()


@pytest.mark.parametrize(("frames", "begin", "end"), [(51, 0, None), (5000, 0, None), (5000, 90.5, 131.25)])
def test_a_curves_columns_reach_as_far_as_the_line_in_them(frames, begin, end):
    """Against the straight lines between values, taken at very many places of each column."""
    values = np.random.default_rng(frames).random(frames).astype(np.float32)
    ruler = TimeRuler(frames, 0.0, 200.0, begin, end)
    low, high = column_reach(values, ruler, 200)
    for column in range(0, 200, 7):
        places = np.linspace(ruler.frame(column), ruler.frame(column + 1), 4001)
        line = np.interp(places, np.arange(frames), values)
        assert low[column] <= line.min() + 1e-5
        assert high[column] >= line.max() - 1e-5
        assert low[column] == pytest.approx(line.min(), abs=0.02)
        assert high[column] == pytest.approx(line.max(), abs=0.02)
