"""One joint turned about an axis: its own, one of the world, or any other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.controls.mirror_surface import TURN
from studio.flame.carried_points import world_turns
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import compose

Array = NDArray[np.float64]

JOINT_TITLES = ("Root", "Neck", "Jaw", "Left eye", "Right eye")
LEFT_EYE, RIGHT_EYE = 3, 4
_WHERE = (
    ("rotation", slice(0, 3)),
    ("neck_pose", slice(0, 3)),
    ("jaw_pose", slice(0, 3)),
    ("eyes_pose", slice(0, 3)),
    ("eyes_pose", slice(3, 6)),
)


def joint_field(joint: int) -> str:
    """The field of the parameters that turns ``joint``."""
    return _WHERE[joint][0]


def joint_turn(params: Params, joint: int) -> Array:
    """The axis-angle (3,) of ``joint`` alone, radians."""
    field, part = _WHERE[joint]
    return np.asarray(getattr(params, field)[part], np.float64)


def with_joint_turn(params: Params, joint: int, turn: ArrayLike) -> Params:
    """``params`` with ``joint`` at the axis-angle ``turn`` (3,)."""
    field, part = _WHERE[joint]
    values = getattr(params, field).astype(np.float64)
    values[part] = turn
    return params.replace(**{field: values})


def axes_of(model: HeadModel, params: Params, joint: int, world: bool) -> Array:
    """The axes (3, 3) that ``joint`` turns about, as rows: those of the world, or as it stands its own."""
    return np.eye(3) if world else np.asarray(world_turns(params, model.parents)[joint].T)


def turned(
    model: HeadModel, params: Params, joint: int, axis: ArrayLike, angle: float, symmetric: bool = False
) -> Params:
    """``params`` with ``joint`` turned by ``angle`` radians more about ``axis`` (3,), one of the world.

    With P the rotation of what carries the joint and R its own, P^T exp(angle axis) P R is the new one,
    so that the joint, as it stands, turns about that very direction. ``symmetric`` turns the other
    eye on its side of the face alike.
    """
    parent = model.parents[joint]
    carried = np.eye(3) if parent < 0 else world_turns(params, model.parents)[parent]
    about = carried.T @ np.asarray(axis, np.float64)
    turn = compose(angle * about, joint_turn(params, joint))
    result = with_joint_turn(params, joint, turn)
    if symmetric and joint in (LEFT_EYE, RIGHT_EYE):
        result = with_joint_turn(result, LEFT_EYE + RIGHT_EYE - joint, TURN * turn)
    return result
