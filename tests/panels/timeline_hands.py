"""Hands on the rows of the timeline: where keys are drawn, how they are dragged, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.panels.hands import LEFT

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
SMILE, BROW = "expr/4", "expr/0"


def row_of(timeline, title):
    row = next(row for row, lane in enumerate(timeline.lanes) if lane.title == title)
    return timeline.rows.y(row) + timeline.rows.height // 2


def at(timeline, title, frame):
    return QPoint(round(timeline.ruler.x(frame)), row_of(timeline, title))


def drag(timeline, *places, modifiers=NONE, let_go=True):
    QTest.mousePress(timeline, LEFT, modifiers, places[0])
    for place in places[1:]:
        event = move_event(timeline, place, modifiers)
        QApplication.sendEvent(timeline, event)
    if let_go:
        QTest.mouseRelease(timeline, LEFT, modifiers, places[-1])


def move_event(timeline, place, modifiers):
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
