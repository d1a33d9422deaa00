"""The strip at the canvas's left side: which tool the pointer holds, and how it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from studio.theme import keep_fitted, scaled, size_icons

if TYPE_CHECKING:
    from studio.window import StudioWindow

_MARGIN = 12  # pixels to the canvas's border
_TOP = 56  # below the shading chips
_ICON = 20
_TOOLS = ("tool.orbit", "tool.pose", "tool.pull")
_WAYS = ("symmetric", "world_axes")


class ToolStrip(QObject):
    """A column of buttons over the canvas, one for each tool and below them the ways they work."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._canvas = window.canvas
        self._strip = QFrame(self._canvas)
        self._strip.setObjectName("tool_strip")
        self._strip.setAccessibleName("Tools")
        column = QVBoxLayout(self._strip)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(2)
        for name in _TOOLS:
            column.addWidget(_button(window.actions_by_id[name], self._strip))
        column.addWidget(_line(self._strip))
        for name in (name for name in _WAYS if name in window.actions_by_id):
            column.addWidget(_button(window.actions_by_id[name], self._strip))
        self._strip.ensurePolished()
        self._strip.adjustSize()
        self._canvas.installEventFilter(self)
        keep_fitted(self, self._place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the canvas's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self._strip.adjustSize()
        top = scaled(_TOP)
        self._strip.move(_MARGIN, top)
        self._strip.setVisible(top + self._strip.height() + _MARGIN <= self._canvas.height())


def _button(action: QAction, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    size_icons(button, _ICON)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFixedHeight(1)
    line.setObjectName("tool_strip_line")
    return line
