from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import savgol_filter
from scipy.spatial.transform import Rotation

from studio.sequence.operations.jitter import jitter, mesh_jitter
from studio.sequence.operations.one_euro import LENGTH_UNIT, TURN_UNIT, euro_smoothed
from studio.sequence.operations.parts import PARTS
from studio.sequence.operations.smoothing import smoothed
from studio.storage.errors import StudioError
from tests.sequence.operations.clips import spinning, waving


def noisy(clip, size=0.02, seed=1):
    random = np.random.default_rng(seed)
    fields = ("expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation")
    return clip.replace(
        **{f: getattr(clip, f) + size * random.normal(size=getattr(clip, f).shape) for f in fields}
    )


@pytest.mark.parametrize(("window", "order"), [(5, 2), (9, 3), (21, 1)])
def test_numbers_are_smoothed_as_scipy_does(window, order):
    clip = noisy(waving(50, offsets=True))
    made = smoothed(clip, PARTS, window, order)
    for field in ("expr", "translation", "eyelids"):
        wanted = savgol_filter(getattr(clip, field).astype(np.float64), window, order, axis=0)
        np.testing.assert_allclose(getattr(made, field), wanted, atol=1e-6)
    offsets = savgol_filter(clip.dynamic_offset.astype(np.float64), window, order, axis=0)
    np.testing.assert_allclose(made.dynamic_offset, offsets, atol=1e-7)
    np.testing.assert_array_equal(made.static_offset, clip.static_offset)


def test_small_turns_are_smoothed_as_numbers_are():
    clip = noisy(waving(40), 0.001)
    small = clip.replace(rotation=0.01 * clip.rotation)
    made = smoothed(small, ["head"], 7, 2)
    wanted = savgol_filter(small.rotation.astype(np.float64), 7, 2, axis=0)
    np.testing.assert_allclose(made.rotation, wanted, atol=2e-7)


@pytest.mark.parametrize("rate", [0.02, 0.2])
def test_a_steady_turn_through_half_a_turn_stays(rate):
    clip = spinning(60, (1.0, -2.0, 0.5), rate)
    for made in (smoothed(clip, ["head"], 9, 2), smoothed(clip, ["head"], 9, 1)):
        apart = Rotation.from_rotvec(clip.rotation).inv() * Rotation.from_rotvec(made.rotation)
        assert np.abs(apart.magnitude()).max() < 1e-6


def test_smoothing_does_not_depend_on_how_the_head_is_turned():
    clip = noisy(waving(40))
    turn = Rotation.from_rotvec([0.4, 2.0, -1.0])
    turned = clip.replace(rotation=(turn * Rotation.from_rotvec(clip.rotation)).as_rotvec())
    for smooth in (lambda c: smoothed(c, ["head"], 7, 2), lambda c: euro_smoothed(c, ["head"], 2.0, 1.0)):
        first = turn * Rotation.from_rotvec(smooth(clip).rotation)
        second = Rotation.from_rotvec(smooth(turned).rotation)
        assert (first.inv() * second).magnitude().max() < 1e-5


def slow_one_euro(values, rate, cutoff, response, unit):
    """Casiez et al., algorithm 1, as it is printed, of one channel."""

    def alpha(frequency):
        tau = 1.0 / (2.0 * np.pi * frequency)
        return 1.0 / (1.0 + tau * rate)

    kept, speed, made = values[0], 0.0, [values[0]]
    for value in values[1:]:
        raw = (value - kept) * rate / unit
        speed = alpha(1.0) * raw + (1 - alpha(1.0)) * speed
        share = alpha(cutoff + response * abs(speed))
        kept = share * value + (1 - share) * kept
        made.append(kept)
    return np.array(made)


def test_one_euro_is_the_algorithm_as_printed():
    clip = noisy(waving(50))
    made = euro_smoothed(clip, ["expression", "translation"], 1.5, 0.7, both_ways=False)
    for field, unit in (("expr", 1.0), ("translation", LENGTH_UNIT)):
        for column in range(3):
            values = getattr(clip, field)[:, column].astype(np.float64)
            wanted = slow_one_euro(values, 25.0, 1.5, 0.7, unit)
            np.testing.assert_allclose(getattr(made, field)[:, column], wanted, atol=1e-6)


def test_one_euro_of_turns_about_one_axis_is_that_of_their_angle():
    angles = np.cumsum(np.random.default_rng(4).normal(0, 0.1, 60))
    axis = np.array([2.0, -1.0, 2.0]) / 3.0
    clip = waving(60).replace(jaw_pose=angles[:, None] * axis)
    made = euro_smoothed(clip, ["jaw"], 1.5, 0.7, both_ways=False)
    wanted = slow_one_euro(angles, 25.0, 1.5, 0.7, TURN_UNIT)
    np.testing.assert_allclose(made.jaw_pose @ axis, wanted, atol=1e-5)


def test_both_ways_has_no_lag():
    ramp = np.linspace(0.0, 4.0, 80)[:, None] * np.ones(4)
    clip = waving(80).replace(expr=ramp)
    behind = euro_smoothed(clip, ["expression"], 0.5, 0.0, both_ways=False).expr - ramp
    level = euro_smoothed(clip, ["expression"], 0.5, 0.0).expr - ramp
    assert behind[40, 0] < -0.1
    assert abs(level[40, 0]) < 1e-3


@pytest.mark.parametrize(
    "method", [lambda c: smoothed(c, PARTS, 9, 2), lambda c: euro_smoothed(c, PARTS, 1, 0)]
)
def test_jitter_falls_and_what_moves_stays(method):
    clean = waving(100)
    clip = noisy(clean, 0.01)
    made = method(clip)
    before, after = jitter(clip), jitter(made)
    assert set(before) == {"expression", "jaw", "neck", "head", "eyes", "eyelids", "translation"}
    assert all(after[part] < 0.5 * before[part] for part in before if part != "eyelids")
    assert (len(made), made.fps, made.model_digest) == (100, clip.fps, clip.model_digest)
    assert np.abs(made.expr - clean.expr).mean() < np.abs(clean.expr).mean() / 4


def test_jitter_is_the_second_difference():
    clip = waving(30)
    expr = clip.expr.astype(np.float64)
    second = expr[2:] - 2 * expr[1:-1] + expr[:-2]
    assert jitter(clip)["expression"] == pytest.approx(np.sqrt((second**2).mean()), rel=1e-6)
    assert jitter(clip)["translation"] == pytest.approx(
        1000 * np.sqrt((np.diff(clip.translation.astype(np.float64), 2, axis=0) ** 2).mean()), rel=1e-6
    )
    assert jitter(spinning(20, (0, 1, 0), 0.1)).get("head", 0.0) < 1e-4
    assert jitter(waving(2)) == {}


def test_jitter_of_the_mesh_is_that_of_its_vertices(tiny_model):
    from studio.backends import create_backend

    backend = create_backend("torch", tiny_model, "cpu")
    clip = waving(230).replace(shape=np.zeros(6), model_digest=tiny_model.digest)
    vertices = np.stack([backend.forward(frame).vertices for frame in clip.frames()]).astype(np.float64)
    second = np.diff(vertices, 2, axis=0)
    assert mesh_jitter(clip, backend) == pytest.approx(1000 * np.sqrt((second**2).sum(2).mean()), rel=1e-4)
    assert mesh_jitter(waving(2), backend) == 0.0


@pytest.mark.parametrize(("window", "order"), [(4, 2), (5, 5), (0, 0), (503, 2)])
def test_a_window_that_makes_no_sense_is_refused(window, order):
    with pytest.raises(StudioError):
        smoothed(waving(20), PARTS, window, order)


@pytest.mark.parametrize("frames", [1, 2, 4])
def test_short_clips_are_smoothed_as_far_as_they_go(frames):
    clip = waving(frames)
    assert len(smoothed(clip, PARTS, 9, 2)) == frames
    assert len(euro_smoothed(clip, PARTS, 1.0, 1.0)) == frames
    with pytest.raises(StudioError, match="cutoff"):
        euro_smoothed(clip, PARTS, 0.0, 1.0)
