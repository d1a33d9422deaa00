"""Teeth, hidden parts and eyelids in the real window, drawn and undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit

from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_row import SliderRow
from tests.flame.plain_head import plain_head
from tests.flame.test_eyelids import solved
from tests.windows import WAIT, shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp, qtbot):
    head = plain_head()
    with shown_window(qapp, qtbot, replace(head, eyelids=solved(head))) as shown:
        yield shown


def in_front(window, title):
    dock = window.workspace.docks[title]
    dock.show()
    dock.raise_()
    QTest.qWait(50)
    return dock


def click(dock, text):
    box = next(box for box in dock.findChildren(QCheckBox) if box.text() == text)
    QTest.mouseClick(box, LEFT, pos=QPoint(6, 8))


def test_teeth_and_parts_reach_the_canvas_and_go_back(qtbot, window):
    original = window.document.model
    dock = in_front(window, "Look")
    next(group for group in dock.findChildren(Group) if group.title == "Hide parts").set_unfolded(True)
    QTest.qWait(50)
    click(dock, "Teeth")
    click(dock, "Nose")
    model = window.document.model
    assert model.vertex_count == original.vertex_count + 120
    qtbot.waitUntil(lambda: window.canvas.model is model, timeout=WAIT)
    assert len(window.result.surface.vertices) == model.vertex_count
    assert window.files.models == [original]
    window.history.stack.undo()
    window.history.stack.undo()
    qtbot.waitUntil(lambda: window.canvas.model is original, timeout=WAIT)
    assert len(window.result.surface.vertices) == original.vertex_count


def test_a_lid_closes_on_the_canvas(qtbot, window):
    dock = in_front(window, "Pose")
    row = next(row for row in dock.findChildren(SliderRow) if row.scale.label == "Left eyelid")
    dock.findChild(ScrollPanel).ensureWidgetVisible(row)
    QTest.qWait(50)
    before = window.result.surface.landmarks.copy()
    QTest.mouseClick(row, LEFT, pos=row.geometry_of_parts.number.center().toPoint())
    editor = row.findChild(QLineEdit)
    QTest.keyClicks(editor, "1")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.result.params == window.document.params, timeout=WAIT)
    moved = window.result.surface.landmarks - before
    assert moved[[43, 44], 1].max() < -0.004
    assert np.abs(moved[[36, 37, 38, 39, 30, 48]]).max() < 1e-4
