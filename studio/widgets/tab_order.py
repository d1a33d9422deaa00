"""Tab goes through widgets as they are laid out, whatever the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLayout, QScrollArea, QWidget

_WHOLE = (QAbstractButton, QComboBox)  # their inner widgets, if any, are their own


def tab_as_laid_out(root: QWidget) -> None:
    """Let Tab go through everything in ``root`` in the order of its layouts.

    Widgets that place their children themselves, without a layout, are gone through from the top down.
    """
    for before, after in pairwise(widget for widget in _in_order(root) if _takes_keys(widget)):
        QWidget.setTabOrder(before, after)


def _in_order(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        children: list[QWidget] = [] if inner is None else [inner]
    elif layout is not None:
        children = list(_laid_out(layout))
    else:
        children = [] if isinstance(widget, _WHOLE) or _takes_keys(widget) else _placed(widget)
    for child in children:
        yield child
        yield from _in_order(child)


def _takes_keys(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _placed(widget: QWidget) -> list[QWidget]:
    children: list[QObject] = widget.children()
    found = [child for child in children if isinstance(child, QWidget) and not child.isWindow()]
    corner = QPoint(0, 0)
    return sorted(found, key=lambda child: child.mapTo(widget, corner).toTuple()[::-1])
