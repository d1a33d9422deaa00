"""The Pull tool: a landmark or a soft region of the skin in hand, and the face that follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.canvas.hand import Touch
from studio.canvas.landmark_hover import REACH, landmark_at
from studio.canvas.overlay_shapes import Circle, Disc, Line, Shape
from studio.controls.handles import Handle, Pin, landmark_handle, region_handle, surface_handle
from studio.controls.surface_drag import SurfaceDrag
from studio.document.document import Document
from studio.flame.landmark_sets import shown_set
from studio.flame.params import Params
from studio.render.camera import project, unproject
from studio.render.picking import Pick
from studio.render.shot import Shot

MILLIMETRE = 1e-3


def point_handle(shot: Shot, found: Pick | None, touch: Touch) -> Handle | None:
    """The landmark under the pointer where they are shown, else the very point of the skin there."""
    mark = landmark_at(shot, touch.place, REACH)
    marks = shown_set(shot.model, shot.look.landmark_set)
    if mark is not None and marks is not None and not mark.hidden:
        place = marks.landmarks.index(mark.landmark)
        return landmark_handle(shot.model, marks.name, place, shot.surface.contour_row)
    if found is None:
        return None
    return surface_handle(shot.model, found.face, found.barycentric, found.title)


def pulled_handle(shot: Shot, found: Pick | None, touch: Touch, radius: float) -> Handle | None:
    """What a press takes hold of: a landmark, else the skin within ``radius`` metres of the pointer."""
    point = point_handle(shot, found, touch)
    if found is None or point is None or len(point.vertices) > 3 or point.name.startswith("Landmark"):
        return point
    return region_handle(
        shot.model, shot.surface.vertices, found.face, found.barycentric, radius, found.title
    )


def circle_around(shot: Shot, point: NDArray, radius: float, role: str = "accent") -> Circle:
    """A circle of ``radius`` metres around ``point`` (3,), as it faces the camera."""
    ((x, y, depth),) = project(np.asarray(point)[None], shot.camera, shot.size)
    (beside,) = unproject((x + 1.0, y, depth), shot.camera, shot.size)
    pixels = radius / max(float(np.linalg.norm(beside - point)), 1e-9)
    return Circle((float(x), float(y)), pixels, role)


class PullGrab:
    """A handle in hand, moved in the plane that faces the camera."""

    lead = ""
    keeps_locks = True

    def __init__(
        self, document: Document, shot: Shot, handle: Handle, touch: Touch, pin: int | None = None
    ) -> None:
        """Take hold; what is locked and what is pinned stays, but pin ``pin``, which goes along."""
        tools, params = document.tools, document.params
        self.name = f"Pull {handle.name[0].lower() + handle.name[1:]}" if handle.name else "Pull"
        self._pins, self._pin = document.pins, pin
        held = tuple(entry for place, entry in enumerate(document.pins) if place != pin)
        self._shot, self._handle = shot, handle
        frozen = [(field, index) for field, index in document.locks if hasattr(params, field)]
        self._drag = SurfaceDrag(document.model, params, handle, held, frozen, tools.pulls, tools.symmetric)
        self._start = self._drag.place
        ((_, _, self._depth),) = project(self._start[None], shot.camera, shot.size)
        self._press = self._under(touch)
        self._target = self._start

    def to(self, touch: Touch) -> Params:
        """The parameters with the pointer there."""
        self._target = self._start + self._under(touch) - self._press
        return self._drag.to(self._target)

    def pins(self) -> tuple[Pin, ...] | None:
        """The pins as they are now, where one is in hand."""
        if self._pin is None:
            return None
        moved = self._pins[self._pin].moved(self._target)
        return tuple(moved if place == self._pin else entry for place, entry in enumerate(self._pins))

    def told(self, params: Params) -> str:
        """How far the hand has pulled."""
        return f"{np.linalg.norm(self._target - self._start) / MILLIMETRE:.1f} mm"

    def shapes(self, shot: Shot) -> tuple[Shape, ...]:
        """The handle, and a line to the hand where the face cannot follow it."""
        here = self._handle.position(shot.surface.vertices)
        seen = project(np.stack([here, self._target]), shot.camera, shot.size)[:, :2]
        place = float(seen[0, 0]), float(seen[0, 1])
        shapes: list[Shape] = []
        if self._handle.radius > 0.0:
            shapes.append(circle_around(shot, here, self._handle.radius))
        if np.linalg.norm(seen[1] - seen[0]) > 3.0:
            shapes.append(Line(seen, "accent", 1.5, dashed=True))
        return (*shapes, Disc(place, 4.0, "accent"))

    def _under(self, touch: Touch) -> NDArray[np.float64]:
        """The point (3,) under the pointer, as deep as the handle was."""
        place = (*touch.place, float(self._depth))
        return np.asarray(unproject(place, self._shot.camera, self._shot.size)[0])
