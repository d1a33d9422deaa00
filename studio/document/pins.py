"""Pins on the surface: points that stay where they are pinned while the surface is dragged.

A pin holds while a point or a soft region of the surface is dragged on the canvas
(:class:`studio.controls.surface_drag.SurfaceDrag`); if it is a little off by then, the head is drawn back to
it. Everything else (sliders, presets, fits, playing a clip) moves the head freely, and the pin shows how far
it is off.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from studio.controls.handles import Handle, Pin, pin
from studio.document.commands import Command, change
from studio.document.document import Document

__all__ = ["Pin", "add_pin", "move_pin", "remove_pin", "remove_pins"]

UNNAMED = "point"


def add_pin(document: Document, handle: Handle, target: ArrayLike) -> Command:
    """Hold ``handle`` at ``target`` (3,), metres; a pin that it has already is moved there.

    Raises:
        ValueError: ``target`` is not three finite numbers, or the handle is for another mesh.

    """
    if not handle.fits(document.model):
        raise ValueError(f"A handle is for another mesh than that of {document.model.name}.")
    added = pin(handle, target)
    for place, existing in enumerate(document.pins):
        if existing.handle == handle:
            return move_pin(document, place, target)
    return change(document, f"Pin {_title(added)}", pins=(*document.pins, added))


def move_pin(document: Document, index: int, target: ArrayLike, gesture: int | None = None) -> Command:
    """Let pin ``index`` hold its point at ``target`` (3,), metres.

    Raises:
        ValueError: ``target`` is not three finite numbers.
        IndexError: there is no such pin.

    """
    moved = document.pins[index].moved(target)
    pins = tuple(moved if place == index else other for place, other in enumerate(document.pins))
    return change(document, f"Move the pin of {_title(moved)}", gesture, pins=pins)


def remove_pin(document: Document, index: int) -> Command:
    """Take out pin ``index``.

    Raises:
        IndexError: there is no such pin.

    """
    name = f"Unpin {_title(document.pins[index])}"
    pins = tuple(other for place, other in enumerate(document.pins) if place != index)
    return change(document, name, pins=pins)


def remove_pins(document: Document) -> Command:
    """Take out all pins."""
    return change(document, "Remove all pins", pins=())


def _title(entry: Pin) -> str:
    name = entry.name or UNNAMED
    return name[0].lower() + name[1:]
