"""Both eyes look at the point, as far as eyes can, and the lids go along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.gaze import FAR, SIDEWAYS_RANGE, UP_RANGE, Gaze, gaze_of, gaze_target, look_at, with_gaze
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params, frozen
from tests.backends.reference import forward, rotation_matrix

AHEAD = (0.0, 0.03, 0.6)


@pytest.fixture(scope="module")
def still_lids(head_model: HeadModel) -> HeadModel:
    """A model whose lids do not move with its eyes, as FLAME's."""
    posedirs = head_model.posedirs.copy()
    posedirs[:, :, 18:] = 0.0
    return replace(head_model, posedirs=frozen(posedirs))


def misses(model: HeadModel, params: Params, target: tuple[float, ...]) -> np.ndarray:
    """How far the line of sight of each eye passes by ``target``, metres, by the forward pass."""
    joints = forward(model, params).joints[3:]
    turn = rotation_matrix(params.rotation) @ rotation_matrix(params.neck_pose)
    lines = [turn @ rotation_matrix(eye) @ (0.0, 0.0, 1.0) for eye in params.eyes_pose.reshape(2, 3)]
    arms = np.asarray(target) - joints
    return np.array(
        [np.linalg.norm(arm - (arm @ line) * line) for arm, line in zip(arms, lines, strict=True)]
    )


@pytest.mark.parametrize(
    "target", [AHEAD, (0.15, -0.1, 0.4), (-0.2, 0.2, 0.8), (0.02, 0.02, 0.2), (3.0, 1.0, 5.0)]
)
def test_both_eyes_meet_at_the_target(head_model: HeadModel, target: tuple[float, ...]) -> None:
    looking = look_at(head_model, Params.neutral(head_model), target)
    assert misses(head_model, looking, target).max() < 1e-5 * max(1.0, np.linalg.norm(target))
    assert looking.eyes_pose[2] == looking.eyes_pose[5] == 0.0


def test_the_head_may_stand_and_turn_anyhow(head_model: HeadModel) -> None:
    posed = Params.random(head_model, 2, fields=("shape", "expr", "neck_pose", "eyes_pose"))
    offset = np.tile(np.float32([0.0, 0.01, 0.0]), (head_model.vertex_count, 1))
    posed = posed.replace(rotation=(0.1, 0.9, -0.2), translation=(0.5, -1.0, 2.0), vertex_offset=offset)
    posed = posed.replace(neck_pose=0.5 * posed.neck_pose)
    turn = rotation_matrix(posed.rotation) @ rotation_matrix(posed.neck_pose)
    target = tuple(forward(head_model, posed).joints[3:].mean(axis=0) + turn @ (0.05, -0.02, 0.4))
    assert misses(head_model, look_at(head_model, posed, target), target).max() < 1e-5
    assert look_at(head_model, posed, target).neck_pose is posed.neck_pose


def test_near_things_bring_the_eyes_together(head_model: HeadModel) -> None:
    def vergence(distance: float) -> float:
        eyes = look_at(head_model, Params.neutral(head_model), (0.0, 0.03, distance)).eyes_pose
        return float(eyes[4] - eyes[1])

    assert vergence(0.2) > vergence(0.5) > vergence(50.0) > 0.0


@pytest.mark.parametrize("target", [(0.0, 5.0, 0.1), (5.0, -5.0, 0.05), (0.0, 0.03, -1.0), (-9.0, 0.0, -9.0)])
def test_eyes_go_no_farther_than_they_can(head_model: HeadModel, target: tuple[float, ...]) -> None:
    looking = look_at(head_model, Params.neutral(head_model), target)
    low, high = FIELD_RANGES["eyes_pose"].T
    assert (looking.eyes_pose >= low - 1e-6).all()
    assert (looking.eyes_pose <= high + 1e-6).all()
    at_limit = np.isclose(looking.eyes_pose, low) | np.isclose(looking.eyes_pose, high)
    assert at_limit[:3].any()
    assert at_limit[3:].any()


def test_lids_follow_down_and_come_back(still_lids: HeadModel) -> None:
    start = Params.neutral(still_lids).replace(eyelids=(0.2, 0.0))
    ahead = look_at(still_lids, start, AHEAD)
    down = look_at(still_lids, ahead, (0.0, -0.3, 0.5))
    assert (down.eyelids > ahead.eyelids + 0.1).all()
    assert (down.eyelids < 1.0).all()
    np.testing.assert_allclose(look_at(still_lids, down, AHEAD).eyelids, ahead.eyelids, atol=1e-5)
    up = look_at(still_lids, ahead, (0.0, 0.4, 0.5))
    assert (up.eyelids >= 0.0).all()
    shut = look_at(still_lids, start.replace(eyelids=(1.0, 1.0)), (0.0, -0.3, 0.5))
    np.testing.assert_allclose(shut.eyelids, 1.0, atol=1e-6)


def test_lids_that_follow_of_themselves_are_left_alone(head_model: HeadModel) -> None:
    down = look_at(head_model, Params.neutral(head_model), (0.0, -0.3, 0.5))
    assert not down.eyelids.any()


def test_the_target_is_read_back(head_model: HeadModel) -> None:
    turned = Params.neutral(head_model).replace(neck_pose=(0.1, 0.2, 0.0), translation=(0.0, 0.1, 0.0))
    for target in ((0.2, 0.1, 0.6), (0.1, -0.1, 0.3), (1.0, 0.2, 2.0)):
        read = gaze_target(head_model, look_at(head_model, turned, target))
        np.testing.assert_allclose(read, target, atol=2e-3 * np.linalg.norm(target))


def test_eyes_that_never_meet_look_far_ahead(head_model: HeadModel) -> None:
    for eyes in (np.zeros(6), [0.0, 0.2, 0.0, 0.0, -0.2, 0.0]):
        far = gaze_target(head_model, Params.neutral(head_model).replace(eyes_pose=eyes))
        assert far[2] == pytest.approx(FAR, abs=0.1)
        assert abs(far[0]) < 0.01


def test_an_eye_that_is_the_target_stays(head_model: HeadModel) -> None:
    neutral = Params.neutral(head_model)
    looking = look_at(head_model, neutral, forward(head_model, neutral).joints[3])
    assert not looking.eyes_pose[:3].any()
    assert np.isfinite(looking.eyes_pose).all()


@pytest.mark.parametrize("target", [(0.0, 1.0), (0.0, np.nan, 1.0), (np.inf, 0.0, 1.0)])
def test_a_target_is_a_point(head_model: HeadModel, target: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="three finite numbers"):
        look_at(head_model, Params.neutral(head_model), target)


@pytest.mark.parametrize(
    "gaze", [Gaze(), Gaze(0.3, -0.2, 0.4), Gaze(-0.5, 0.4, 0.12), Gaze(0.0, 0.0, 1.5), Gaze(0.4, 0.1)]
)
def test_a_gaze_is_read_as_it_was_set(head_model: HeadModel, gaze: Gaze) -> None:
    turned = Params.random(head_model, 6, fields=("shape", "neck_pose")).replace(translation=(1.0, 0.0, 0.0))
    told = gaze_of(head_model, with_gaze(head_model, turned, gaze))
    assert (told.sideways, told.up) == pytest.approx((gaze.sideways, gaze.up), abs=2e-3)
    assert 1.0 / told.distance == pytest.approx(1.0 / gaze.distance, abs=2e-2)


def test_eyes_that_look_far_away_are_parallel(head_model: HeadModel) -> None:
    looking = with_gaze(head_model, Params.neutral(head_model), Gaze(0.3, 0.2))
    np.testing.assert_array_equal(looking.eyes_pose[:3], looking.eyes_pose[3:])
    assert with_gaze(head_model, looking, Gaze()) == Params.neutral(head_model)


def test_the_ranges_of_gaze_are_those_of_an_eye(head_model: HeadModel) -> None:
    for sideways, up in zip(SIDEWAYS_RANGE, UP_RANGE, strict=True):
        for gaze in (Gaze(sideways, 0.0), Gaze(0.0, up)):
            told = gaze_of(head_model, with_gaze(head_model, Params.neutral(head_model), gaze))
            assert (told.sideways, told.up) == pytest.approx((gaze.sideways, gaze.up), abs=1e-3)
