"""What a press would take hold of, and how that is shown before it happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt

from studio.canvas.hand import Touch
from studio.canvas.landmark_hover import REACH, landmark_at
from studio.canvas.overlay_shapes import Circle, Shape, Tint
from studio.controls.head_parts import PARTS, Part, part_indices
from studio.document.document import Document
from studio.pointing.pinning import pin_at
from studio.pointing.turning import gizmo_of
from studio.render.picking import Pick, is_ready, pick
from studio.render.shot import Shot
from studio.render.skin_map import SkinMap

LANDMARK_RING = 9.0  # pixels
RING_WORDS = ("Turn about X", "Turn about Y", "Turn about Z", "Turn as seen")


@dataclass(frozen=True)
class Aim:
    """What is under the pointer: a ring of the gizmo, a part of the head, or nothing."""

    ring: int | None = None
    part: Part | None = None
    tint: Tint | None = None
    circle: Circle | None = None  # of the skin that a pull takes along

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer's own shape."""
        if self.ring is not None:
            return Qt.CursorShape.PointingHandCursor
        if self.circle is not None:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.ArrowCursor if self.part is None else Qt.CursorShape.OpenHandCursor

    @property
    def told(self) -> str:
        """What is said of it; of the head the canvas itself tells."""
        return "" if self.ring is None else RING_WORDS[self.ring]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What is drawn of it."""
        return tuple(shape for shape in (self.tint, self.circle) if shape is not None)


def aim_at(document: Document, shot: Shot, touch: Touch, last: Aim, skin: SkinMap) -> Aim:
    """What a press at ``touch`` would take; ``last`` is kept where that is the same."""
    gizmo = gizmo_of(document, shot)
    ring = None if gizmo is None else gizmo.ring_at(touch.place)
    if ring is not None:
        return Aim(ring=ring)
    tool = document.tools.tool
    pin = pin_at(document, shot, touch.place) if tool == "pull" else None
    if pin is not None:
        return Aim(circle=Circle(touch.place, LANDMARK_RING, "data"))
    if tool == "orbit" or not is_ready():
        return Aim()
    found = pick(shot.model, shot.surface.vertices, shot.camera, shot.size, touch.place)
    if found is None:
        return Aim()
    if tool == "pull":
        return Aim(circle=_circle(document, shot, found, touch))
    return _part(shot, found, last, skin)


def _circle(document: Document, shot: Shot, found: Pick, touch: Touch) -> Circle:
    from studio.pointing.pulling import circle_around

    mark = landmark_at(shot, touch.place, REACH)
    if mark is not None and not mark.hidden:
        return Circle(mark.place, LANDMARK_RING, "accent")
    return circle_around(shot, found.point, document.tools.radius)


def _part(shot: Shot, found: Pick, last: Aim, skin: SkinMap) -> Aim:
    from studio.pointing.posing import part_at

    part = part_at(shot, found)
    if last.part == part and skin.shows(shot):
        return last
    skin.look(shot)
    mask = np.zeros(skin.seen.shape, bool)
    mask[skin.seen] = part_indices(skin.weights) == PARTS.index(part)
    return Aim(part=part, tint=Tint(mask, "accent"))
