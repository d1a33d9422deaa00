"""Tab goes through widgets as they lie, whenever they were made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.tab_order import tab_as_laid_out


def walked(root, count):
    names = []
    for _ in range(count):
        QTest.keyClick(QApplication.focusWidget() or root, Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().objectName())
    return names


def named(kind, name):
    widget = kind()
    widget.setObjectName(name)
    return widget


def test_a_field_put_above_others_later_comes_first(qtbot):
    root = QWidget()
    column = QVBoxLayout(root)
    footer = named(QPushButton, "footer")
    column.addWidget(footer)
    scroll = ScrollPanel()
    column.insertWidget(0, scroll)
    side = QHBoxLayout()
    side.addWidget(named(QLineEdit, "search"))
    side.addWidget(named(QPushButton, "lock"))
    column.insertLayout(0, side)
    scroll.add(named(QLineEdit, "inside"))
    tab_as_laid_out(root)
    qtbot.addWidget(root)
    root.show()
    root.activateWindow()
    qtbot.waitUntil(root.isActiveWindow)
    footer.setFocus()
    assert walked(root, 4) == ["search", "lock", "inside", "footer"]
