"""Every user action as a row of one table: menus, toolbar, shortcuts and palette come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from studio.document.commands import Command, play_all, play_from_here, play_to_here
from studio.document.document import Document
from studio.document.look import Mode
from studio.theme import icon

if TYPE_CHECKING:
    from studio.window import StudioWindow

Run = Callable[["StudioWindow"], Any]


@dataclass(frozen=True)
class Action:
    """One thing a user can do."""

    id: str
    title: str
    menu: str
    run: Run
    icon: str = ""
    shortcut: str = ""
    tip: str = ""
    toolbar: bool = False
    checkable: bool = False  # shows whether something is on
    group: str = ""  # of checkable actions, of which one is on
    separator: bool = False  # a line above it in its menu
    starts_job: bool = False  # not offered while another job runs


def _mode(title: str, mode: Mode, icon_name: str, shortcut: str) -> Action:
    return Action(
        f"mode.{mode}",
        title,
        "View/Shading",
        lambda w: w.set_mode(mode),
        icon_name,
        shortcut,
        checkable=True,
        group="mode",
    )


def _view(preset: str, title: str, shortcut: str, icon_name: str) -> Action:
    return Action(f"view.{preset}", title, "View", lambda w: w.show_view(preset), icon_name, shortcut)


def _played(name: str, title: str, make: Callable[[Document], Command], icon_name: str, key: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.push(make(w.document)), icon_name, key)


ACTIONS: tuple[Action, ...] = (
    Action(
        "new", "New", "File", lambda w: w.sessions.new(), "new", "Ctrl+N", "Begin anew on the same head model"
    ),
    Action(
        "open",
        "Open…",
        "File",
        lambda w: w.files.ask(),
        "open",
        "Ctrl+O",
        "Open a session, a clip or a head model",
        toolbar=True,
    ),
    Action(
        "clear_recent",
        "Clear the list",
        "File/Open recent",
        lambda w: w.settings.forget_recent(),
        tip="Forget the files opened lately",
    ),
    Action(
        "save",
        "Save session",
        "File",
        lambda w: w.sessions.save(),
        "save",
        "Ctrl+S",
        "Save everything: takes, look and camera",
        toolbar=True,
        separator=True,
    ),
    Action(
        "save_as",
        "Save session as…",
        "File",
        lambda w: w.sessions.save_as(),
        "",
        "Ctrl+Shift+S",
        "Save everything to another file",
    ),
    Action(
        "save_clip",
        "Save clip as…",
        "File",
        lambda w: w.exports.parameters(),
        "clip",
        "",
        "Save the take with its changes",
        starts_job=True,
    ),
    Action(
        "models",
        "Models…",
        "File",
        lambda w: w.show_models(),
        "models",
        "Ctrl+M",
        "Head models: found, missing, in use",
        separator=True,
        toolbar=True,
    ),
    Action("quit", "Quit", "File", lambda w: w.close(), "", "Ctrl+Q", separator=True),
    Action("undo", "Undo", "Edit", lambda w: w.history.stack.undo(), "undo", "Ctrl+Z", toolbar=True),
    Action("redo", "Redo", "Edit", lambda w: w.history.stack.redo(), "redo", "Ctrl+Shift+Z", toolbar=True),
    Action(
        "history",
        "History",
        "Edit",
        lambda w: w.workspace.show_history(),
        "history",
        "Ctrl+H",
        "Every step by name; choose one to go there",
    ),
    Action("reset_pose", "Reset pose", "Edit", lambda w: w.reset("pose"), "reset", "", separator=True),
    Action("reset_expression", "Reset expression", "Edit", lambda w: w.reset("expression")),
    Action("reset_shape", "Reset shape", "Edit", lambda w: w.reset("shape")),
    Action("reset_appearance", "Reset appearance", "Edit", lambda w: w.reset_appearance()),
    Action("reset_all", "Reset everything", "Edit", lambda w: w.reset("all"), "", "Ctrl+0"),
    Action(
        "unlock_all",
        "Unlock everything",
        "Edit",
        lambda w: w.unlock_all(),
        "lock-open",
        tip="Open the locks of all sliders",
        separator=True,
    ),
    Action("frame", "Frame the head", "View", lambda w: w.frame_head(), "frame", "F", toolbar=True),
    _view("front", "Front", "1", "view-front"),
    _view("three_quarter", "Three-quarter", "2", "view-three-quarter"),
    _view("profile", "Profile", "3", "view-profile"),
    _view("back", "Back", "4", "view-back"),
    Action(
        "orthographic",
        "Orthographic",
        "View",
        lambda w: w.toggle_orthographic(),
        "orthographic",
        "5",
        checkable=True,
    ),
    _mode("Skin", "textured", "mode-skin", "Alt+1"),
    _mode("Clay", "shaded", "mode-clay", "Alt+2"),
    _mode("Flat", "flat", "mode-flat", "Alt+3"),
    _mode("Wire", "wireframe", "mode-wire", "Alt+4"),
    _mode("Normals", "normals", "mode-normals", "Alt+5"),
    _mode("Regions", "regions", "mode-regions", "Alt+6"),
    _mode("Depth", "depth", "mode-depth", "Alt+7"),
    Action(
        "landmarks",
        "Landmarks",
        "View",
        lambda w: w.toggle_look("show_landmarks"),
        "landmarks",
        "L",
        "Show the landmarks",
        checkable=True,
        separator=True,
    ),
    Action(
        "landmark_numbers",
        "Landmark numbers",
        "View",
        lambda w: w.toggle_look("show_landmark_numbers"),
        "",
        "Shift+L",
        "Write each landmark's number beside it",
        checkable=True,
    ),
    Action(
        "joints",
        "Joints",
        "View",
        lambda w: w.toggle_look("show_joints"),
        "joints",
        "J",
        "Show the joints",
        checkable=True,
    ),
    Action(
        "theme",
        "Light theme",
        "View",
        lambda w: w.toggle_theme(),
        "theme",
        "",
        checkable=True,
        separator=True,
    ),
    Action("reset_layout", "Reset layout", "View", lambda w: w.workspace.reset()),
    Action("play", "Play or pause", "Animate", lambda w: w.player.toggle(), "play", "Space"),
    Action("step_forward", "Next frame", "Animate", lambda w: w.player.step(1), "step-forward", "."),
    Action("step_back", "Previous frame", "Animate", lambda w: w.player.step(-1), "step-back", ","),
    Action("first_frame", "First frame", "Animate", lambda w: w.go_to_end(0), "first", "Home"),
    Action("last_frame", "Last frame", "Animate", lambda w: w.go_to_end(1), "last", "End"),
    Action(
        "loop", "Loop", "Animate", lambda w: w.toggle_loop(), "loop", "Ctrl+L", checkable=True, separator=True
    ),
    _played("mark_in", "Start playing here", play_from_here, "in-point", "I"),
    _played("mark_out", "Stop playing here", play_to_here, "out-point", "O"),
    _played("mark_clear", "Play everything", play_all, "", "Alt+I"),
    Action(
        "screenshot",
        "Save picture…",
        "Export",
        lambda w: w.exports.picture(),
        "camera",
        "Ctrl+P",
        toolbar=True,
        starts_job=True,
    ),
    Action(
        "copy_picture",
        "Copy picture",
        "Export",
        lambda w: w.exports.copy_picture(),
        "copy",
        "Ctrl+Shift+C",
        starts_job=True,
    ),
    Action(
        "turntable",
        "Save turntable…",
        "Export",
        lambda w: w.exports.turntable(),
        "turntable",
        "Ctrl+T",
        toolbar=True,
        starts_job=True,
    ),
    Action(
        "film",
        "Save film…",
        "Export",
        lambda w: w.exports.film(),
        "film",
        "",
        "The take as a film, as seen",
        starts_job=True,
    ),
    Action(
        "sheet",
        "Save sheet of the appearance…",
        "Export",
        lambda w: w.exports.sheet("texture"),
        "picture-sheet",
        "",
        "The components of the texture, each at low, middle and high",
        starts_job=True,
    ),
    Action(
        "mesh",
        "Save mesh…",
        "Export",
        lambda w: w.exports.mesh(),
        "mesh",
        "Ctrl+E",
        separator=True,
        starts_job=True,
    ),
    Action(
        "parameters",
        "Save parameters…",
        "Export",
        lambda w: w.exports.frame_parameters(),
        "parameters",
        "",
        "This frame's parameters",
        starts_job=True,
    ),
    Action("palette", "Find a command…", "Help", lambda w: w.show_palette(), "search", "Ctrl+Shift+P"),
    Action("about", "About FLAME Studio", "Help", lambda w: w.show_about(), "about"),
)


MENUS = ("File", "Edit", "View", "Animate", "Export", "Help")


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
