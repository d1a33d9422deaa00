"""Keys that belong to the widget that has them, whatever shortcuts there are for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

Key = Qt.Key

_SIDEWAYS = frozenset({Key.Key_Left, Key.Key_Right})
_ARROWS = _SIDEWAYS | {Key.Key_Up, Key.Key_Down}
_ENDS = frozenset({Key.Key_Home, Key.Key_End})
_PAGES = frozenset({Key.Key_PageUp, Key.Key_PageDown})
_PRESS = frozenset({Key.Key_Space, Key.Key_Select})
_ENTER = frozenset({Key.Key_Return, Key.Key_Enter})
_OWN: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, _PRESS),
    (QComboBox, _PRESS | _ARROWS | _ENDS | _PAGES),
    (QAbstractItemView, _PRESS | _ARROWS | _ENDS | _PAGES | _ENTER),
    (QAbstractSlider, _ARROWS | _ENDS | _PAGES),
    (QTabBar, _SIDEWAYS | _ENDS | _PRESS),
)
_TYPED = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
_HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def is_own_key(widget: QWidget | None, event: QKeyEvent) -> bool:
    """Whether ``widget`` needs the key of ``event``, without Ctrl, Alt or Meta, for itself.

    What is typed into fields, Space on a button, and the keys by which lists, tabs and sliders move.
    """
    if event.modifiers() & ~_HARMLESS:
        return False
    if isinstance(widget, QComboBox) and widget.isEditable():
        widget = widget.lineEdit()
    if isinstance(widget, _TYPED):
        return bool(event.text()) or Key(event.key()) in _ARROWS | _ENDS | _PAGES
    return any(isinstance(widget, kind) and Key(event.key()) in keys for kind, keys in _OWN)


class OwnKeys(QObject):
    """Keeps shortcuts of ``watched`` windows and docks from taking keys of the widget in focus."""

    def __init__(self, parent: QObject, *watched: QWidget) -> None:
        super().__init__(parent)
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Claim the key where the widget in focus, from which the event came up, needs it."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        own = is_own_key(QApplication.focusWidget(), event)
        if own:
            event.accept()
        return own
