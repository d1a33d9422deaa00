"""Turn, nod and tilt of the head, which the neck and the root share."""

from __future__ import annotations

import numpy as np

from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params

# Components of neck_pose and rotation: + turns to the subject's left, nods down, tilts to the right.
AXES = {"headTurn": 1, "headNod": 0, "headTilt": 2}
NECK_SHARE = 0.6  # of a turn; the root, which takes the whole bust along, has the rest


def head_range(name: str) -> tuple[float, float]:
    """How far the head turns in all, radians: as far as a neck can."""
    low, high = FIELD_RANGES["neck_pose"][AXES[name]]
    return float(low), float(high)


def head_value(params: Params, name: str) -> float:
    """How far the head is turned, radians: what neck and root add up to about this axis."""
    axis = AXES[name]
    return float(params.neck_pose[axis]) + float(params.rotation[axis])


def with_head_value(params: Params, name: str, value: float) -> Params:
    """``params`` with the head turned to ``value`` radians; neck and root take their share of the change.

    What the neck cannot take within its range, the root does. The other axes stay, and so does how far
    neck and root were turned against one another.
    """
    axis = AXES[name]
    change = value - head_value(params, name)
    neck, root = params.neck_pose.astype(np.float64), params.rotation.astype(np.float64)
    low, high = head_range(name)
    before = neck[axis]
    neck[axis] = np.clip(before + NECK_SHARE * change, min(low, before), max(high, before))
    root[axis] += change - (neck[axis] - before)
    return params.replace(neck_pose=neck, rotation=root)
