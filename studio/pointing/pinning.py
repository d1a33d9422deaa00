"""Pins on the canvas: how they are drawn, which one is under the pointer, and setting them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio.canvas.overlay_shapes import Circle, Disc, Line, Shape
from studio.document.document import Document
from studio.render.camera import project
from studio.render.shot import Shot

HEAD = 5.0  # pixels, of a pin
REACH = 9.0
OFF = 2.0  # pixels from its target at which a pin is seen to be off


def pin_shapes(document: Document, shot: Shot) -> Iterator[Shape]:
    """A head for each pin, and where the surface is off it, a line to where it is to be."""
    for entry in document.pins:
        here = entry.handle.position(shot.surface.vertices)
        seen = project(np.stack([here, entry.target]), shot.camera, shot.size)
        if (seen[:, 2] <= 0.0).any() and not shot.camera.orthographic:
            continue
        (x, y), (wanted_x, wanted_y) = seen[:, :2].tolist()
        if np.hypot(wanted_x - x, wanted_y - y) > OFF:
            yield Line(seen[:, :2], "data", 1.5, dashed=True)
            yield Circle((wanted_x, wanted_y), HEAD, "data")
        yield Disc((x, y), HEAD, "data")
        yield Disc((x, y), 1.5, "panel")


def pin_at(document: Document, shot: Shot, place: tuple[float, float]) -> int | None:
    """The pin that is seen nearest to ``place``, within reach."""
    if not document.pins:
        return None
    points = np.stack([entry.handle.position(shot.surface.vertices) for entry in document.pins])
    seen = project(points, shot.camera, shot.size)
    distances = np.hypot(seen[:, 0] - place[0], seen[:, 1] - place[1])
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= REACH else None
