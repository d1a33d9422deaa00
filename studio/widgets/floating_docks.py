"""Docks that float: where they go when they leave the window, and that they come back in front of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

_MARGIN = 24  # pixels to the borders of the central widget
_TOP = 52  # pixels below its upper border, so that what lies in its corners can be used


def float_over_centre(window: QMainWindow, dock: QDockWidget) -> None:
    """Let ``dock`` float with a title bar, as large as its place was, over the central widget beside it."""
    centre = window.centralWidget()
    sharing = [dock, *window.tabifiedDockWidgets(dock)]
    shown = next((one for one in sharing if not one.visibleRegion().isEmpty()), dock)
    size, left = shown.size(), shown.mapToGlobal(QPoint(0, 0)).x()
    dock.hide()  # or it would be seen, and kept by some window managers, over its old place
    dock.setTitleBarWidget(None)  # type: ignore[arg-type]
    dock.setFloating(True)
    if centre is not None:
        dock.setGeometry(_place(centre, size, left))
    dock.show()


def _place(centre: QWidget, size: QSize, left: int) -> QRect:
    """``size`` as far as there is room, on the side of ``centre`` that is nearer to ``left``."""
    room = QRect(centre.mapToGlobal(QPoint(0, 0)), centre.size()).adjusted(_MARGIN, _TOP, -_MARGIN, -_MARGIN)
    size = size.boundedTo(room.size())
    if left < room.left():
        return QRect(room.topLeft(), size)
    return QRect(QPoint(max(room.right() + 1 - size.width(), room.left()), room.top()), size)


def floating(window: QMainWindow) -> dict[QWidget, QRect]:
    """What floats beside ``window``, docks and groups of them, and where."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    found = [child for child in window.findChildren(QWidget, options=direct) if _floats(child)]
    return {child: child.geometry() for child in found}


def _floats(widget: QWidget) -> bool:
    return widget.isWindow() and widget.windowType() == Qt.WindowType.Tool and not widget.isHidden()


def bring_to_front(places: dict[QWidget, QRect]) -> None:
    """Show windows again at their places, in front of the window they belong to.

    A window manager may have put what was shown before that window behind it, or elsewhere.
    """
    for widget, place in places.items():
        widget.hide()
        widget.setGeometry(place)
        widget.show()
        widget.raise_()
