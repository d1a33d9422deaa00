"""Left and right of the face at the time cursor, as commands."""

from __future__ import annotations

from dataclasses import replace

from studio.controls.layer_symmetry import flipped_layer
from studio.controls.mirror_basis import Side
from studio.controls.symmetry import flipped, flipped_clip, mirrored
from studio.document.commands import Command, change, set_where_unlocked
from studio.document.document import Document

FLIP = "Flip face"
OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


def flip_face(document: Document) -> Command:
    """Exchange left and right of everything, gaze and turn of the head too, in every frame of the take.

    Where something is locked it stays, and the rest is flipped as it is at the time cursor, by the offset
    that holds over the whole take. Waits a second or two where the basis of the model has no names and is
    flipped for the first time.
    """
    model, take = document.model, document.take
    if document.locks:
        return set_where_unlocked(document, FLIP, flipped(model, document.params))
    # A reflection of a pose on top of another is the reflections on top of one another.
    image = replace(
        take,
        clip=flipped_clip(model, take.clip),
        offset=flipped(model, take.offset),
        layers=tuple(flipped_layer(model, layer) for layer in take.layers),
    )
    takes = (*document.takes[: document.active], image, *document.takes[document.active + 1 :])
    return change(document, FLIP, takes=takes)


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
