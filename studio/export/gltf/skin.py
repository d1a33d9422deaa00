"""Skinning weights as glTF has them: four joints a set, largest first, that sum up to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

JOINTS_A_SET = 4
NOTHING = 1e-6  # of a weight: less moves no vertex of a head by a micrometre

Set = tuple[NDArray[np.uint8], NDArray[np.float32]]


def influences(weights: NDArray[np.float32]) -> tuple[Set, ...]:
    """Joints (V, 4) and weights (V, 4) of one set, or of two where a vertex hangs on more than four joints.

    Joints without a weight are 0. Weights sum up to 1 as nearly as float32 can.

    Args:
        weights: (V, J) of the model, not negative.

    """
    kept = np.where(weights > NOTHING, weights, 0.0).astype(np.float64)
    kept /= np.maximum(kept.sum(axis=1, keepdims=True), 1e-12)
    order = np.argsort(-kept, axis=1, kind="stable")
    sorted_weights = np.take_along_axis(kept, order, axis=1).astype(np.float32)
    missing = 1.0 - sorted_weights.astype(np.float64).sum(axis=1)
    sorted_weights[:, 0] += missing.astype(np.float32)
    joints = np.where(sorted_weights > 0.0, order, 0).astype(np.uint8)
    used = max(int((sorted_weights > 0.0).sum(axis=1).max(initial=1)), 1)
    sets = -(-used // JOINTS_A_SET)
    spare = sets * JOINTS_A_SET - weights.shape[1]
    padding = [(0, 0), (0, max(spare, 0))]
    joints, sorted_weights = np.pad(joints, padding), np.pad(sorted_weights, padding)
    return tuple(
        (
            np.ascontiguousarray(joints[:, start : start + JOINTS_A_SET]),
            np.ascontiguousarray(sorted_weights[:, start : start + JOINTS_A_SET]),
        )
        for start in range(0, sets * JOINTS_A_SET, JOINTS_A_SET)
    )


def inverse_binds(joints: NDArray[np.float64]) -> NDArray[np.float32]:
    """Inverse bind matrices (J, 16), column by column, of unturned joints at ``joints`` (J, 3) metres."""
    matrices = np.tile(np.eye(4), (len(joints), 1, 1))
    matrices[:, 3, :3] = -joints
    return matrices.reshape(len(joints), 16).astype(np.float32)
