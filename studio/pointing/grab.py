"""What a hand has taken hold of, from press to release."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from studio.canvas.hand import Touch
from studio.canvas.overlay_shapes import Shape
from studio.controls.handles import Pin
from studio.controls.head_turns import head_value
from studio.controls.joint_drags import JointDrag
from studio.flame.params import Params
from studio.render.shot import Shot

MINUS = "\N{MINUS SIGN}"


class Grab(Protocol):
    """A drag that changes the parameters."""

    name: str  # of the step to undo
    lead: str  # the field that the user moves; empty where it is several
    keeps_locks: bool  # whether it changes many components, and so not those that are locked

    def to(self, touch: Touch) -> Params:
        """The parameters with the pointer there."""

    def pins(self) -> tuple[Pin, ...] | None:
        """The document's pins as they are now; None: it moves none."""

    def told(self, params: Params) -> str:
        """What is told beside the pointer while it is so."""

    def shapes(self, shot: Shot) -> tuple[Shape, ...]:
        """What is drawn over the head meanwhile."""


class JointGrab:
    """Jaw, head, neck or eyes in hand."""

    keeps_locks = False

    def __init__(self, name: str, lead: str, drag: JointDrag) -> None:
        self.name, self.lead, self._drag = name, lead, drag

    def to(self, touch: Touch) -> Params:
        """The parameters with the pointer there."""
        return self._drag.to(touch.place)

    def pins(self) -> None:
        """None of them moves."""

    def shapes(self, shot: Shot) -> tuple[Shape, ...]:
        """Nothing: the head itself shows it."""
        return ()

    def told(self, params: Params) -> str:
        """The angles of what moves."""
        return " · ".join(f"{word} {_degrees(angle)}" for word, angle in _angles(params, self.lead))


def _angles(params: Params, lead: str) -> list[tuple[str, float]]:
    """What the angles of the field ``lead`` are called, and how large they are in radians."""
    if lead == "jaw_pose":
        return [("Open", float(params.jaw_pose[0])), ("Side", float(params.jaw_pose[1]))]
    if lead == "neck_pose":
        nod, turn, tilt = (float(angle) for angle in params.neck_pose)
        return [("Turn", turn), ("Nod", nod), ("Tilt", tilt)]
    if lead == "eyes_pose":
        return [("Down", float(params.eyes_pose[0])), ("Left", float(params.eyes_pose[1]))]
    names = (("Turn", "headTurn"), ("Nod", "headNod"), ("Tilt", "headTilt"))
    return [(word, head_value(params, name)) for word, name in names]


def _degrees(angle: float) -> str:
    return f"{np.degrees(angle):.1f}°".replace("-0.0°", "0.0°").replace("-", MINUS)
