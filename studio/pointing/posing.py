"""The Pose tool: the part of the head under the pointer, and the drag that begins there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.canvas.hand import Touch
from studio.controls.head_parts import Part, part_of_point
from studio.controls.joint_drags import EyeDrag, HeadDrag, Hold, JawDrag, NeckDrag
from studio.document.document import Document
from studio.pointing.grab import JointGrab
from studio.render.camera import project
from studio.render.picking import Pick, ray_through
from studio.render.shot import Shot


def part_at(shot: Shot, found: Pick) -> Part:
    """The part of the head that a press there takes hold of."""
    return part_of_point(shot.model, found.face, found.barycentric)


def take_hold(document: Document, shot: Shot, found: Pick, touch: Touch) -> JointGrab:
    """Begin a drag of the part under the pointer; with Alt, of only that eye."""
    model, params, hold = shot.model, document.params, _hold(shot, found, touch)
    symmetric = document.tools.symmetric
    part = part_at(shot, found)
    if part == "jaw":
        return JointGrab("Jaw", "jaw_pose", JawDrag(model, params, hold, symmetric))
    if part == "neck":
        return JointGrab("Neck", "neck_pose", NeckDrag(model, params, hold))
    if part == "head":
        return JointGrab("Head turn", "rotation", HeadDrag(model, params, hold))
    eye = int(part == "right_eye")
    name = ("Left eye", "Right eye")[eye] if touch.alt else "Gaze"
    drag = EyeDrag(model, params, hold, eye, alone=touch.alt, mirrored=symmetric)
    return JointGrab(name, "eyes_pose", drag)


def _hold(shot: Shot, found: Pick, touch: Touch) -> Hold:
    def seen(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return project(points, shot.camera, shot.size)

    def sight(place: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ray = ray_through(place, shot.camera, shot.size)
        return ray.origin, ray.direction

    return Hold(shot.model.faces[found.face], found.barycentric, touch.place, seen, sight)
