"""Every user action as a row of one table: menus, toolbar, shortcuts and palette come from it."""

from __future__ import annotations

from studio.actions import (
    animate_menu,
    edit_menu,
    export_menu,
    file_menu,
    fit_menu,
    help_menu,
    pose_menu,
    view_menu,
)
from studio.actions.row import Action

_MENUS = {
    "File": file_menu,
    "Edit": edit_menu,
    "View": view_menu,
    "Pose": pose_menu,
    "Animate": animate_menu,
    "Fit": fit_menu,
    "Export": export_menu,
    "Help": help_menu,
}
MENUS: tuple[str, ...] = tuple(_MENUS)
ACTIONS: tuple[Action, ...] = tuple(row for menu in _MENUS.values() for row in menu.ACTIONS)
