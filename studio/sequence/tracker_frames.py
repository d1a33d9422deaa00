"""Frames of metrical-tracker: 6-D rotations, eyelids, and a head whose pose lives in the camera."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.versions import FLAME_2020
from studio.sequence.codes import arrays_of, flattened
from studio.sequence.keys import KEYS
from studio.sequence.producers import Facts
from studio.sequence.report import Dropped
from studio.sequence.turns import from_matrices
from studio.storage.errors import StudioError

# What a camera's axes are multiplied by to be those of the studio: +X to the right of the picture, +Y up,
# +Z to the viewer. OpenCV has +Y down and +Z ahead, PyTorch3D +X to the left and +Z ahead.
_OPENCV, _PYTORCH3D = np.diag([1.0, -1.0, -1.0]), np.diag([-1.0, 1.0, -1.0])
NOTE = (
    "The head of this tracker stands still and its camera moves: here the camera stands still, and the head "
    "turns and moves from where it is in the first frame."
)


def is_tracker_frame(value: Any) -> bool:
    """Whether the content of a file is such a frame."""
    return isinstance(value, Mapping) and "flame" in value and ("camera" in value or "opencv" in value)


def tracker_frame(value: Mapping[str, Any], label: str) -> tuple[dict[str, NDArray], Facts]:
    """The parameters of a frame, the head's pose taken from its camera (:func:`head_pose`).

    Raises:
        StudioError: a parameter does not hold numbers, or its camera is none.

    """
    flame = value["flame"]
    if not isinstance(flame, Mapping) or KEYS.isdisjoint(flame):
        raise StudioError(f"{label} holds no parameters under flame; choose another frame.")
    arrays, facts = arrays_of({"flame": flame}, label)
    pose, source = head_pose(value, label)
    arrays["rotation"], arrays["translation"] = pose[None, :3], pose[None, 3:]
    names = {**(facts.names or {}), "rotation": f"{source}/R", "translation": f"{source}/t"}
    used = {f"{source}/R", f"{source}/t"}
    others = [path for path in flattened(value) if not path.startswith("flame/") and path not in used]
    dropped = (*facts.dropped, *(Dropped(path, _why(path)) for path in others))
    how = {"rotation": "of the camera, turned around", "translation": "of the camera, turned around"}
    return arrays, Facts(
        layout="frames of metrical-tracker",
        version=FLAME_2020,
        names=names,
        how=how,
        dropped=dropped,
        notes=(NOTE,),
        about_origin=True,
    )


def _why(path: str) -> str:
    return "the lens of the camera" if path.startswith(("camera", "opencv")) else "of the pictures"


def head_pose(value: Mapping[str, Any], label: str) -> tuple[NDArray[np.float64], str]:
    """Rotation and translation (6,) of the head before a camera that stands still, and where they are from.

    OpenCV has x' = R x + t, PyTorch3D x' = x R + t. The rotation is about the origin of the head's space.

    Raises:
        StudioError: there is neither.

    """
    for source, flip in (("opencv", _OPENCV), ("camera", _PYTORCH3D)):
        camera = value.get(source)
        if not isinstance(camera, Mapping) or not {"R", "t"} <= camera.keys():
            continue
        matrix, shift = np.asarray(camera["R"]), np.asarray(camera["t"])
        if matrix.size != 9 or shift.size != 3 or {matrix.dtype.kind, shift.dtype.kind} - set("iuf"):
            break
        turn = matrix.astype(np.float64).reshape(3, 3)
        turn = flip @ (turn if source == "opencv" else turn.T)
        vector = from_matrices(turn)
        if np.isfinite(vector).all():
            return np.concatenate([vector, flip @ shift.astype(np.float64).reshape(3)]), source
        break
    raise StudioError(f"{label} holds no camera with a rotation R and a position t; choose another frame.")
