from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from studio.sequence.operations.parts import check_numbers, within
from studio.sequence.operations.values import added, mean_rotation, retargeted, scaled
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import waving


def test_an_offset_of_a_turn_turns_the_joint_on():
    clip = waving(10)
    made = added(clip, "eyes_pose", 4, 0.3)
    wanted = Rotation.from_rotvec(clip.eyes_pose[:, 3:]) * Rotation.from_rotvec([0.0, 0.3, 0.0])
    np.testing.assert_allclose(made.eyes_pose[:, 3:], wanted.as_rotvec(), atol=1e-6)
    np.testing.assert_allclose(made.eyes_pose[:, :3], clip.eyes_pose[:, :3], atol=1e-7)


def test_an_offset_of_a_number_is_a_sum():
    clip = waving(10)
    made = added(clip, "expr", 2, 0.25)
    np.testing.assert_allclose(made.expr[:, 2], clip.expr[:, 2] + 0.25, atol=1e-6)
    assert made.replace(expr=clip.expr) == clip
    for field, index, amount in (("expr", 4, 0.1), ("nose", 0, 0.1), ("expr", 0, np.nan)):
        with pytest.raises(StudioError):
            added(clip, field, index, amount)


def test_scaling_about_neutral_and_about_the_mean():
    clip = waving(30, offsets=True)
    half = scaled(clip, ["expression", "jaw", "offsets"], 0.5)
    np.testing.assert_allclose(half.expr, 0.5 * clip.expr, atol=1e-7)
    np.testing.assert_allclose(half.jaw_pose, 0.5 * clip.jaw_pose, atol=1e-7)
    np.testing.assert_allclose(half.dynamic_offset, 0.5 * clip.dynamic_offset, atol=1e-9)
    np.testing.assert_array_equal(half.neck_pose, clip.neck_pose)
    mean = scaled(clip, ["expression", "head"], 0.0, "mean")
    np.testing.assert_allclose(mean.expr, np.tile(clip.expr.mean(0), (30, 1)), atol=1e-6)
    wanted = Rotation.from_rotvec(clip.rotation).mean()
    apart = wanted.inv() * Rotation.from_rotvec(mean.rotation)
    assert apart.magnitude().max() < 0.02
    assert np.ptp(mean.rotation, axis=0).max() < 1e-6


def test_the_mean_turn_has_no_pull_left():
    turns = Rotation.random(20, random_state=3).as_rotvec() * 0.5
    middle = mean_rotation(turns[:, None])[0]
    pull = (Rotation.from_rotvec(middle).inv() * Rotation.from_rotvec(turns)).as_rotvec().mean(axis=0)
    assert np.abs(pull).max() < 1e-10


def test_lids_scaled_stay_between_open_and_closed():
    made = scaled(waving(30), ["eyelids"], 3.0)
    assert made.eyelids.min() >= 0.0
    assert made.eyelids.max() == 1.0


def test_another_head_keeps_the_motion():
    clip = waving(6, offsets=True)
    made = retargeted(clip, [1.0, 2.0], np.ones((6, 3), np.float32))
    assert made.shape.tolist() == [1.0, 2.0, 0.0, 0.0, 0.0]
    assert made.replace(shape=clip.shape, static_offset=clip.static_offset) == clip
    with pytest.raises(StudioError, match="same model"):
        retargeted(clip, np.zeros(9))
    with pytest.raises(StudioError, match="same mesh"):
        retargeted(clip, np.zeros(5), np.ones((7, 3), np.float32))


def test_a_range_alone_is_changed():
    clip = waving(10)
    made = within(clip, added(clip, "expr", 0, 1.0), 3, 5)
    changed = np.flatnonzero((made.expr != clip.expr).any(axis=1))
    assert changed.tolist() == [3, 4, 5]


@pytest.mark.parametrize(("field", "match"), [("jaw_pose", "jaw_pose in frame 7"), ("shape", "shape")])
def test_a_number_that_is_none_is_told_with_its_frame(field, match):
    clip = waving(10)
    values = getattr(clip, field).copy()
    values[(7, 1) if values.ndim == 2 else 2] = np.nan
    with pytest.raises(StudioError, match=match):
        check_numbers(clip.replace(**{field: values}))
    check_numbers(clip)
