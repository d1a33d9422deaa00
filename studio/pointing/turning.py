"""The rotation gizmo of the chosen joint, and the drag of one of its rings."""

from __future__ import annotations

import numpy as np

from studio.canvas.hand import Touch
from studio.canvas.overlay_shapes import Shape
from studio.controls.joint_turns import JOINT_TITLES, axes_of, joint_field, turned
from studio.document.document import Document
from studio.flame.params import Params
from studio.pointing.grab import MINUS
from studio.render.gizmo import NAMES, Gizmo, RingDrag, gizmo_at, snapped
from studio.render.shot import Shot

COARSE, FINE = np.radians(5.0), np.radians(1.0)  # of snapping


def gizmo_of(document: Document, shot: Shot) -> Gizmo | None:
    """The gizmo of the chosen joint as ``shot`` shows it; None where none is chosen or seen."""
    joint = document.tools.joint
    if joint is None or shot.model is not document.model:
        return None
    axes = axes_of(document.model, document.params, joint, document.tools.axes == "world")
    return gizmo_at(joint, shot.surface.joints[joint], axes, shot.camera, shot.size)


class RingGrab:
    """A ring of the gizmo in hand; Ctrl snaps to 5 degrees, with Shift to 1."""

    keeps_locks = False

    def __init__(self, document: Document, gizmo: Gizmo, ring: int, touch: Touch) -> None:
        self.name = f"{JOINT_TITLES[gizmo.joint]} turn"
        self.lead = joint_field(gizmo.joint)
        self.ring = ring
        self._model, self._before = document.model, document.params
        self._symmetric = document.tools.symmetric
        self._joint, self._axis = gizmo.joint, gizmo.rings[ring].axis
        self._drag = RingDrag(gizmo, ring, touch.place)
        self._angle = 0.0

    def to(self, touch: Touch) -> Params:
        """The parameters with the pointer there."""
        angle = self._drag.to(touch.place)
        if touch.control:
            angle = snapped(angle, FINE if touch.shift else COARSE)
        self._angle = angle
        return turned(self._model, self._before, self._joint, self._axis, angle, self._symmetric)

    def pins(self) -> None:
        """None of them moves."""

    def shapes(self, shot: Shot) -> tuple[Shape, ...]:
        """Nothing beside the gizmo."""
        return ()

    def told(self, params: Params) -> str:
        """The axis and how far it has turned."""
        return f"{NAMES[self.ring]} {np.degrees(self._angle):+.1f}°".replace("-", MINUS)
