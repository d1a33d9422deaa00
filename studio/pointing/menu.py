"""The menu at a place on the canvas: what can be done with what lies there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.canvas.hand import Touch
from studio.controls.head_parts import Part
from studio.controls.joint_turns import JOINT_TITLES, joint_turn, with_joint_turn
from studio.controls.titles import sentence
from studio.document.commands import set_params
from studio.document.pins import add_pin, remove_pin, remove_pins
from studio.pointing.pinning import pin_at
from studio.pointing.posing import part_at
from studio.pointing.pulling import point_handle
from studio.render.framing import frame_head
from studio.render.picking import Pick
from studio.render.shot import Shot

if TYPE_CHECKING:
    from studio.window import StudioWindow

JOINT_OF_PART: dict[Part, int] = {"head": 1, "neck": 1, "jaw": 2, "left_eye": 3, "right_eye": 4}


def canvas_menu(window: StudioWindow, shot: Shot, found: Pick | None, touch: Touch) -> QMenu:
    """The menu for ``found``, what lies under the pointer; None: nothing does."""
    menu = QMenu(window)
    menu.setObjectName("canvas_menu")
    if found is not None:
        _fill(menu, window, shot, found)
        menu.addSeparator()
    _offer_pins(menu, window, shot, found, touch)
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


def _offer_pins(menu: QMenu, window: StudioWindow, shot: Shot, found: Pick | None, touch: Touch) -> None:
    document = window.document
    pinned = pin_at(document, shot, touch.place)
    handle = point_handle(shot, found, touch)
    if pinned is not None:
        menu.addAction("Unpin", lambda: window.push(remove_pin(document, pinned)))
    elif handle is not None:
        place = handle.position(shot.surface.vertices)
        menu.addAction("Pin here", lambda: window.push(add_pin(document, handle, place)))
    if document.pins:
        menu.addAction("Remove all pins", lambda: window.push(remove_pins(document)))


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
