from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QMenu, QTabBar

from studio.widgets.dock_tabs import DockTabs

RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    made.setCentralWidget(QLabel("canvas"))
    made.docks = [QDockWidget(title, made) for title in ("Pose", "Look", "Export")]
    for dock in made.docks:
        dock.setObjectName(dock.windowTitle())
        dock.setWidget(QLabel(dock.windowTitle()))
        made.addDockWidget(RIGHT, dock)
    made.tabifyDockWidget(made.docks[0], made.docks[1])
    made.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made.docks[2])
    made.tabs = DockTabs(made, made.docks)
    made.resize(700, 500)
    made.show()
    qtbot.addWidget(made)
    qtbot.waitExposed(made)
    return made


def titled(window):
    return [dock.titleBarWidget() is None for dock in window.docks]


def choose(window, title, action):
    """Right-click the tab ``title`` and choose from its menu."""
    bar = window.findChildren(QTabBar)[0]
    number = next(index for index in range(bar.count()) if bar.tabText(index) == title)
    bar.customContextMenuRequested.emit(bar.tabRect(number).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    chosen = next(entry for entry in menu.actions() if entry.text() == action)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(chosen).center())


def test_only_docks_without_a_tab_have_a_title(window, qtbot):
    qtbot.waitUntil(lambda: titled(window) == [False, False, True])
    assert window.docks[0].widget().height() > window.docks[0].height() - 4


def test_a_dock_taken_out_by_its_tab_has_a_title_again(window, qtbot):
    choose(window, "Look", "Float")
    assert window.docks[1].isFloating()
    qtbot.waitUntil(lambda: titled(window) == [True, True, True])
    window.docks[1].setFloating(False)
    qtbot.waitUntil(lambda: titled(window) == [False, False, True])


def test_a_dock_whose_neighbour_closes_has_a_title_again(window, qtbot):
    choose(window, "Pose", "Close")
    assert window.docks[0].isHidden()
    qtbot.waitUntil(lambda: titled(window)[1])
    window.docks[0].show()
    qtbot.waitUntil(lambda: titled(window) == [False, False, True])


def test_a_saved_arrangement_comes_back(window, qtbot):
    state = window.saveState()
    window.docks[1].setFloating(True)
    qtbot.waitUntil(lambda: titled(window) == [True, True, True])
    window.restoreState(state)
    qtbot.waitUntil(lambda: titled(window) == [False, False, True])


def test_a_tab_is_dragged_out_of_its_bar(window, qtbot):
    bar = window.findChildren(QTabBar)[0]
    start = bar.tabRect(0).center()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 12):
        QTest.mouseMove(bar, start + QPoint(-30 * step, 20 * step))
        QTest.qWait(20)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=start + QPoint(-330, 220))
    qtbot.waitUntil(lambda: window.docks[0].isFloating())
    qtbot.waitUntil(lambda: titled(window)[0])
