"""What a user's hands do to a panel."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from studio.widgets.slider_row import SliderRow

LEFT = Qt.MouseButton.LeftButton


def rows(panel, label):
    """All rows called ``label`` that can be seen, from the top down."""
    found = [row for row in panel.findChildren(SliderRow) if row.scale.label == label and row.isVisible()]
    return sorted(found, key=lambda row: row.mapTo(panel, QPoint(0, 0)).y())


def row(panel, label, number=0):
    """The row called ``label``."""
    return rows(panel, label)[number]


def place(row, value):
    """Where ``value`` lies on a row's slider."""
    parts = row.geometry_of_parts
    return QPoint(round(parts.handle_x(row.scale.fraction(value))), row.height() // 2)


def drag(row, *values):
    """Drag the handle to each of ``values``."""
    QTest.mousePress(row, LEFT, pos=place(row, row.value))
    for value in values:
        QTest.mouseMove(row, place(row, value))
    QTest.mouseRelease(row, LEFT, pos=place(row, values[-1]))


def type_number(row, text):
    """Click a row's number and type another one."""
    QTest.mouseClick(row, LEFT, pos=row.geometry_of_parts.number.center().toPoint())
    editor = row.findChild(QLineEdit)
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def press(panel, name):
    """Press the button whose text or accessible name is ``name``."""
    buttons = [b for b in panel.findChildren(QPushButton) if name in (b.text(), b.accessibleName())]
    assert len(buttons) == 1, [b.text() for b in buttons]
    QTest.mouseClick(buttons[0], LEFT)


def turn_wheel(widget, place, notches=1):
    """Turn the wheel over ``place`` (QPointF) of ``widget``; the event, after it was handled."""
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event
