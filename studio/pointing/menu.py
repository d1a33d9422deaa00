"""The menu at a place on the canvas: what can be done with what lies there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.controls.head_parts import Part
from studio.controls.joint_turns import JOINT_TITLES, joint_turn, with_joint_turn
from studio.controls.titles import sentence
from studio.document.commands import set_params
from studio.pointing.posing import part_at
from studio.render.framing import frame_head
from studio.render.picking import Pick
from studio.render.shot import Shot

if TYPE_CHECKING:
    from studio.window import StudioWindow

JOINT_OF_PART: dict[Part, int] = {"head": 1, "neck": 1, "jaw": 2, "left_eye": 3, "right_eye": 4}


def canvas_menu(window: StudioWindow, shot: Shot, found: Pick | None) -> QMenu:
    """The menu for ``found``, what lies under the pointer; None: nothing does."""
    menu = QMenu(window)
    menu.setObjectName("canvas_menu")
    if found is not None:
        _fill(menu, window, shot, found)
        menu.addSeparator()
    menu.addAction(window.actions_by_id["frame"])
    menu.addAction(window.actions_by_id["clear_selection"])
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _fill(menu: QMenu, window: StudioWindow, shot: Shot, found: Pick) -> None:
    joint = JOINT_OF_PART[part_at(shot, found)]
    title = JOINT_TITLES[joint].lower()
    menu.addAction(f"Turn the {title}", lambda: window.pointer.choose_joint(joint))
    reset = menu.addAction(f"Reset the {title}", lambda: reset_joint(window, joint))
    reset.setEnabled(bool(joint_turn(window.document.params, joint).any()))
    menu.addSeparator()
    if found.region:
        words = sentence(found.region).lower()
        menu.addAction(f"Frame the {words}", lambda: frame_region(window, shot, found.region))
    menu.addAction(
        f"Copy vertex index {found.vertex}",
        lambda: QGuiApplication.clipboard().setText(str(found.vertex)),
    )


def reset_joint(window: StudioWindow, joint: int) -> None:
    """Turn ``joint`` back to neutral."""
    document = window.document
    params = with_joint_turn(document.params, joint, (0.0, 0.0, 0.0))
    window.push(set_params(document, f"Reset {JOINT_TITLES[joint].lower()}", params))


def frame_region(window: StudioWindow, shot: Shot, region: str) -> None:
    """Show the vertices of ``region`` as large as they fit, from where the camera looks."""
    vertices = shot.surface.vertices[shot.model.regions[region]]
    camera = frame_head(vertices, window.document.camera, window.canvas.aspect)
    window.document.set(camera=camera)
