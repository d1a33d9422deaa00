"""Operations on what things are: offset, scale, and another person's head."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.params import ROTATIONS
from studio.flame.rotations import compose, relative
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import moving_fields, treated
from studio.storage.errors import StudioError

Array = NDArray[np.float64]
About = Literal["neutral", "mean"]

_MEAN_STEPS = 20
_AXES = 3


def added(clip: Clip, field: str, index: int, amount: float) -> Clip:
    """``clip`` with ``amount`` added to the component ``index`` of ``field`` in every frame.

    Joints are turned on by ``amount`` radians about that axis of their own, after they are turned already;
    all else is a sum, in the field's own unit.

    Raises:
        StudioError: there is no such component, or ``amount`` is not finite.

    """
    if not np.isfinite(amount):
        raise StudioError(f"An offset is a finite number, not {amount}.")
    if field not in moving_fields(clip) or not 0 <= index < getattr(clip, field).shape[1]:
        raise StudioError(f"A clip has no component {index} of {field}.")
    rows = getattr(clip, field).astype(np.float64)
    if field not in ROTATIONS:
        rows[:, index] += amount
        return clip.replace(**{field: rows})
    joint, axis = divmod(index, _AXES)
    turn = np.zeros(_AXES)
    turn[axis] = amount
    joints = rows.reshape(len(rows), -1, _AXES)
    joints[:, joint] = compose(joints[:, joint], turn)
    return clip.replace(**{field: joints.reshape(rows.shape)})


def scaled(clip: Clip, parts: Collection[str], factor: float, about: About = "neutral") -> Clip:
    """``parts`` of ``clip`` with ``factor`` times their distance from neutral, or from their mean.

    The distance of a rotation is the turn from the one to the other, its mean the one whose distances to
    all frames have the least sum of squares (Karcher's). Eyelids stay within closed and open.

    Raises:
        StudioError: ``factor`` is not finite, or a part is none.

    """
    if not np.isfinite(factor):
        raise StudioError(f"A factor is a finite number, not {factor}.")

    def straight(rows: Array) -> Array:
        middle = rows.mean(axis=0) if about == "mean" else 0.0
        return middle + factor * (rows - middle)

    def turning(rotations: Array) -> Array:
        if about == "neutral":
            return factor * rotations
        middle = mean_rotation(rotations)
        return compose(middle, factor * relative(middle, rotations))

    made = treated(clip, parts, straight, turning)
    if made.eyelids is not clip.eyelids:
        made = made.replace(
            eyelids=np.clip(
                made.eyelids, np.minimum(clip.eyelids.min(), 0.0), np.maximum(clip.eyelids.max(), 1.0)
            )
        )
    return made


def mean_rotation(rotations: Array) -> Array:
    """The mean (J, 3) of rotations (T, J, 3) on the sphere, by Karcher's iteration."""
    middle = rotations[0]
    for _ in range(_MEAN_STEPS):
        change = relative(middle[None], rotations).mean(axis=0)
        middle = compose(middle, change)
        if np.abs(change).max() < 1e-12:
            break
    return middle


def retargeted(clip: Clip, shape: ArrayLike, static_offset: NDArray[np.float32] | None = None) -> Clip:
    """The motion of ``clip`` on the head ``shape`` (S,), with that head's own static vertex offset.

    Expression, pose and moving vertex offsets stay as they are.

    Raises:
        StudioError: ``shape`` has more components than the clip's, or the offset is for another mesh.

    """
    wanted = np.asarray(shape, dtype=np.float32)
    count = len(clip.shape)
    if wanted.ndim != 1 or len(wanted) > count or not np.isfinite(wanted).all():
        raise StudioError(
            f"The other head has {wanted.size} shape components where the clip's model has {count}; "
            "choose a head of the same model."
        )
    moving = clip.dynamic_offset
    if static_offset is not None and moving is not None and len(static_offset) != moving.shape[1]:
        raise StudioError(
            f"The other head moves {len(static_offset)} vertices and the clip {moving.shape[1]}; "
            "choose a head on the same mesh."
        )
    return clip.replace(shape=np.pad(wanted, (0, count - len(wanted))), static_offset=static_offset)
