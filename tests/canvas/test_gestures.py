"""What the hand hears of the pointer: presses, drags, clicks, wheel, keys, and when the camera hears them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.canvas.overlay_shapes import Circle, Disc, Letter, Line, Tint
from studio.theme import apply_theme, current
from tests.panels.hands import turn_wheel

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Listener:
    """A hand that notes what it hears; it takes drags that begin in the left half."""

    def __init__(self):
        self.heard = []

    def hover(self, touch):
        self.heard.append(("hover", touch.place))

    def leave(self):
        self.heard.append(("leave",))

    def press(self, touch):
        self.heard.append(("press", touch.place))
        return touch.x < 200

    def drag(self, touch):
        self.heard.append(("drag", touch.place))

    def release(self):
        self.heard.append(("release",))

    def cancel(self):
        self.heard.append(("cancel",))
        return True

    def click(self, touch):
        self.heard.append(("click", touch.place, touch.control, touch.alt))

    def menu(self, touch, at):
        self.heard.append(("menu", touch.place))

    def wheel(self, steps, touch):
        self.heard.append(("wheel", steps))
        return touch.x < 200

    def key_pressed(self, key):
        self.heard.append(("down", key))

    def key_released(self, key):
        self.heard.append(("up", key))


@pytest.fixture
def hand(canvas):
    listener = Listener()
    canvas.set_hand(listener)
    QTest.qWait(50)
    listener.heard.clear()
    return listener


def move(canvas, x, y, button=LEFT):
    place = QPointF(x, y)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, canvas.view.mapToGlobal(place), Qt.MouseButton.NoButton, button, NONE
    )
    QApplication.sendEvent(canvas.view, event)


def words(hand):
    return [entry[0] for entry in hand.heard]


def test_of_moves_that_come_together_the_hand_hears_the_newest(canvas, hand):
    QTest.mousePress(canvas.view, LEFT, NONE, QPoint(100, 100))
    for x in range(110, 160, 2):
        move(canvas, x, 100)
    assert hand.heard == [("press", (100.0, 100.0))]
    QTest.qWait(20)
    assert hand.heard[1:] == [("drag", (158.0, 100.0))]
    move(canvas, 170, 100)
    QTest.mouseRelease(canvas.view, LEFT, NONE, QPoint(180, 100))
    assert hand.heard[2:] == [("drag", (180.0, 100.0)), ("release",)]


def test_a_drag_that_it_does_not_take_orbits(canvas, hand):
    before = canvas.shot().camera
    QTest.mousePress(canvas.view, LEFT, NONE, QPoint(300, 100))
    move(canvas, 340, 100)
    QTest.mouseRelease(canvas.view, LEFT, NONE, QPoint(340, 100))
    assert words(hand) == ["press"]
    assert canvas.shot().camera.azimuth != before.azimuth


@pytest.mark.parametrize("x", [100, 300])
def test_a_click_may_tremble(canvas, hand, x):
    before = canvas.shot().camera
    QTest.mousePress(canvas.view, LEFT, NONE, QPoint(x, 100))
    move(canvas, x + 1, 101)
    QTest.mouseRelease(canvas.view, LEFT, NONE, QPoint(x + 1, 101))
    assert hand.heard[-1] == ("click", (x + 1.0, 101.0), False, False)
    assert "drag" not in words(hand)
    assert canvas.shot().camera == before


def test_escape_ends_a_drag_while_the_button_is_down(canvas, hand):
    QTest.mousePress(canvas.view, LEFT, NONE, QPoint(100, 100))
    move(canvas, 140, 100)
    QTest.keyClick(canvas.view, Qt.Key.Key_Escape)
    hand.heard.clear()
    move(canvas, 160, 100)
    QTest.qWait(20)
    QTest.mouseRelease(canvas.view, LEFT, NONE, QPoint(160, 100))
    assert hand.heard == []


def test_the_wheel_zooms_only_where_the_hand_leaves_it(canvas, hand):
    before = canvas.shot().camera
    turn_wheel(canvas.view, QPointF(100.0, 100.0))
    assert canvas.shot().camera == before
    turn_wheel(canvas.view, QPointF(300.0, 100.0))
    assert canvas.shot().camera.distance < before.distance
    assert hand.heard == [("wheel", 1.0), ("wheel", 1.0)]


def test_a_menu_is_asked_for_at_its_place(canvas, hand):
    place = QPoint(120, 80)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, canvas.view.mapToGlobal(place))
    QApplication.sendEvent(canvas.view, event)
    assert hand.heard == [("menu", (120.0, 80.0))]


@pytest.mark.parametrize("kind", ["canvas", "processor_canvas"])
def test_shapes_are_drawn_in_the_colours_of_the_theme(kind, request, qapp):
    canvas = request.getfixturevalue(kind)
    mask = np.zeros((200, 200), bool)
    mask[150:, :50] = True
    chain = np.array([[10.0, 20.0], [60.0, 20.0], [110.0, 20.0]])
    canvas.set_overlay(
        (
            Tint(mask, "data"),
            Line(chain, "axis_x", 4.0, np.array([True, False])),
            Disc((300.0, 60.0), 8.0, "accent"),
            Circle((300.0, 200.0), 30.0, "axis_y", 4.0),
            Letter((60.0, 80.0), "X", "text"),
        )
    )
    sheet = canvas._overlay
    try:
        for theme in ("light", "dark"):
            apply_theme(qapp, theme)
            roles = current()
            image = sheet.grab().toImage()
            assert image.pixelColor(300, 60).name() == roles.accent
            assert image.pixelColor(30, 20).name() == roles.axis_x
            assert image.pixelColor(330, 200).name() == roles.axis_y
            assert image.pixelColor(90, 20).name() != roles.axis_x
    finally:
        apply_theme(qapp, "dark")
    canvas.set_overlay(())
    assert sheet.isHidden()
