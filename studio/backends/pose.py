"""The five joints of one head in float64 NumPy: their places, and the transforms that skin with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import to_matrices

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """One posed skeleton."""

    feature: Array  # (36,) row-major R - I of neck, jaw, left eye, right eye
    transforms: Array  # (5, 12) rest to posed: the columns of the rotation one after another, then the offset
    joints: Array  # (5, 3) posed


def pose_skeleton(rest: Array, pose: NDArray, translation: NDArray, parents: tuple[int, ...]) -> Skeleton:
    """Turn the joints at ``rest`` (5, 3) by ``pose`` (15,) axis-angle, then move by ``translation`` (3,).

    Each joint turns about its own rest place, the root included (SMPL, Loper et al. 2015, eq. 2-4).
    The transforms leave the translation out, so that it is exact for weights that do not add up to
    one.
    """
    local = to_matrices(pose.reshape(5, 3))
    rotations = np.empty((5, 3, 3))
    joints = np.empty((5, 3))
    for joint, parent in enumerate(parents):
        if parent < 0:
            rotations[joint], joints[joint] = local[joint], rest[joint]
        else:
            rotations[joint] = rotations[parent] @ local[joint]
            joints[joint] = joints[parent] + rotations[parent] @ (rest[joint] - rest[parent])
    offsets = joints - (rotations @ rest[:, :, None])[:, :, 0]
    transforms = np.concatenate([rotations.transpose(0, 2, 1).reshape(5, 9), offsets], axis=1)
    return Skeleton((local[1:] - np.eye(3)).reshape(36), transforms, joints + translation)
