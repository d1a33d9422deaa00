"""Moves the camera along its keys while the take plays or time is scrubbed."""

from __future__ import annotations

from studio.document.camera_keys import camera_at
from studio.document.document import Document

_HEARD = frozenset({"takes", "active", "position", "tools"})


class CameraFollowing:
    """Puts the camera where the keys of the active take want it, each time that time or keys change.

    A hand moves it freely in between: it goes back to its keys with the next frame, unless it gets a key.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._followed: object = None
        document.changed.connect(self._on_changed)

    def _on_changed(self, names: frozenset[str]) -> None:
        document = self._document
        if not names & _HEARD:
            return
        take, tools = document.take, document.tools
        state = (take.camera_keys, document.position, tools.follows_keys)
        if state == self._followed:  # something else changed: the hand's camera stays
            return
        self._followed = state
        if take.camera_keys and tools.follows_keys:
            document.set(camera=camera_at(take, document.position, document.camera))
