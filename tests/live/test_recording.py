"""Recordings: even clips with the right timing from frames that come unevenly, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.arkit import UNITS
from studio.controls.named_controls import apply_all, control_set
from studio.document.take import Take
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from studio.live import recording as recording_module
from studio.live.face_map import FaceMap
from studio.live.recording import Recording

JAW = UNITS.index("jawOpen")
ALL = (True, True, True)


def recorded(times, jaw, head=lambda t: (0.0, 0.0, 0.0)):
    made = Recording()
    for time in times:
        units = np.zeros(len(UNITS))
        units[JAW] = jaw(time)
        made.add(time, units, np.asarray(head(time), float))
    return made


def swing(time):
    """Slow enough that straight lines between frames are near it."""
    return 0.5 + 0.4 * np.sin(2.0 * time)


@pytest.mark.parametrize("rate", [23.7, 29.97, 41.3, 58.0])
def test_frames_at_an_odd_rate_keep_their_timing(rate):
    rng = np.random.default_rng(4)
    times = 1_000.0 + (np.arange(round(6 * rate)) + rng.uniform(-0.3, 0.3, round(6 * rate))) / rate
    made = recorded(times, lambda time: swing(time - times[0]))
    clip_rate = made.rate()
    assert clip_rate in recording_module.RATES
    assert abs(np.log(clip_rate / rate)) < 0.2
    units, _ = made.even(clip_rate)
    at = np.arange(len(units)) / clip_rate
    assert abs(at[-1] - (times[-1] - times[0])) <= 0.51 / clip_rate
    np.testing.assert_allclose(units[:, JAW], swing(np.minimum(at, times[-1] - times[0])), atol=2e-3)


def test_the_head_goes_by_the_short_arc():
    """Between 170 and 190 degrees lie 180, not 0."""
    heads = {0.0: np.radians(170.0), 0.1: np.radians(-170.0)}
    made = recorded((0.0, 0.1), lambda _: 0.0, lambda time: (0.0, heads[time], 0.0))
    _, turns = made.even(20.0)
    half = to_matrices((0.0, np.pi, 0.0))
    np.testing.assert_allclose(to_matrices(turns[1]), half, atol=1e-6)


def test_over_a_gap_the_face_is_held():
    times = np.concatenate([np.arange(0.0, 1.0, 0.1), np.arange(3.0, 4.0, 0.1)])
    made = recorded(times, lambda time: 0.2 if time < 2.0 else 0.8)
    units, _ = made.even(10.0)
    np.testing.assert_allclose(units[:30, JAW], 0.2, atol=1e-6)
    np.testing.assert_allclose(units[30:, JAW], 0.8, atol=1e-6)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(recording_module, "MOST_FRAMES", 3000)
    made = recorded(np.arange(5000) / 60.0, lambda _: 0.0)
    assert len(made) == 3000
    assert made.is_full
    assert made._values.nbytes < 2 * 4096 * 55 * 4


def test_a_single_moment_is_a_clip_of_one_frame(tiny_model, head_model):
    faces = FaceMap.of(control_set(head_model))
    clip = recorded((5.0,), lambda _: 0.5).clip(head_model, faces, Params.neutral(head_model), ALL)
    assert len(clip) == 1


def test_times_that_do_not_go_on_are_left_out():
    made = recorded((1.0, 1.0, 0.5, 1.1), lambda _: 0.1)
    assert len(made) == 2


def test_the_clip_is_the_head_of_the_document_with_what_was_driven(head_model):
    base = Params.random(head_model, seed=2).replace(translation=(0.01, 0.02, 0.03))
    faces = FaceMap.of(control_set(head_model))
    made = recorded(np.arange(60) / 60.0, swing, lambda time: (0.0, 0.3 * time, 0.0))
    clip = made.clip(head_model, faces, base, ALL)
    assert (clip.fps, len(clip)) == (60.0, 60)
    assert clip.model_digest == head_model.digest
    np.testing.assert_array_equal(clip.shape, base.shape)
    np.testing.assert_allclose(clip.translation, np.tile(base.translation, (60, 1)))
    shown = Take.of("Live", clip).params(30.0)
    units = np.zeros(len(UNITS))
    units[JAW] = swing(0.5)
    expected = faces.params(base, units, np.array((0.0, 0.15, 0.0)), ALL)
    for name in ("expr", "jaw_pose", "neck_pose", "rotation", "eyes_pose", "eyelids"):
        np.testing.assert_allclose(getattr(shown, name), getattr(expected, name), atol=1e-5)


def test_what_does_not_follow_stays_as_the_document_has_it(head_model):
    base = Params.random(head_model, seed=3)
    faces = FaceMap.of(control_set(head_model))
    made = recorded((0.0, 0.1), lambda _: 0.5, lambda _: (0.1, 0.2, 0.0))
    clip = made.clip(head_model, faces, base, (False, True, False))
    np.testing.assert_array_equal(clip.expr, np.tile(base.expr, (len(clip), 1)))
    np.testing.assert_array_equal(clip.eyes_pose, np.tile(base.eyes_pose, (len(clip), 1)))
    np.testing.assert_allclose(clip.neck_pose + clip.rotation, [(0.1, 0.2, 0.0)] * len(clip), atol=1e-6)


def test_the_map_does_what_the_named_controls_do(head_model):
    """Against the slow way over the names, from a neutral head."""
    controls = control_set(head_model)
    faces, neutral = FaceMap.of(controls), Params.neutral(head_model)
    rng = np.random.default_rng(6)
    for _ in range(5):
        names = rng.choice([name for name in UNITS if not name.startswith("eyeLook")], 6, replace=False)
        values = dict(zip(names.tolist(), rng.uniform(0.1, 0.9, 6).tolist(), strict=True))
        if "mouthClose" in values:
            values["jawOpen"] = values["mouthClose"]
        values |= {"eyeLookUpLeft": 0.4, "eyeLookOutRight": 0.3}
        units = np.array([values.get(name, 0.0) for name in UNITS])
        expected = apply_all(controls, neutral, {name: values.get(name, 0.0) for name in UNITS})
        found = faces.params(neutral, units, np.zeros(3), ALL)
        for name in ("expr", "jaw_pose", "eyes_pose", "eyelids"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-5)


def test_lips_close_no_farther_than_the_jaw_is_open(head_model):
    faces, neutral = FaceMap.of(control_set(head_model)), Params.neutral(head_model)
    units = np.zeros(len(UNITS))
    units[UNITS.index("mouthClose")] = 0.9
    shown = faces.params(neutral, units, np.zeros(3), ALL)
    np.testing.assert_array_equal(shown.expr, neutral.expr)
