"""View menu: where the head is seen from, how it is drawn, and the window itself."""

from __future__ import annotations

from studio.actions.row import Action
from studio.document.look import Mode


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


ACTIONS: tuple[Action, ...] = (
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
    _mode("Matcap", "matcap", "mode-matcap", "Alt+8"),
    Action(
        "wire_over",
        "Wireframe over shading",
        "View/Shading",
        lambda w: w.toggle_look("wire_over"),
        "wire-over",
        "W",
        "Draw the model's edges over any shading",
        checkable=True,
        separator=True,
    ),
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
)
