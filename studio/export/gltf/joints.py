"""The joints as nodes over time: rotations as quaternions, and where each hangs on its parent.

Joints move with the face, but a skin's inverse bind matrices cannot. So a joint whose unturned place J(t)
leaves its place J(0) in the bind pose carries a node of its own for the skin, moved by J(0) - J(t): the
skin then sees R (v - J(t)), as linear blend skinning has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.export.gltf.motion import Motion
from studio.flame.rotations import to_quaternions

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

STILL = 1e-8  # metres
BOUND = 1e-7  # metres by which a joint may leave its bind pose without a node for the skin


@dataclass(frozen=True, eq=False)
class JointMotion:
    """Five joints over T frames."""

    rest: Array  # (5, 3) metres, unturned, in the first frame: the bind pose
    translations: Floats  # (T, 5, 3) metres in the parent; the root's holds the head's translation
    rotations: Floats  # (T, 5, 4) x, y, z, w; each on the shorter way from the one before
    shifts: Floats  # (T, 5, 3) metres: of the skin's own nodes
    shifted: tuple[int, ...]  # the joints that have such a node


def joint_motion(motion: Motion, parents: tuple[int, ...]) -> JointMotion:
    """The joints of ``motion``; ``parents`` as a head model has them."""
    joints = motion.joints
    above = np.stack(
        [joints[:, parent] if parent >= 0 else -motion.translation.astype(np.float64) for parent in parents],
        axis=1,
    )
    shifts = joints[0] - joints
    farthest = np.abs(shifts).max(axis=(0, 2))
    return JointMotion(
        rest=joints[0],
        translations=(joints - above).astype(np.float32),
        rotations=_continuous(motion.pose),
        shifts=shifts.astype(np.float32),
        shifted=tuple(np.flatnonzero(farthest > BOUND).tolist()),
    )


def _continuous(pose: NDArray[np.float32]) -> Floats:
    """Quaternions (T, 5, 4), scalar last, of full poses (T, 15): q or -q, as the one before is nearer."""
    quaternions = to_quaternions(pose.reshape(len(pose), -1, 3))
    agree = np.sum(quaternions[1:] * quaternions[:-1], axis=-1) >= 0.0
    signs = np.cumprod(np.where(agree, 1.0, -1.0), axis=0)
    quaternions[1:] *= signs[..., None]
    return np.roll(quaternions, -1, axis=-1).astype(np.float32)


def moves(track: Floats) -> bool:
    """Whether a track (T, K) changes over time, by more than nothing."""
    return bool(np.ptp(track, axis=0).max(initial=0.0) > STILL)
