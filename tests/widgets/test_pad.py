"""The pad: a dot that is pressed, dragged, stepped and brought back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.widgets.pad import Pad, PadScale

LEFT = Qt.MouseButton.LeftButton
SCALE = PadScale("Place", (-40.0, 40.0), (-50.0, 30.0), step=2.0, unit="°", tip="Drag the dot")


@pytest.fixture
def pad(qtbot):
    made = Pad(SCALE)
    made.resize(300, made.height())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.asked = []
    made.moved.connect(lambda *values: made.asked.append(values))
    return made


def at(pad, across, up) -> QPoint:
    return pad.point_at(across, up).toPoint()


def test_a_press_brings_the_dot_and_a_drag_is_one_gesture(pad):
    QTest.mousePress(pad, LEFT, pos=at(pad, 20.0, 10.0))
    QTest.mouseMove(pad, at(pad, 30.0, -20.0))
    QTest.mouseRelease(pad, LEFT, pos=at(pad, 30.0, -20.0))
    assert pad.place == pytest.approx((30.0, -20.0), abs=0.7)
    assert len({gesture for *_, gesture in pad.asked}) == 1
    QTest.mousePress(pad, LEFT, pos=at(pad, *pad.place))
    QTest.mouseRelease(pad, LEFT, pos=at(pad, *pad.place))
    assert len(pad.asked) == 2


def test_a_press_beside_the_middle_of_the_dot_does_not_move_it(pad):
    QTest.mouseClick(pad, LEFT, pos=at(pad, 0.0, 0.0) + QPoint(4, 3))
    assert pad.place == (0.0, 0.0)
    assert not pad.asked


def test_shift_drags_finely(pad):
    QTest.mousePress(pad, LEFT, Qt.KeyboardModifier.ShiftModifier, at(pad, 0.0, 0.0))
    place = QPointF(at(pad, 20.0, 0.0))
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(pad.mapToGlobal(place)),
        LEFT,
        LEFT,
        Qt.KeyboardModifier.ShiftModifier,
    )
    QApplication.sendEvent(pad, move)
    QTest.mouseRelease(pad, LEFT, pos=at(pad, 20.0, 0.0))
    assert pad.place[0] == pytest.approx(2.0, abs=0.2)


def test_it_stops_at_its_ranges(pad):
    QTest.mouseClick(pad, LEFT, pos=QPoint(299, pad.height() - 1))
    assert pad.place == (40.0, -50.0)
    pad.set_place(100.0, 100.0)
    assert pad.rect().contains(at(pad, *pad.place))


def test_keys_step_and_reset_and_are_not_taken_as_shortcuts(pad):
    pad.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(pad, key)
    assert pad.place == (-2.0, 4.0)
    QTest.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert pad.place == pytest.approx((-1.8, 4.0))
    assert pad.accessibleName() == "Place"
    assert pad.accessibleDescription() == "-1.8° across, 4.0° up"
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    assert pad.place == (0.0, 0.0)
    assert len(pad.asked) == 7


def test_what_is_shown_is_not_asked_for(pad):
    pad.set_place(5.0, 5.0)
    assert not pad.asked
    QTest.mouseDClick(pad, LEFT, pos=at(pad, 5.0, 5.0))
    assert pad.place == (0.0, 0.0)
