"""Left and right of the face at the time cursor, as commands."""

from __future__ import annotations

from studio.controls.mirror_basis import Side
from studio.controls.symmetry import flipped, mirrored
from studio.document.commands import Command, set_where_unlocked
from studio.document.document import Document

OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


def flip_face(document: Document) -> Command:
    """Exchange left and right of everything at the time cursor, gaze and turn of the head too.

    What is locked stays. Waits a second or two where the basis of the model has no names and is flipped
    for the first time.
    """
    return set_where_unlocked(document, "Flip face", flipped(document.model, document.params))


def mirror_face(document: Document, source: Side) -> Command:
    """Give both sides of the face at the time cursor what the ``source`` side has, the subject's own.

    What is locked stays, and so do the turn and the place of the head. Waits as :func:`flip_face`.
    """
    name = f"Mirror {source} to {OTHER[source]}"
    return set_where_unlocked(document, name, mirrored(document.model, document.params, source))


def toggle_symmetric(document: Document) -> None:
    """Let what is done on one side of the face be done on the other, or not; no step to undo."""
    tools = document.tools
    document.set(tools=tools.replace(symmetric=not tools.symmetric))
