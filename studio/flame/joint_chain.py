"""Forward kinematics of the joints, with derivatives: what carries the vertices of a posed head.

The formulas are those of SMPL (Loper et al. 2015, eq. 2-4) and their derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import to_matrices, with_derivatives

Array = NDArray[np.float64]

JOINTS = 5
_OWN = np.eye(3 * JOINTS).reshape(JOINTS, 3, 3 * JOINTS)  # each joint among the coordinates of all


@dataclass(frozen=True, eq=False)
class JointChain:
    """The joints as posed, and how they change with N components of the pose."""

    turns: Array  # (5, 3, 3) rotation of each joint in the space of the head
    shifts: Array  # (5, 3, 15) from the joints at rest to what each adds to the vertices that it carries
    features: Array  # (36,) R - I of neck, jaw, left eye, right eye
    turns_by: Array  # (5, N, 3, 3)
    shifts_by: Array  # (5, N, 3)
    features_by: Array  # (N, 36)


def joint_chain(joints: Array, pose: Array, turned: NDArray[np.intp], parents: Sequence[int]) -> JointChain:
    """Forward kinematics of ``joints`` (5, 3) at rest by ``pose`` (15,), and its derivatives.

    Args:
        joints: metres.
        pose: axis-angle of root, neck, jaw, left eye, right eye.
        turned: (N,) which of the 15 components the derivatives are by.
        parents: of each joint; below 0 for the root.

    """
    count = len(turned)
    local, local_by = _local(pose, turned)
    turns, turns_by = np.zeros((JOINTS, 3, 3)), np.zeros((JOINTS, count, 3, 3))
    places, places_by = np.zeros((JOINTS, 3, 15)), np.zeros((JOINTS, count, 3))
    shifts = np.zeros((JOINTS, 3, 15))
    for joint, parent in enumerate(parents):
        if parent < 0:
            turns[joint], turns_by[joint], places[joint] = local[joint], local_by[joint], _OWN[joint]
        else:
            above, bone = turns[parent], joints[joint] - joints[parent]
            turns[joint] = above @ local[joint]
            turns_by[joint] = above @ local_by[joint] + turns_by[parent] @ local[joint]
            places[joint] = places[parent] + above @ (_OWN[joint] - _OWN[parent])
            places_by[joint] = places_by[parent] + turns_by[parent] @ bone
        shifts[joint] = places[joint] - turns[joint] @ _OWN[joint]
    shifts_by = places_by - (turns_by @ joints[:, None, :, None])[..., 0]
    features = (local[1:] - np.eye(3)).reshape(36)
    features_by = local_by[1:].transpose(1, 0, 2, 3).reshape(count, 36)
    return JointChain(turns, shifts, features, turns_by, shifts_by, features_by)


def _local(pose: Array, turned: NDArray[np.intp]) -> tuple[Array, Array]:
    """Each joint's own rotation (5, 3, 3), and its derivative (5, N, 3, 3) by the components ``turned``."""
    local, local_by = to_matrices(pose.reshape(JOINTS, 3)), np.zeros((JOINTS, len(turned), 3, 3))
    for joint in np.unique(turned // 3):
        _, by_axis = with_derivatives(pose[3 * joint : 3 * joint + 3])
        own = np.flatnonzero(turned // 3 == joint)
        local_by[joint, own] = by_axis[turned[own] % 3]
    return local, local_by
