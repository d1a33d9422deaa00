"""Expression units that only make sense on top of a pose: kept within what the pose allows."""

from __future__ import annotations

import numpy as np

from studio.flame.model import Corrective, HeadModel
from studio.flame.params import Params

_JOINT_FIELDS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyes_pose")


def _joint_pose(params: Params, joint: int) -> np.ndarray:
    pose = getattr(params, _JOINT_FIELDS[joint])
    return pose[3:] if joint == 4 else pose[:3]


def allowance(params: Params, corrective: Corrective) -> float:
    """How much of ``corrective`` the pose of its joint allows, 0..1.

    The pose is projected on the corrective's full pose.
    """
    full = np.asarray(corrective.pose)
    fraction = _joint_pose(params, corrective.joint) @ full / (full @ full)
    return float(np.clip(fraction, 0.0, 1.0))


def settle(model: HeadModel, params: Params, lead: str = "") -> Params:
    """``params`` with every corrective within its allowance.

    With ``lead`` "expr" the user moves the expression, so the joint is posed as far as the
    corrective needs; otherwise the corrective is lowered to what the pose allows.
    """
    for corrective in model.correctives:
        amount, allowed = float(params.expr[corrective.expression]), allowance(params, corrective)
        if amount <= allowed:
            continue
        if lead == "expr":
            field = _JOINT_FIELDS[corrective.joint]
            pose = getattr(params, field).copy()
            start = 3 if corrective.joint == 4 else 0
            pose[start : start + 3] += (min(amount, 1.0) - allowed) * np.asarray(corrective.pose)
            params = params.replace(**{field: pose})
        else:
            expr = params.expr.copy()
            expr[corrective.expression] = allowed
            params = params.replace(expr=expr)
    return params
