"""What a screen reader and a keyboard need of a widget and of all that is in it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QTabBar,
    QWidget,
)

_WHOLE = (QAbstractSpinBox, QComboBox, QKeySequenceEdit, QLineEdit, QTabBar)  # made of several widgets


def takes_keys(widget):
    """Whether the Tab key can reach it."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def name_of(widget):
    """What a screen reader calls it."""
    told = QAccessible.queryAccessibleInterface(widget)
    name = told.text(QAccessible.Text.Name) if told is not None else ""
    return (name or widget.accessibleName()).strip()


def is_inner(widget):
    """Whether it is a part of another control that has a name of its own."""
    outer = widget.parentWidget()
    while outer is not None and not isinstance(outer, _WHOLE):
        outer = outer.parentWidget()
    return outer is not None or widget.objectName().startswith("qt_")


def nameless(root):
    """Everything in ``root`` that takes the keys and has no name, as readable words."""
    widgets = [root, *root.findChildren(QWidget)]
    return [
        f"{type(widget).__name__} in {_path(widget)}"
        for widget in widgets
        if takes_keys(widget) and not is_inner(widget) and not name_of(widget)
    ]


def unexplained(root):
    """Buttons with a picture alone and no hint."""
    buttons = root.findChildren(QAbstractButton)
    return [
        f"{type(button).__name__} {name_of(button)!r} in {_path(button)}"
        for button in buttons
        if takes_keys(button) and not button.text() and not button.toolTip() and not is_inner(button)
    ]


def focus_walk(root):
    """The widgets in ``root`` that Tab goes through, in its order."""
    found, widget = [], root.nextInFocusChain()
    while widget is not None and widget is not root:
        if root.isAncestorOf(widget) and takes_keys(widget) and not widget.visibleRegion().isEmpty():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def out_of_order(root):
    """Neighbours of the walk of which the second lies clearly above the first."""
    walk = [widget for widget in focus_walk(root) if widget.isEnabled() and not is_inner(widget)]
    return [
        f"{name_of(before)!r} ({_place(before, root)}) then {name_of(after)!r} ({_place(after, root)})"
        for before, after in pairwise(walk)
        if _place(after, root)[1] + after.height() <= _place(before, root)[1]
    ]


def _place(widget, root):
    return widget.mapTo(root, QPoint(0, 0)).toTuple()


def _path(widget):
    names = []
    while widget is not None and len(names) < 4:
        names.append(widget.objectName() or type(widget).__name__)
        widget = widget.parentWidget()
    return " < ".join(names)
