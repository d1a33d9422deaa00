"""The action table as Qt's menus, toolbar and shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from studio.actions.row import Action
from studio.actions.table import ACTIONS, MENUS
from studio.theme import icon

if TYPE_CHECKING:
    from studio.window import StudioWindow


def build(window: StudioWindow) -> dict[str, QAction]:
    """A QAction for each row of the table, in its menu, wired to ``window``; by id."""
    menus = _menus(window)
    groups: dict[str, QActionGroup] = {}
    made = {}
    for row in ACTIONS:
        action = QAction(row.title, window)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setToolTip(_tip(row))
        if row.icon:
            action.setIcon(icon(row.icon))
        if row.shortcut:
            action.setShortcut(QKeySequence(row.shortcut))
        if row.group:
            groups.setdefault(row.group, QActionGroup(window)).addAction(action)
        action.triggered.connect(lambda _checked=False, run=row.run: run(window))
        menu = _menu(menus, row.menu)
        if row.separator:
            menu.addSeparator()
        menu.addAction(action)
        made[row.id] = action
    return made


def fill_toolbar(bar: QToolBar, made: dict[str, QAction]) -> None:
    """Put the toolbar's rows on ``bar``, a line between menus."""
    last = ""
    for row in ACTIONS:
        if row.toolbar:
            if last and row.menu != last:
                bar.addSeparator()
            bar.addAction(made[row.id])
            last = row.menu


def allow_jobs(made: dict[str, QAction], allowed: bool) -> None:
    """Offer the actions that start a job, or not."""
    for row in ACTIONS:
        if row.starts_job:
            made[row.id].setEnabled(allowed)


def retint(made: dict[str, QAction]) -> None:
    """Draw the icons anew after a change of theme."""
    for row in ACTIONS:
        if row.icon:
            made[row.id].setIcon(icon(row.icon))


def _tip(row: Action) -> str:
    text = row.tip or row.title.rstrip("…")
    return f"{text} ({row.shortcut})" if row.shortcut else text


def _menus(window: QMainWindow) -> dict[str, QMenu]:
    return {name: window.menuBar().addMenu(name) for name in MENUS}


def _menu(menus: dict[str, QMenu], path: str) -> QMenu:
    if path not in menus:
        parent, _, name = path.rpartition("/")
        menus[path] = menus[parent].addMenu(name)
    return menus[path]
