from __future__ import annotations

import numpy as np
import pytest

from studio.flame.rotations import relative, slerp
from studio.sequence.operations.joining import joined, looped
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import waving


def test_a_cross_fade_passes_from_one_to_the_other():
    first, second = waving(20), waving(15, seed=3).replace(expr=waving(15, seed=9).expr)
    second = second.replace(rotation=waving(15, seed=5).rotation)
    made, told = joined(first, second, 6)
    assert (len(made), told) == (29, [])
    assert made.frame(13) == first.frame(13)
    assert made.frame(20) == second.frame(6)
    share = 3.0 / 7.0
    weight = share * share * (3.0 - 2.0 * share)
    np.testing.assert_allclose(
        made.expr[16], (1 - weight) * first.expr[16] + weight * second.expr[2], atol=1e-6
    )
    np.testing.assert_allclose(
        made.rotation[16], slerp(first.rotation[16], second.rotation[2], weight), atol=1e-6
    )


def test_no_fade_is_one_after_the_other():
    made, _ = joined(waving(4), waving(3), 0)
    assert (len(made), made.frame(4)) == (7, waving(3).frame(0))


def test_another_rate_is_resampled_and_another_head_is_told():
    first, second = waving(20, 25.0), waving(41, 50.0).replace(shape=np.ones(5))
    made, told = joined(first, second, 5)
    assert len(made) == 20 + 21 - 5
    assert (made.fps, made.shape.tolist()) == (25.0, first.shape.tolist())
    assert [sentence.split()[0] for sentence in told] == ["The", "The"]
    assert "different people" in told[0]
    assert "resampled to 25" in told[1]


def test_offsets_of_both_are_kept():
    first, second = waving(8, offsets=True), waving(6)
    second = second.replace(static_offset=np.ones((6, 3)))
    made, _ = joined(first, second, 2)
    np.testing.assert_allclose(made.vertex_offset(0), first.vertex_offset(0), atol=1e-7)
    np.testing.assert_allclose(made.vertex_offset(11), np.ones((6, 3)), atol=1e-7)
    both, _ = joined(second, second, 0)
    assert both.dynamic_offset is None
    with pytest.raises(StudioError, match="meshes of 6 and 7"):
        joined(first, second.replace(static_offset=np.ones((7, 3))), 0)


def test_clips_of_two_models_are_refused():
    other = waving(8).replace(model_digest="cd", model_name="FLAME 2023")
    with pytest.raises(StudioError, match=r"tiny and the other for FLAME 2023.*transfer"):
        joined(waving(8), other, 2)
    joined(waving(8), other.replace(model_digest=""), 2)


@pytest.mark.parametrize("fade", [-1, 9])
def test_a_fade_fits_the_shorter_clip(fade):
    with pytest.raises(StudioError, match="does not fit"):
        joined(waving(20), waving(8), fade)


@pytest.mark.parametrize("fade", [8, 20, 30])
def test_the_seam_of_a_loop_is_as_smooth_as_the_clip(fade):
    clip = waving(80, offsets=True)
    loop = looped(clip, fade)
    assert len(loop) == 80 - fade
    twice, _ = joined(loop, loop, 0)
    seam = len(loop)
    for field in ("expr", "translation", "eyelids", "dynamic_offset"):
        rows = getattr(twice, field).reshape(len(twice), -1).astype(np.float64)
        steps = np.diff(rows, axis=0)
        # From the last frame to the first it goes on as in the clip, within a weight that is still flat.
        own = getattr(clip, field).reshape(len(clip), -1).astype(np.float64)
        np.testing.assert_allclose(steps[seam - 1], own[seam] - own[seam - 1], atol=1e-6)
        bends = np.abs(np.diff(steps, axis=0)).max(axis=1)
        assert bends[seam - 2 : seam].max() <= bends.max() * 1.0 + 1e-9
        inside = np.abs(np.diff(own, 2, axis=0)).max() + 12.0 / fade**2 * np.ptp(own, axis=0).max()
        assert bends[seam - 2 : seam + 1].max() < inside
    turns = relative(twice.rotation[:-1], twice.rotation[1:])
    np.testing.assert_allclose(
        turns[seam - 1], relative(clip.rotation[seam - 1], clip.rotation[seam]), atol=1e-6
    )


@pytest.mark.parametrize(("frames", "fade"), [(10, 6), (10, 0), (1, 1)])
def test_a_loop_passes_over_half_of_the_clip_at_most(frames, fade):
    with pytest.raises(StudioError, match="cannot pass over"):
        looped(waving(frames), fade)
