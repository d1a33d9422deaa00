"""What stands above and below the rows of a panel: search, locks, buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.theme import icon, size_icons


def search_field(noun: str) -> QLineEdit:
    """A field to search ``noun`` in."""
    field = QLineEdit()
    field.setPlaceholderText(f"Search {noun}…")
    field.setAccessibleName(f"Search {noun}")
    field.setClearButtonEnabled(True)
    field.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
    return field


def top_bar(*widgets: QWidget) -> QWidget:
    """``widgets`` side by side above the rows."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(12, 8, 12, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    return box


def icon_button(text: str, icon_name: str, run: Callable[[], object], tip: str = "") -> QPushButton:
    """A button with an icon before its word."""
    button = QPushButton(text)
    button.setIcon(icon(icon_name))
    size_icons(button, 16)
    if tip:
        button.setToolTip(tip)
    button.clicked.connect(lambda: run())
    return button


def word_button(text: str, run: Callable[[], object], tip: str = "") -> QPushButton:
    """A button with its word alone."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda: run())
    return button


def side_by_side(*widgets: QWidget) -> QWidget:
    """``widgets`` in one row of equal widths."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return box


def footer(*widgets: QWidget) -> QWidget:
    """``widgets`` below one another, under the rows and a line."""
    box = QWidget()
    box.setObjectName("footer")
    box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(12, 8, 12, 12)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    return box
