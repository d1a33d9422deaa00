"""Keys of the camera, as commands."""

from __future__ import annotations

from dataclasses import replace

from studio.document.auto_key import STILL_LENGTH
from studio.document.camera_keys import CAMERA_CHANNELS
from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.key_commands import keys_set
from studio.sequence.curves import SAME_FRAME


def key_camera(document: Document) -> Command:
    """Let the camera be where it is now at the frame of the time cursor.

    A still gets a length, so that there is time to move in.
    """
    take, frame = document.take, float(round(document.position))
    if len(take) == 1:
        take = replace(take, length=STILL_LENGTH)
    keyed = keys_set(take, CAMERA_CHANNELS, frame, document.camera, None)
    return change(document, "Key camera", takes=replace_take(document, keyed))


def delete_camera_key(document: Document) -> Command | None:
    """Take away the camera's keys at the frame of the time cursor; None where there is none."""
    take, frame = document.take, float(round(document.position))
    kept = {
        name: curve.taken(abs(curve.frames - frame) > SAME_FRAME) for name, curve in take.camera_keys.items()
    }
    left = {name: curve for name, curve in kept.items() if curve is not None}
    if left == dict(take.camera_keys):
        return None
    return change(
        document, "Delete camera key", takes=replace_take(document, replace(take, camera_keys=left))
    )


def clear_camera_keys(document: Document) -> Command | None:
    """Take away all keys of the camera, which stays where it is; None where there are none."""
    take = document.take
    if not take.camera_keys:
        return None
    bare = replace(take, camera_keys={})
    return change(document, "Clear camera keys", takes=replace_take(document, bare))


def toggle_following(document: Document) -> None:
    """Let the camera follow its keys, or stay where the hand puts it."""
    document.set(tools=document.tools.replace(follows_keys=not document.tools.follows_keys))
