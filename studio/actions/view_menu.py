"""View menu: where the head is seen from, how it is drawn, and the window itself."""

from __future__ import annotations

from studio.actions.row import Action
from studio.document.look import Mode


def _mode(title: str, mode: Mode, icon_name: str, shortcut: str, tip: str) -> Action:
    return Action(
        f"mode.{mode}",
        title,
        "View/Shading",
        lambda w: w.set_mode(mode),
        icon_name,
        shortcut,
        tip,
        checkable=True,
        group="mode",
    )


def _view(preset: str, title: str, shortcut: str, icon_name: str, tip: str) -> Action:
    return Action(f"view.{preset}", title, "View", lambda w: w.show_view(preset), icon_name, shortcut, tip)


def _theme(name: str, title: str, tip: str, separator: bool = False) -> Action:
    return Action(
        f"theme.{name}",
        title,
        "View/Theme",
        lambda w: w.comfort.set_theme(name),
        tip=tip,
        checkable=True,
        group="theme",
        separator=separator,
    )


def _text(per_cent: int) -> Action:
    return Action(
        f"text.{per_cent}",
        f"{per_cent} %",
        "View/Text size",
        lambda w: w.comfort.set_text_size(per_cent),
        tip=f"Show all text at {per_cent} % of its usual size",
        checkable=True,
        group="text",
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "frame",
        "Frame the head",
        "View",
        lambda w: w.frame_head(),
        "frame",
        "F",
        "Fit the head into the canvas",
        toolbar=True,
    ),
    _view("front", "Front", "1", "view-front", "See the head from the front"),
    _view("three_quarter", "Three-quarter", "2", "view-three-quarter", "See the head half from the side"),
    _view("profile", "Profile", "3", "view-profile", "See the head from the side"),
    _view("back", "Back", "4", "view-back", "See the head from behind"),
    Action(
        "orthographic",
        "Orthographic",
        "View",
        lambda w: w.toggle_orthographic(),
        "orthographic",
        "5",
        "Draw near and far equally large",
        checkable=True,
    ),
    _mode("Skin", "textured", "mode-skin", "Alt+1", "Draw the head with its skin"),
    _mode("Clay", "shaded", "mode-clay", "Alt+2", "Draw the head in clay"),
    _mode("Flat", "flat", "mode-flat", "Alt+3", "Draw each face of the mesh in one shade"),
    _mode("Wire", "wireframe", "mode-wire", "Alt+4", "Draw the edges of the mesh"),
    _mode("Normals", "normals", "mode-normals", "Alt+5", "Colour the head by where its surface faces"),
    _mode("Regions", "regions", "mode-regions", "Alt+6", "Colour the head by region"),
    _mode("Depth", "depth", "mode-depth", "Alt+7", "Shade the head by its distance"),
    _mode("Matcap", "matcap", "mode-matcap", "Alt+8", "Draw the head in the colours of a lit ball"),
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
    _theme("dark", "Dark", "Light text on a dark ground", separator=True),
    _theme("light", "Light", "Dark text on a light ground"),
    _theme("system", "As the system", "Dark or light as the system has it"),
    *(_text(per_cent) for per_cent in (100, 110, 125, 150)),
    Action(
        "text_larger",
        "Larger",
        "View/Text size",
        lambda w: w.comfort.step_text_size(1),
        "",
        "Ctrl+Alt+=; Ctrl+Alt++",
        "Show all text larger",
        separator=True,
    ),
    Action(
        "text_smaller",
        "Smaller",
        "View/Text size",
        lambda w: w.comfort.step_text_size(-1),
        "",
        "Ctrl+Alt+-",
        "Show all text smaller",
    ),
    Action(
        "reduced_motion",
        "Reduced motion",
        "View",
        lambda w: w.comfort.toggle_reduced_motion(),
        tip="Let nothing blink, fade or glide by itself",
        checkable=True,
    ),
    Action(
        "next_area",
        "Next part of the window",
        "View",
        lambda w: w.areas.go(1),
        "",
        "F6",
        "Give the keys to the next panel, the canvas or the timeline",
        separator=True,
    ),
    Action(
        "previous_area",
        "Previous part of the window",
        "View",
        lambda w: w.areas.go(-1),
        "",
        "Shift+F6",
        "Give the keys to the panel before, the canvas or the timeline",
    ),
    Action(
        "reset_layout",
        "Reset layout",
        "View",
        lambda w: w.workspace.reset(),
        tip="Put all panels where they were at the first start",
    ),
)
