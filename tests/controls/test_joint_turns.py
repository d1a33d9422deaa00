"""Joints turned about axes of their own and of the world, against products of matrices."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.joint_turns import axes_of, joint_turn, turned
from studio.flame.carried_points import world_turns
from studio.flame.params import Params
from studio.flame.rotations import to_matrices


@pytest.fixture
def posed(head_model):
    eyes = (0.1, 0.2, 0.0, -0.1, 0.15, 0.0)
    return Params.neutral(head_model).replace(
        rotation=(0.3, -0.5, 0.2), neck_pose=(0.2, 0.4, -0.1), jaw_pose=(0.2, 0.05, 0.0), eyes_pose=eyes
    )


@pytest.mark.parametrize("joint", range(5))
@pytest.mark.parametrize("axis", range(3))
def test_a_joint_turns_about_an_axis_of_the_world(head_model, posed, joint, axis):
    direction = axes_of(head_model, posed, joint, world=True)[axis]
    after = turned(head_model, posed, joint, direction, 0.4)
    wanted = to_matrices(0.4 * direction) @ world_turns(posed, head_model.parents)[joint]
    assert world_turns(after, head_model.parents)[joint] == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("joint", range(5))
@pytest.mark.parametrize("axis", range(3))
def test_a_joint_turns_about_an_axis_of_its_own(head_model, posed, joint, axis):
    direction = axes_of(head_model, posed, joint, world=False)[axis]
    after = turned(head_model, posed, joint, direction, -0.3)
    own = to_matrices(joint_turn(posed, joint))
    wanted = own @ to_matrices(-0.3 * np.eye(3)[axis])
    assert to_matrices(joint_turn(after, joint)) == pytest.approx(wanted, abs=1e-6)
    others = [other for other in range(5) if other != joint]
    assert all((joint_turn(after, other) == joint_turn(posed, other)).all() for other in others)


def test_the_other_eye_does_the_same_on_its_side(head_model):
    start = Params.neutral(head_model)
    for joint in (3, 4):
        after = turned(head_model, start, joint, (0.0, 1.0, 0.0), 0.2, symmetric=True)
        left, right = after.eyes_pose.reshape(2, 3)
        assert left[1] == pytest.approx(-right[1])
        assert abs(left[1]) == pytest.approx(0.2)
