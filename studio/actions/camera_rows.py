"""Keys of the camera, as rows of the Animate menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.actions.row import Action
from studio.document.camera_commands import (
    clear_camera_keys,
    delete_camera_key,
    key_camera,
    toggle_following,
)

if TYPE_CHECKING:
    from studio.window import StudioWindow


def _key(window: StudioWindow) -> None:
    window.push(key_camera(window.document))


def _delete(window: StudioWindow) -> None:
    command = delete_camera_key(window.document)
    if command is None:
        window.notify("The camera has no key at this frame.")
    else:
        window.push(command)


def _clear(window: StudioWindow) -> None:
    command = clear_camera_keys(window.document)
    if command is None:
        window.notify("The camera has no keys.")
    else:
        window.push(command)


_MENU = "Animate/Camera"

ACTIONS: tuple[Action, ...] = (
    Action(
        "key_camera",
        "Key camera",
        _MENU,
        _key,
        "key-camera",
        "Ctrl+Alt+C",
        "Let the camera be here at this frame, in films and while the take plays",
    ),
    Action(
        "delete_camera_key",
        "Delete camera key",
        _MENU,
        _delete,
        "",
        "",
        "Take away the camera's key at this frame",
    ),
    Action(
        "clear_camera_keys", "Clear camera keys", _MENU, _clear, "", "", "Take away all of the camera's keys"
    ),
    Action(
        "follow_camera",
        "Follow camera keys",
        _MENU,
        lambda w: toggle_following(w.document),
        "",
        "",
        "The camera moves along its keys; a view set by hand stays until the next frame",
        checkable=True,
        separator=True,
    ),
)
