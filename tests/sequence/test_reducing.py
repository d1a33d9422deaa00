"""Dense clips become few keys, within what was asked for at every frame."""

from __future__ import annotations

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.rotations import relative
from studio.sequence.clip import Clip
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.key_fitting import fitted
from studio.sequence.layers import Layer, held
from studio.sequence.reducing import Wish, moving_channels, reduce
from studio.storage.errors import JobCancelled, StudioError


def ignore(_done):
    pass


def test_straight_pieces_get_keys_at_their_corners_alone():
    values = np.interp(np.arange(41), [0, 10, 25, 40], [0.0, 1.0, -0.5, 0.25])
    curve = fitted(values, 1e-6, "linear")
    assert curve.frames.tolist() == [0, 10, 25, 40]
    np.testing.assert_allclose(curve.at(np.arange(41))[:, 0], values, atol=1e-12)


def test_what_stands_still_has_one_key():
    assert len(fitted(np.full(50, 0.3), 1e-6)) == 1


@pytest.mark.parametrize("interpolation", ["smooth", "linear", "eased", "stepped"])
@pytest.mark.parametrize("turns", [False, True])
def test_no_frame_is_farther_off_than_allowed(interpolation, turns):
    rng = np.random.default_rng(4)
    values = np.cumsum(rng.normal(0.0, 0.05, (120, 3)), axis=0)
    allowed = np.where(np.arange(120) < 60, 0.02, 0.2)
    curve = fitted(values, allowed, interpolation, turns)
    made = curve.at(np.arange(120))
    off = np.linalg.norm(relative(values, made) if turns else made - values, axis=1)
    assert (off <= allowed + 1e-8).all()
    first, second = ((curve.frames < 60).sum(), (curve.frames >= 60).sum())
    assert second < first < 60


def test_wanted_frames_get_keys():
    curve = fitted(np.zeros(20), 1.0, wanted=[7, 11])
    assert curve.frames.tolist() == [0, 7, 11]


@pytest.fixture(scope="module")
def backend(head_model):
    return create_backend("torch", head_model)


@pytest.fixture(scope="module")
def speech(head_model):
    return read_clip(example_path("speak"), head_model)[0]


@pytest.mark.parametrize("interpolation", ["smooth", "linear"])
def test_the_mesh_keeps_within_the_tolerance_at_every_frame(head_model, backend, speech, interpolation):
    tolerance = 0.0005
    result = reduce(speech, head_model, backend, Wish(tolerance, interpolation), ignore)
    made = Layer(curves=result.curves).over_clip(held(result.rest, len(speech)))
    worst = max(
        float(np.linalg.norm(backend.forward(here).vertices.astype(float) - there, axis=1).max())
        for here, there in (
            (first, backend.forward(second).vertices.astype(float).copy())
            for first, second in zip(speech.frames(), made.frames(), strict=True)
        )
    )
    assert worst <= tolerance + 1e-6
    assert result.error == pytest.approx(worst, abs=2e-6)
    assert len(result.rest) == 1
    assert result.key_count == sum(len(curve) for curve in result.curves.values())
    assert result.key_count < 0.25 * len(speech) * len(moving_channels(speech))


def test_a_wider_tolerance_needs_fewer_keys(head_model, backend, speech):
    fine, coarse = (
        reduce(speech, head_model, backend, Wish(tolerance), ignore) for tolerance in (0.0002, 0.002)
    )
    assert coarse.key_count < 0.6 * fine.key_count


def test_groups_that_are_not_chosen_stay_in_the_clip(head_model, backend, speech):
    result = reduce(speech, head_model, backend, Wish(groups=("jaw",)), ignore)
    assert set(result.curves) == {"jaw_pose"}
    assert len(result.rest) == len(speech)
    np.testing.assert_array_equal(result.rest.expr, speech.expr)
    assert not np.ptp(result.rest.jaw_pose, axis=0).any()


def test_it_stops_when_asked_to(head_model, backend, speech):
    def stop(_done):
        raise JobCancelled

    with pytest.raises(JobCancelled):
        reduce(speech, head_model, backend, Wish(), stop)


def test_what_cannot_be_reduced_is_refused(head_model, backend, speech):
    with pytest.raises(StudioError, match="still"):
        reduce(speech.part(0, 1), head_model, backend, Wish(), ignore)
    with pytest.raises(StudioError, match="tolerance"):
        reduce(speech, head_model, backend, Wish(0.0), ignore)
    still = Clip.still(speech.frame(0))
    frozen = held(still, 30)
    with pytest.raises(StudioError, match="Nothing"):
        reduce(frozen, head_model, backend, Wish(), ignore)
    expr = speech.expr.copy()
    expr[4, 2] = np.nan
    with pytest.raises(StudioError, match="not numbers"):
        reduce(speech.replace(expr=expr), head_model, backend, Wish(), ignore)
