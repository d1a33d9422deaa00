from __future__ import annotations

import numpy as np
import pytest

from studio.flame.params import Params
from studio.flame.rotations import slerp
from studio.sequence.clip import CHANNELS, Clip


@pytest.fixture
def clip() -> Clip:
    random = np.random.default_rng(2)
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: random.normal(0, 1, (4, width)) for name, width in widths.items()}
    return Clip(shape=random.normal(size=5), fps=12.5, **channels)


def test_whole_frames_come_back_exactly(clip: Clip) -> None:
    for index, frame in enumerate(clip.frames()):
        assert clip.at(float(index)) == frame
        np.testing.assert_array_equal(frame.expr, clip.expr[index])


def test_between_frames_rotations_go_along_the_sphere(clip: Clip) -> None:
    between = clip.at(1.25)
    np.testing.assert_allclose(between.expr, 0.75 * clip.expr[1] + 0.25 * clip.expr[2], atol=1e-6)
    np.testing.assert_allclose(between.rotation, slerp(clip.rotation[1], clip.rotation[2], 0.25), atol=1e-6)
    for side in (slice(0, 3), slice(3, 6)):
        expected = slerp(clip.eyes_pose[1, side], clip.eyes_pose[2, side], 0.25)
        np.testing.assert_allclose(between.eyes_pose[side], expected, atol=1e-6)


def test_lids_and_vertex_offsets_follow_time(clip: Clip) -> None:
    static, dynamic = np.ones((6, 3)), np.arange(4.0)[:, None, None] * np.ones((4, 6, 3))
    moving = clip.replace(eyelids=np.eye(4)[:, :2], static_offset=static, dynamic_offset=dynamic)
    np.testing.assert_allclose(moving.at(0.25).eyelids, (0.75, 0.25))
    np.testing.assert_allclose(moving.at(1.5).vertex_offset, np.full((6, 3), 2.5))
    np.testing.assert_allclose(moving.at(9.0).vertex_offset, np.full((6, 3), 4.0))
    assert moving.frame(2).vertex_offset is not None
    still = clip.replace(static_offset=static)
    assert still.at(0.5).vertex_offset is still.static_offset
    assert clip.at(0.5).vertex_offset is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"static_offset": np.zeros((4, 2))},
        {"dynamic_offset": np.zeros((3, 6, 3))},
        {"static_offset": np.zeros((5, 3)), "dynamic_offset": np.zeros((4, 6, 3))},
        {"eyelids": np.zeros((4, 3))},
    ],
)
def test_lids_and_offsets_of_wrong_sizes_are_refused(clip: Clip, wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"offset|eyelids"):
        clip.replace(**wrong)


def test_ends_are_held(clip: Clip) -> None:
    assert clip.at(-3.0) == clip.frame(0)
    assert clip.at(99.0) == clip.frame(3)


def test_length_and_rate(clip: Clip) -> None:
    assert len(clip) == 4
    assert clip.duration == pytest.approx(0.32)


def test_arrays_are_copied_and_cannot_be_written(clip: Clip) -> None:
    source = np.zeros((4, 3))
    changed = clip.replace(translation=source)
    source[:] = 9.0
    assert not changed.translation.any()
    with pytest.raises(ValueError, match="read-only"):
        changed.translation[0] = 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"expr": np.zeros((3, 4))},
        {"jaw_pose": np.zeros((4, 6))},
        {"fps": 0.0},
        {"fps": np.nan},
        {"shape": np.zeros((1, 5))},
    ],
)
def test_senseless_clips_are_refused(clip: Clip, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        clip.replace(**wrong)


def test_still(clip: Clip) -> None:
    still = Clip.still(Params.zeros(5, 4).replace(jaw_pose=(0.1, 0, 0)))
    assert len(still) == 1
    assert still.at(0.7).jaw_pose[0] == pytest.approx(0.1)


def test_a_joint_that_rests_beyond_half_a_turn_keeps_its_numbers() -> None:
    still = Params.zeros(2, 2).replace(rotation=(0.0, 4.0, 0.0))
    frames = [still, still.replace(jaw_pose=(0.2, 0.0, 0.0))]
    channels = {name: np.stack([getattr(frame, name) for frame in frames]) for name in CHANNELS}
    between = Clip(shape=still.shape, **channels).at(0.5)
    np.testing.assert_array_equal(between.rotation, still.rotation)
    np.testing.assert_allclose(between.jaw_pose, (0.1, 0.0, 0.0), atol=1e-7)
