"""The contour row by the turn of the head."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.landmarks import contour_row


def rotation_matrix(vector):
    """The matrix exponential of the cross product matrix, by its series: slow, and exact near zero."""
    x, y, z = vector
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], np.float64)
    result, term = np.eye(3), np.eye(3)
    for order in range(1, 60):
        term = term @ cross / order
        result = result + term
    return result


def expected_row(rotation, neck, sign):
    matrix = rotation_matrix(rotation) @ rotation_matrix(neck)
    yaw = np.degrees(np.arctan2(-matrix[2, 0], np.hypot(matrix[0, 0], matrix[1, 0])))
    row = int(np.round(min(yaw if sign == "screen" else -yaw, 39)))
    if row < 0:
        row = 78 if row < -39 else 39 - row
    return row


@pytest.mark.parametrize("sign", ["screen", "flame_pytorch"])
def test_rows_follow_the_rule(sign):
    random = np.random.default_rng(0)
    rotations, necks = random.normal(0, 0.5, (200, 3)), random.normal(0, 0.4, (200, 3))
    rotations[0] = necks[0] = 0
    rotations[1] = -1e-8
    rows = contour_row(rotations, necks, sign)
    assert rows.shape == (200,)
    assert list(rows) == [expected_row(r, n, sign) for r, n in zip(rotations, necks, strict=True)]
    assert len(set(rows.tolist())) > 50


@pytest.mark.parametrize(
    ("degrees", "row"),
    [
        (0, 0),
        (1, 1),
        (0.49, 0),
        (2.4, 2),
        (39, 39),
        (60, 39),
        (-0.4, 0),
        (-1, 40),
        (-39, 78),
        (-39.4, 78),
        (-60, 78),
    ],
)
def test_rows_by_degrees(degrees, row):
    turn = [0, np.radians(degrees), 0]
    assert contour_row(turn, [0, 0, 0], "screen") == row
    assert contour_row([0, 0, 0], turn, "screen") == row
    assert contour_row([0, -turn[1], 0], [0, 0, 0], "flame_pytorch") == row


def test_one_frame_gives_one_number_and_many_share_a_neck():
    assert contour_row(np.zeros(3), np.zeros(3)).shape == ()
    assert contour_row(np.zeros((4, 3)), np.array([0, 0.1, 0])).tolist() == [6] * 4


def test_no_row_for_a_pose_that_is_not_finite():
    with pytest.raises(ValueError, match="NaN"):
        contour_row([np.nan, 0, 0], [0, 0, 0])
