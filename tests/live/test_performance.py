"""What becomes of frames on their way to the head."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.arkit import UNITS
from studio.flame.rotations import compose, to_matrices
from studio.live.calibration import FRAMES
from studio.live.frame import FaceFrame
from studio.live.performance import Performance
from studio.live.settings import LiveSettings

RATE = 60.0
PLAIN = LiveSettings(smoothing=0.0)


def units(**named):
    values = np.zeros(len(UNITS))
    for name, value in named.items():
        values[UNITS.index(name)] = value
    return values


def turn(x=0.0, y=0.0, z=0.0):
    return np.array((x, y, z))


def performed(settings, frames):
    """The units and the turns (T, ...) that come of ``frames``, pairs of units and turn at 60 a second."""
    performance = Performance(settings)
    found = []
    for number, (face, head) in enumerate(frames):
        performance.take(FaceFrame(number / RATE, face, head))
        found.append((performance.newest.units, performance.newest.head))
    return tuple(np.array(part) for part in zip(*found, strict=True))


def angle(first, second):
    """Radians between two rotations, by their matrices."""
    cosine = 0.5 * (np.trace(to_matrices(first).T @ to_matrices(second)) - 1.0)
    return np.arccos(np.clip(cosine, -1.0, 1.0))


def test_without_smoothing_frames_come_as_they_are():
    face, head = units(jawOpen=0.3), turn(y=0.2)
    found, turns = performed(PLAIN, [(face, head)] * 3)
    np.testing.assert_array_equal(found[-1], face)
    np.testing.assert_array_equal(turns[-1], head)


def test_smoothing_lowers_the_jitter_of_a_face_at_rest():
    rng = np.random.default_rng(1)
    frames = [(units(jawOpen=0.4 + 0.02 * rng.normal()), 0.01 * rng.normal(size=3)) for _ in range(300)]
    faces, turns = performed(LiveSettings(smoothing=0.4), frames)
    given = np.array([face for face, _ in frames])[100:, UNITS.index("jawOpen")]
    assert faces[100:, UNITS.index("jawOpen")].std() < 0.6 * given.std()
    before = np.array([head for _, head in frames])[100:]
    assert np.diff(turns[100:], axis=0).std() < 0.5 * np.diff(before, axis=0).std()


@pytest.mark.parametrize("strength", [0.2, 0.4, 0.7, 1.0])
def test_smoothing_follows_a_step_within_a_sixth_of_a_second(strength):
    low, high = (units(), turn()), (units(jawOpen=1.0), turn(y=0.6))
    faces, turns = performed(LiveSettings(smoothing=strength), [low] * 60 + [high] * 60)
    jaw = faces[60:, UNITS.index("jawOpen")]
    assert np.argmax(jaw > 0.9) / RATE <= 1 / 6
    assert np.argmax(turns[60:, 1] > 0.9 * 0.6) / RATE <= 1 / 6
    assert jaw.max() <= 1.0 + 1e-9
    assert (np.diff(jaw) >= -1e-12).all()


def test_more_strength_is_steadier():
    rng = np.random.default_rng(2)
    frames = [(units(jawOpen=0.4 + 0.01 * rng.normal()), turn()) for _ in range(300)]
    spread = [
        performed(LiveSettings(smoothing=strength), frames)[0][100:, UNITS.index("jawOpen")].std()
        for strength in (0.1, 0.4, 0.7, 1.0)
    ]
    assert spread == sorted(spread, reverse=True)


def test_the_head_is_smoothed_on_the_sphere_also_over_half_a_turn():
    """A head that goes on turning past half a turn never swings back the long way."""
    heads = [turn(y=3.0 + 0.01 * number) for number in range(60)]
    heads = [head if np.linalg.norm(head) <= np.pi else head - turn(y=2 * np.pi) for head in heads]
    _, turns = performed(LiveSettings(smoothing=0.5), [(units(), head) for head in heads])
    for given, found in zip(heads[20:], turns[20:], strict=True):
        assert angle(given, found) < 0.15


def test_after_a_pause_smoothing_begins_anew():
    performance = Performance(LiveSettings(smoothing=1.0))
    performance.take(FaceFrame(0.0, units(), turn()))
    performance.take(FaceFrame(2.0, units(jawOpen=0.8), turn()))
    assert performance.newest.units[UNITS.index("jawOpen")] == 0.8


def test_frames_from_before_the_last_are_left_out():
    performance = Performance(PLAIN)
    performance.take(FaceFrame(1.0, units(jawOpen=0.5), turn()))
    performance.take(FaceFrame(0.5, units(jawOpen=0.1), turn()))
    assert performance.newest.units[UNITS.index("jawOpen")] == 0.5


def calibrated(face, head, settings=PLAIN):
    performance = Performance(settings)
    performance.calibrate()
    for number in range(FRAMES):
        assert performance.calibrating == number / FRAMES
        performance.take(FaceFrame(number / RATE, face, head))
    assert performance.calibrating is None
    assert performance.is_calibrated
    return performance


def test_the_calibrated_face_becomes_neutral_and_whole_units_stay_whole():
    performance = calibrated(units(mouthFrownLeft=0.2, browDownLeft=0.1), turn(x=0.1))
    performance.take(FaceFrame(1.0, units(mouthFrownLeft=0.2, browDownLeft=0.1), turn(x=0.1)))
    np.testing.assert_allclose(performance.newest.units, 0.0, atol=1e-9)
    np.testing.assert_allclose(performance.newest.head, 0.0, atol=1e-9)
    performance.take(FaceFrame(1.1, units(mouthFrownLeft=1.0, browDownLeft=0.55), turn()))
    assert performance.newest.units[UNITS.index("mouthFrownLeft")] == pytest.approx(1.0)
    assert performance.newest.units[UNITS.index("browDownLeft")] == pytest.approx(0.5)


def test_calibration_averages_noise_away():
    rng = np.random.default_rng(3)
    performance = Performance(PLAIN)
    performance.calibrate()
    for number in range(FRAMES):
        noise = 0.03 * rng.normal(size=3)
        performance.take(FaceFrame(number / RATE, units(jawOpen=0.3 + noise[0]), turn(y=0.4) + noise))
    performance.take(FaceFrame(1.0, units(jawOpen=0.3), turn(y=0.4)))
    assert performance.newest.units[UNITS.index("jawOpen")] < 0.02
    assert np.linalg.norm(performance.newest.head) < 0.02


def test_the_turn_after_calibration_is_the_one_beyond_the_rest():
    rest, beyond = turn(0.2, -0.3, 0.1), turn(0.1, 0.4, 0.0)
    performance = calibrated(units(), rest)
    performance.take(FaceFrame(1.0, units(), compose(rest, beyond)))
    np.testing.assert_allclose(performance.newest.head, beyond, atol=1e-9)


def test_eyes_that_rest_to_one_side_can_look_to_both():
    performance = calibrated(units(eyeLookOutLeft=0.2, eyeLookInRight=0.2), turn())
    performance.take(FaceFrame(1.0, units(eyeLookInLeft=0.1), turn()))
    found = performance.newest.units
    assert found[UNITS.index("eyeLookInLeft")] == pytest.approx(0.3 / 1.2)
    assert found[UNITS.index("eyeLookOutLeft")] == 0.0


def test_forgetting_neutral_takes_frames_as_they_come():
    performance = calibrated(units(jawOpen=0.3), turn())
    performance.forget_neutral()
    assert not performance.is_calibrated
    performance.take(FaceFrame(1.0, units(jawOpen=0.3), turn()))
    assert performance.newest.units[UNITS.index("jawOpen")] == pytest.approx(0.3)


def test_a_mirror_swaps_the_sides():
    face = units(mouthSmileLeft=0.6, eyeLookInLeft=0.5, jawRight=0.2, browInnerUp=0.3)
    found, turns = performed(PLAIN.replace(mirrored=True), [(face, turn(0.1, 0.2, 0.3))])
    expected = units(mouthSmileRight=0.6, eyeLookInRight=0.5, jawLeft=0.2, browInnerUp=0.3)
    np.testing.assert_array_equal(found[0], expected)
    reflection = np.diag((-1.0, 1.0, 1.0))
    mirrored = reflection @ to_matrices(turn(0.1, 0.2, 0.3)) @ reflection
    np.testing.assert_allclose(to_matrices(turns[0]), mirrored, atol=1e-12)


def test_gains_strengthen_one_group_and_one_axis():
    gains = {**PLAIN.gains, "Mouth": 2.0, "Gaze": 0.0, "Nod": -1.0}
    face = units(mouthSmileLeft=0.3, browInnerUp=0.3, eyeLookUpLeft=0.5, eyeWideLeft=0.4)
    found, turns = performed(PLAIN.replace(gains=gains), [(face, turn(0.1, 0.2, 0.3))])
    np.testing.assert_allclose(found[0], units(mouthSmileLeft=0.6, browInnerUp=0.3, eyeWideLeft=0.4))
    np.testing.assert_allclose(turns[0], (-0.1, 0.2, 0.3))


def test_a_recording_keeps_what_is_shown():
    performance = Performance(PLAIN)
    performance.take(FaceFrame(0.0, units(), turn()))
    performance.record()
    for number in range(1, 4):
        performance.take(FaceFrame(number / RATE, units(jawOpen=0.1 * number), turn()))
    recorded = performance.end_recording()
    performance.take(FaceFrame(1.0, units(), turn()))
    assert len(recorded) == 3
    assert recorded.seconds == pytest.approx(2 / RATE)
    assert performance.end_recording() is None
