from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from studio.panels.expression_panel import ExpressionPanel
from studio.panels.pose_panel import PosePanel
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import row, rows


@pytest.fixture
def docks(playing_desk, qtbot):
    """Two panels in one place, the first in front."""
    window = QMainWindow()
    panels = [panel(playing_desk.document, playing_desk.push) for panel in (ExpressionPanel, PosePanel)]
    made = []
    for panel in panels:
        dock = QDockWidget(type(panel).__name__, window)
        dock.setWidget(panel)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        made.append(dock)
    window.tabifyDockWidget(*made)
    made[0].raise_()
    window.resize(900, 700)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.made = made
    return window


def test_a_panel_behind_another_is_built_when_its_turn_comes(docks, qtbot):
    front, behind = (dock.widget() for dock in docks.made)
    assert rows(front, "Smile left")
    assert behind.findChildren(SliderRow) == []
    docks.made[1].raise_()
    qtbot.waitUntil(lambda: len(rows(behind, "Open")) == 1)


def test_a_panel_behind_another_costs_nothing_and_catches_up(docks, playing_desk, qtbot):
    front, behind = docks.made
    behind.raise_()
    qtbot.waitUntil(lambda: len(rows(behind.widget(), "Open")) == 1)
    smile = next(r for r in front.widget().findChildren(SliderRow) if r.scale.label == "Smile left")
    playing_desk.document.set(position=50.0)
    assert smile.value == 0.0
    front.raise_()
    qtbot.waitUntil(lambda: smile.value == pytest.approx(1.0))


def test_a_window_brought_back_shows_the_document(docks, playing_desk, qtbot):
    docks.hide()
    playing_desk.document.set(position=25.0)
    docks.show()
    qtbot.waitUntil(lambda: row(docks.made[0].widget(), "Smile left").value == pytest.approx(0.5))
