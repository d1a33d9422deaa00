"""The compiled rotations against Rodrigues' formula in extended precision."""

from __future__ import annotations

import numpy as np
import pytest

from studio.backends import kernels
from studio.flame.model import PARENTS

AXIS = np.array([0.36, -0.48, 0.8])


def turned(angle: float) -> np.ndarray:
    """R - I (3, 3) as the kernel gives it for the jaw."""
    pose = np.zeros((1, 15))
    pose[0, 6:9] = angle * AXIS
    features, transforms, joints = np.zeros((1, 36)), np.empty((1, 5, 12)), np.empty((1, 5, 3))
    kernels.pose_skeletons(
        np.zeros((1, 5, 3)),
        pose,
        np.zeros((1, 3)),
        np.array(PARENTS, np.int64),
        features,
        transforms,
        joints,
        np.empty(1),
    )
    return features[0, 9:18].reshape(3, 3)


def rodrigues(angle: float) -> np.ndarray:
    """sin(a) K + (1 - cos(a)) K^2, with 1 - cos(a) as 2 sin(a/2)^2."""
    x, y, z = AXIS.astype(np.longdouble)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], np.longdouble)
    turn = np.longdouble(angle)
    return np.sin(turn) * cross + 2.0 * np.sin(turn / 2.0) ** 2 * (cross @ cross)


@pytest.mark.parametrize("angle", [0.0, 1e-12, 1e-4, 0.0099999, 0.0100001, 0.3, np.pi, 2.0 * np.pi])
def test_rotations_are_exact_to_the_last_digit_on_both_sides_of_the_series(angle: float) -> None:
    np.testing.assert_allclose(turned(angle), rodrigues(angle).astype(float), rtol=0.0, atol=4e-16)


@pytest.mark.parametrize("angle", [1e-12, 1e-4, 0.0099999])
def test_small_turns_keep_what_they_add_to_the_identity(angle: float) -> None:
    off_diagonal = ~np.eye(3, dtype=bool)
    np.testing.assert_allclose(
        turned(angle)[off_diagonal], rodrigues(angle).astype(float)[off_diagonal], rtol=1e-14
    )
