"""Parameters are values: copied in, read-only, compared by their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.params import Params


def test_arrays_are_copied_in_and_read_only():
    mine = np.zeros(3)
    params = Params.zeros(3, 2).replace(shape=mine)
    mine[0] = 5.0
    assert params.shape[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        params.shape[0] = 1.0


def test_what_nobody_can_write_is_shared_and_what_somebody_can_is_copied():
    params = Params.zeros(3, 2)
    assert params.replace(translation=(0, 0, 1)).shape is params.shape
    mine = np.zeros(5, np.float32)
    window = mine[:3]
    window.setflags(write=False)
    changed = params.replace(shape=window)
    mine[:] = 5.0
    assert not changed.shape.any()


def test_lids_and_vertex_offsets_are_values_like_the_rest():
    params = Params.zeros(3, 2)
    assert params.eyelids.tolist() == [0.0, 0.0]
    assert params.vertex_offset is None
    moved = params.replace(eyelids=(0.5, 1.0), vertex_offset=np.ones((4, 3)))
    assert moved != params
    assert moved != moved.replace(vertex_offset=None)
    assert moved == params.replace(eyelids=(0.5, 1.0), vertex_offset=np.ones((4, 3)))
    with pytest.raises(ValueError, match="vertex_offset"):
        params.replace(vertex_offset=np.ones((4, 2)))


def test_equal_numbers_are_equal_values():
    assert Params.zeros(3, 2) == Params.zeros(3, 2)
    assert Params.zeros(3, 2) != Params.zeros(3, 2).replace(jaw_pose=(0.1, 0.0, 0.0))
    assert Params.zeros(3, 2) != Params.zeros(4, 2)


@pytest.mark.parametrize(
    ("name", "values"), [("jaw_pose", (0.0, 0.0)), ("eyes_pose", np.zeros(3)), ("expr", 1.0)]
)
def test_wrong_widths_are_named(name, values):
    with pytest.raises(ValueError, match=name):
        Params.zeros(3, 2).replace(**{name: values})


def test_full_pose_is_root_neck_jaw_left_eye_right_eye():
    params = Params.zeros(1, 1).replace(
        rotation=(1, 2, 3), neck_pose=(4, 5, 6), jaw_pose=(7, 8, 9), eyes_pose=(10, 11, 12, 13, 14, 15)
    )
    np.testing.assert_array_equal(params.pose, np.arange(1, 16))
