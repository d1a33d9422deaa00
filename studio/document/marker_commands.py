"""Markers of the active take, as commands."""

from __future__ import annotations

from dataclasses import replace

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.take import Marker


def add_marker(document: Document, frame: int, title: str = "") -> Command:
    """Put a marker at ``frame``, where one that is there gives way; without a title it gets a number."""
    markers = document.take.markers
    kept = [marker for marker in markers if marker.frame != frame]
    made = Marker(frame, title or f"Marker {len(markers) + 1}")
    return _set_markers(document, "Add marker", (*kept, made))


def change_marker(
    document: Document,
    name: str,
    index: int,
    frame: int | None = None,
    title: str | None = None,
    colour: int | None = None,
    gesture: int | None = None,
) -> Command:
    """Move, rename or colour marker ``index``; what is None stays."""
    marker = document.take.markers[index]
    made = Marker(
        marker.frame if frame is None else frame,
        marker.name if title is None else title,
        marker.colour if colour is None else colour,
    )
    markers = document.take.markers
    return _set_markers(document, name, (*markers[:index], made, *markers[index + 1 :]), gesture)


def delete_marker(document: Document, index: int) -> Command:
    """Take marker ``index`` away."""
    markers = document.take.markers
    return _set_markers(document, "Delete marker", (*markers[:index], *markers[index + 1 :]))


def _set_markers(
    document: Document, name: str, markers: tuple[Marker, ...], gesture: int | None = None
) -> Command:
    ordered = sorted(markers, key=lambda marker: marker.frame)
    take = replace(document.take, markers=tuple(ordered))
    return change(document, name, gesture, takes=replace_take(document, take))
