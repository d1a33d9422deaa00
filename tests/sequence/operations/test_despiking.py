from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from studio.sequence.operations.despiking import despiked
from studio.sequence.operations.parts import PARTS
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import waving

SPIKES = (9, 30, 31, 52)


def shaken(seed=2):
    """A clip with a little noise, and the same with spikes planted in it."""
    random = np.random.default_rng(seed)
    clip = waving(70, offsets=True)
    clip = clip.replace(expr=clip.expr + random.normal(0, 0.004, clip.expr.shape))
    expr, jaw, place = clip.expr.copy(), clip.jaw_pose.copy(), clip.translation.copy()
    for frame in SPIKES:
        expr[frame, 1] += 1.0
        jaw[frame] = (Rotation.from_rotvec(jaw[frame]) * Rotation.from_rotvec([0.0, 0.8, 0.3])).as_rotvec()
        place[frame, 2] -= 0.2
    return clip, clip.replace(expr=expr, jaw_pose=jaw, translation=place)


def test_planted_spikes_are_found_and_nothing_else():
    clean, spiky = shaken()
    made, told = despiked(spiky, PARTS, 11, 4.0, 2)
    assert (told.counts["jaw"], told.counts["translation"]) == (4, 4)
    assert told.counts["expression"] == 4
    assert told.counts["neck"] == told.counts["eyes"] == told.counts["offsets"] == 0
    for frame in SPIKES:
        assert np.abs(made.expr[frame] - clean.expr[frame]).max() < 0.03
        assert np.abs(made.translation[frame] - clean.translation[frame]).max() < 0.03
        apart = Rotation.from_rotvec(clean.jaw_pose[frame]).inv() * Rotation.from_rotvec(made.jaw_pose[frame])
        assert apart.magnitude() < 0.03
    others = [frame for frame in range(70) if frame not in SPIKES]
    np.testing.assert_array_equal(made.jaw_pose[others], spiky.jaw_pose[others])


def test_a_spike_beyond_half_a_turn_is_one_turn_of_the_joint():
    clip = waving(40)
    turned = np.tile([0.0, 3.1, 0.0], (40, 1))
    turned[20:] = [0.0, -3.1, 0.0]  # 4.8 degrees on, told from the other side
    made, told = despiked(clip.replace(rotation=turned), ["head"], 11, 4.0, 2)
    assert told.total == 0
    np.testing.assert_allclose(made.rotation, turned, atol=1e-6)


@pytest.mark.parametrize("blink", [(0.3, 0.9, 1.0, 0.8, 0.4, 0.1), (0.5, 1.0, 0.3)])
def test_a_blink_is_no_spike(blink):
    lids = np.zeros((60, 2))
    lids[20 : 20 + len(blink)] = np.array(blink)[:, None]
    clip = waving(60).replace(eyelids=lids)
    made, told = despiked(clip, ["eyelids"], 11, 4.0, 2)
    assert told.total == 0
    np.testing.assert_allclose(made.eyelids, lids, atol=1e-6)


def test_numbers_that_are_none_are_mended_at_any_length():
    clip = waving(40)
    expr, head = clip.expr.copy(), clip.rotation.copy()
    expr[10:16, 2] = np.nan
    expr[39, 0] = np.inf
    head[20:23] = np.nan
    made, told = despiked(clip.replace(expr=expr, rotation=head), PARTS, 11, 4.0, 2)
    assert np.isfinite(made.expr).all()
    assert np.isfinite(made.rotation).all()
    assert (told.counts["expression"], told.counts["head"]) == (7, 3)
    np.testing.assert_allclose(made.expr[12, 2], np.interp(12, [9, 16], clip.expr[[9, 16], 2]), atol=1e-6)
    np.testing.assert_allclose(made.expr[39, 0], clip.expr[38, 0], atol=1e-6)


def test_a_channel_without_one_number_cannot_be_mended():
    clip = waving(5)
    with pytest.raises(StudioError, match="Not one frame of the head"):
        despiked(clip.replace(rotation=np.full((5, 3), np.nan)), ["head"], 7, 4.0, 1)


@pytest.mark.parametrize("wrong", [(8, 4.0, 1), (11, 0.0, 2), (9, 4.0, 2), (9, 4.0, 0), (101, 4.0, 2)])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(StudioError):
        despiked(waving(20), PARTS, *wrong)


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_short_clips_pass(frames):
    made, told = despiked(waving(frames), PARTS, 11, 4.0, 2)
    assert (made, told.total) == (waving(frames), 0)


@pytest.mark.parametrize("frame", [0, 1, 38, 39])
def test_spikes_near_the_ends_are_found(frame):
    clip = waving(40)
    expr = clip.expr.copy()
    expr[frame, 1] += 1.0
    made, told = despiked(clip.replace(expr=expr), ["expression"], 11, 4.0, 2)
    assert told.total == 1
    assert np.abs(made.expr - clip.expr).max() < 0.1
