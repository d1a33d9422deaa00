"""Rotations against matrices, a closed form and the identity they must satisfy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from studio.flame.rotations import compose, relative, slerp, to_matrices

VECTORS = [
    (0.0, 0.0, 0.0),
    (1e-9, 0.0, 0.0),
    (0.3, -0.2, 0.1),
    (0.0, np.pi, 0.0),
    (-2.0, 1.5, 0.7),
    (0.0, 0.0, 3.1),
]


def matrix(vector):
    return Rotation.from_rotvec(vector).as_matrix()


def test_matrices_are_those_of_the_closed_form():
    turned = np.array(VECTORS).reshape(2, 3, 3)
    np.testing.assert_allclose(
        to_matrices(turned), matrix(turned.reshape(-1, 3)).reshape(2, 3, 3, 3), atol=1e-12
    )


@pytest.mark.parametrize("outer", VECTORS)
@pytest.mark.parametrize("inner", VECTORS)
def test_compose_is_the_product_of_matrices(outer, inner):
    np.testing.assert_allclose(matrix(compose(outer, inner)), matrix(outer) @ matrix(inner), atol=1e-12)


@pytest.mark.parametrize("base", VECTORS)
@pytest.mark.parametrize("target", VECTORS)
def test_relative_undoes_compose(base, target):
    np.testing.assert_allclose(matrix(compose(base, relative(base, target))), matrix(target), atol=1e-12)


def test_slerp_turns_at_constant_speed_about_one_axis():
    axis = np.array([0.6, 0.0, 0.8])
    for amount in (0.0, 0.25, 0.5, 1.0):
        np.testing.assert_allclose(
            slerp(0.2 * axis, 1.4 * axis, amount), (0.2 + 1.2 * amount) * axis, atol=1e-12
        )


def test_slerp_takes_the_shorter_arc_across_a_half_turn():
    start, end = np.radians(170.0), np.radians(190.0)
    middle = slerp((0.0, start, 0.0), (0.0, end - 2.0 * np.pi, 0.0), 0.5)
    np.testing.assert_allclose(np.abs(middle), (0.0, np.pi, 0.0), atol=1e-9)


def test_slerp_of_nearly_equal_rotations_is_finite():
    assert np.isfinite(slerp((1e-9, 0.0, 0.0), (-1e-9, 0.0, 0.0), 0.5)).all()
