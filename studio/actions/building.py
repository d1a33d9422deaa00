"""The action table as Qt's menus, toolbar and shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolBar

from studio.actions.row import Action
from studio.actions.table import ACTIONS, MENUS
from studio.keymap import Keymap, shown_keys
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
        if row.icon:
            action.setIcon(icon(row.icon))
        if row.group:
            groups.setdefault(row.group, QActionGroup(window)).addAction(action)
        action.triggered.connect(lambda _checked=False, run=row.run: run(window))
        _menu(menus, row).addAction(action)
        window.keymap.add(action, row.menu, row.tip or row.title.rstrip("…"), row.shortcut)
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


def animation_keys(keymap: Keymap) -> dict[str, str]:
    """The keys of the player's actions as they are shown, by the actions' icons."""
    return {
        row.icon: shown_keys(keymap.keys(row.id)) for row in ACTIONS if row.menu == "Animate" and row.icon
    }


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


def plain(title: str) -> str:
    """``title`` of a menu or an action without the mark of the letter that leads to it."""
    return title.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _menus(window: StudioWindow) -> dict[str, QMenu]:
    """The menus, each opened by Alt and the first letter of its title that no other has."""
    menus: dict[str, QMenu] = {}
    taken: set[str] = set()
    for name in MENUS:
        place = next((place for place, letter in enumerate(name) if letter.lower() not in taken), None)
        marked = name if place is None else f"{name[:place]}&{name[place:]}"
        if place is not None:
            taken.add(name[place].lower())
            window.keymap.reserve(f"Alt+{name[place].upper()}", f"opens the menu {name}")
        menus[name] = window.menuBar().addMenu(marked)
    return menus


def _menu(menus: dict[str, QMenu], row: Action) -> QMenu:
    """The menu of ``row``, with a line above its place; a new submenu has the line above itself."""
    if row.menu in menus:
        menu = menus[row.menu]
        if row.separator:
            menu.addSeparator()
        return menu
    parent, _, name = row.menu.rpartition("/")
    if row.separator:
        menus[parent].addSeparator()
    menus[row.menu] = menus[parent].addMenu(name)
    return menus[row.menu]
