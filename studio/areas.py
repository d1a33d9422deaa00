"""Going from panel to panel by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from studio.window import StudioWindow

_ROW = 60  # pixels of height that count as one row of areas


class Areas(QObject):
    """The canvas and the panels in sight, from left to right and from the top down.

    Each remembers which of its widgets had the keys last.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last: dict[QWidget, QWidget] = {}
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def go(self, step: int) -> None:
        """Give the keys to the next area (1) or to the one before (-1)."""
        areas = self._in_sight()
        here = self._area_of(QApplication.focusWidget(), areas)
        start = areas.index(here) if here in areas else (-1 if step > 0 else 0)
        for distance in range(1, len(areas) + 1):
            area = areas[(start + step * distance) % len(areas)]
            target = self._target(area)
            if target is not None:
                area.window().activateWindow()
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _all(self) -> list[QWidget]:
        return [self._window.canvas, *self._window.workspace.docks.values()]

    def _in_sight(self) -> list[QWidget]:
        areas = [area for area in self._all() if not area.visibleRegion().isEmpty()]
        return sorted(areas, key=self._place)

    def _place(self, area: QWidget) -> tuple[int, int]:
        corner = self._window.mapFromGlobal(area.mapToGlobal(QPoint(0, 0)))
        height = max(self._window.height(), 1)
        return int(corner.y() > height / 2 + _ROW), corner.x()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        area = self._area_of(now, self._all()) if now is not None else None
        if area is not None and now is not None:
            self._last[area] = now

    def _area_of(self, widget: QWidget | None, areas: list[QWidget]) -> QWidget | None:
        return next((area for area in areas if widget is not None and area.isAncestorOf(widget)), None)

    def _target(self, area: QWidget) -> QWidget | None:
        """The widget of ``area`` that had the keys last, else the first that takes them."""
        last = self._last.get(area)
        if last is not None and isValid(last) and area.isAncestorOf(last) and _takes_keys(last):
            return last
        widget = area.nextInFocusChain()
        while widget is not None and widget is not area:
            if area.isAncestorOf(widget) and _takes_keys(widget):
                return widget
            widget = widget.nextInFocusChain()
        return None


def _takes_keys(widget: QWidget) -> bool:
    policy = widget.focusPolicy()
    return bool(policy & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()
