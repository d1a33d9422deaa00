"""Docks that share a place have one heading: their tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabBar, QWidget

from studio.widgets.floating_docks import float_over_centre

_AGAIN = 100  # milliseconds until a dock in somebody's hand is looked at again


class DockTabs(QObject):
    """Hides the title bar of a dock while a tab tells its name, and lets the tab float or close it.

    A tab is dragged out of its bar to move the dock, as a title bar is.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window = window
        window.setDockOptions(window.dockOptions() | QMainWindow.DockOption.GroupedDragging)
        self._blanks = {dock: QWidget(dock) for dock in docks}
        for blank in self._blanks.values():
            blank.hide()
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        for dock in docks:
            dock.visibilityChanged.connect(self._refresh_soon)
            dock.dockLocationChanged.connect(self._refresh_soon)
            dock.topLevelChanged.connect(self._refresh_soon)
        self.refresh()

    def _refresh_soon(self) -> None:
        self._soon.start(0)

    def refresh(self) -> None:
        """Bring title bars and tabs in line with how the docks lie."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._soon.start(_AGAIN)  # another title bar would end the drag
            return
        for dock, blank in self._blanks.items():
            wanted = blank if self._is_tabbed(dock) else None
            if dock.titleBarWidget() is not wanted:
                dock.setTitleBarWidget(wanted)  # type: ignore[arg-type]
        for tabs in self._bars():
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            if tabs.contextMenuPolicy() != Qt.ContextMenuPolicy.CustomContextMenu:
                tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                tabs.customContextMenuRequested.connect(lambda where, bar=tabs: self._offer(bar, where))

    def _bars(self) -> list[QTabBar]:
        """The bars of tabs in the window; Qt leaves old ones on it where an arrangement was restored."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        groups = self._groups()
        bars = []
        for tabs in reversed(self._window.findChildren(QTabBar, options=direct)):
            titles = frozenset(tabs.tabText(index) for index in range(tabs.count()))
            if titles in groups:
                groups.remove(titles)
                bars.append(tabs)
            else:
                tabs.hide()
        return bars

    def _groups(self) -> set[frozenset[str]]:
        """The titles of docks that share a place."""
        groups = set()
        for dock in self._blanks:
            if self._is_tabbed(dock):
                sharing = (dock, *self._window.tabifiedDockWidgets(dock))
                groups.add(frozenset(one.windowTitle() for one in sharing if not one.isHidden()))
        return groups

    def _is_tabbed(self, dock: QDockWidget) -> bool:
        """Whether ``dock`` shares its place in the window with another one that is open.

        Docks that float together keep their title bars: nothing else moves what floats.
        """
        if dock.isFloating() or dock.isHidden() or dock.parentWidget() is not self._window:
            return False
        return any(not other.isHidden() for other in self._window.tabifiedDockWidgets(dock))

    def _offer(self, tabs: QTabBar, where: QPoint) -> None:
        title = tabs.tabText(tabs.tabAt(where))
        dock = next((dock for dock in self._blanks if dock.windowTitle() == title), None)
        if dock is None:
            return
        menu = QMenu(tabs)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Float").triggered.connect(lambda: float_over_centre(self._window, dock))
        menu.addAction("Close").triggered.connect(dock.close)
        menu.popup(tabs.mapToGlobal(where))
