"""Parameters from vertices: a sequence made by the forward pass comes back to a micrometre."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sequence.clip import Clip
from studio.sequence.operations.surface_fit import Pose, expression_fit, identity_fit
from studio.sequence.operations.vertex_fit import (
    FitSettings,
    checked_vertices,
    fit_identity,
    fit_sequence,
)
from studio.storage.errors import StudioError
from tests.backends.reference import forward, random_model

ALL = ("root", "neck", "jaw", "eyes")


@pytest.fixture(scope="module")
def model():
    return random_model(300, 580, 12, 8, seed=5)


def moving(model, frames=8, seed=1, eyes=0.0, lids=0.0):
    random = np.random.default_rng(seed)
    time = np.linspace(0.0, 1.0, frames)[:, None]

    def wave(width, size):
        return size * np.sin(2 * np.pi * (time * random.uniform(0.3, 0.8, width) + random.random(width)))

    jaw = wave(3, 0.05)
    jaw[:, 0] = 0.25 * np.abs(jaw[:, 0]) / 0.05
    return Clip(
        shape=random.normal(size=model.shape_count),
        expr=wave(model.expression_count, 1.0),
        rotation=wave(3, 0.3),
        neck_pose=wave(3, 0.2),
        jaw_pose=jaw,
        eyes_pose=wave(6, eyes),
        translation=wave(3, 0.1),
        eyelids=np.abs(wave(2, lids)),
    )


def surfaces(model, clip):
    """The vertices by the formula in float64."""
    return np.stack([forward(model, frame).vertices for frame in clip.frames()])


def test_a_sequence_of_the_forward_pass_comes_back(model):
    clip = moving(model)
    told = []
    found = fit_sequence(
        model,
        surfaces(model, clip),
        clip.shape,
        FitSettings(("root", "neck", "jaw"), places=True),
        30.0,
        step=lambda done, count: told.append((done, count)),
    )
    assert found.mean_mm < 1e-3
    assert found.worst_mm < 1e-2
    assert found.frame_mm.shape == (8,)
    for field, limit in (("expr", 2e-3), ("jaw_pose", 1e-4), ("neck_pose", 1e-4), ("translation", 1e-5)):
        np.testing.assert_allclose(getattr(found.clip, field), getattr(clip, field), atol=limit)
    assert (found.clip.fps, found.clip.model_digest) == (30.0, model.digest)
    assert told[0] == (0, 8)


def test_jaw_and_neck_alone(model):
    clip = moving(model).replace(rotation=np.zeros((8, 3)), translation=np.zeros((8, 3)))
    found = fit_sequence(model, surfaces(model, clip), clip.shape, FitSettings(), 25.0)
    assert found.mean_mm < 1e-3
    assert not found.clip.rotation.any()
    assert not found.clip.translation.any()


def test_a_head_turned_away_in_its_first_frame_is_found(model):
    clip = moving(model)
    clip = clip.replace(
        rotation=clip.rotation + np.array([0.2, 2.8, -0.1]), translation=clip.translation + 3.0
    )
    found = fit_sequence(
        model, surfaces(model, clip), clip.shape, FitSettings(("root", "neck", "jaw"), places=True), 25.0
    )
    assert found.mean_mm < 1e-3


def test_lids_and_eyes_where_they_are_asked_for(head_model):
    clip = moving(head_model, 2, eyes=0.2, lids=0.6)
    clip = clip.replace(expr=0.3 * np.abs(clip.expr), shape=0.3 * clip.shape)
    blinks = [i for i, name in enumerate(head_model.expression_names) if name.startswith("eyeBlink")]
    expr = clip.expr.copy()
    expr[:, blinks] = 0.0  # the same motion as the lids'
    clip = clip.replace(expr=expr)
    settings = FitSettings(ALL, places=True, eyelids=True)
    found = fit_sequence(head_model, surfaces(head_model, clip), clip.shape, settings, 25.0)
    assert found.mean_mm < 1e-3
    closed = found.clip.eyelids + found.clip.expr[:, blinks]
    np.testing.assert_allclose(closed, clip.eyelids, atol=5e-3)


def test_offsets_that_no_parameter_has_are_told_in_millimetres(model):
    clip = moving(model)
    noise = np.random.default_rng(8).normal(0.0, 0.001, (8, 300, 3))
    found = fit_sequence(
        model, surfaces(model, clip) + noise, clip.shape, FitSettings(("root", "neck", "jaw"), True), 25.0
    )
    assert found.mean_mm == pytest.approx(np.sqrt(3.0), rel=0.05)
    assert found.frame_mm.max() < 2.0
    assert found.worst_mm > 2.0


def test_the_shape_of_a_relaxed_head_is_found_wherever_it_is(model):
    clip = moving(model, 1)
    relaxed = clip.replace(
        expr=0 * clip.expr, neck_pose=np.zeros((1, 3)), jaw_pose=np.zeros((1, 3)), rotation=[[0.3, -0.4, 0.1]]
    )
    shape, error = fit_identity(model, surfaces(model, relaxed)[0])
    assert error < 1e-3
    np.testing.assert_allclose(shape, clip.shape, atol=2e-3)


def test_the_steps_lead_down_the_exact_slope(model):
    """What the solver finds is a minimum: no small change of any number makes it better."""
    clip = moving(model, 1)
    wanted = surfaces(model, clip)[0] + np.random.default_rng(0).normal(0, 0.001, (300, 3))
    fit = expression_fit(model, model.v_template.astype(float), ("neck", "jaw"), True, 1e-4, False)
    found, _ = fit.solve(wanted, fit.neutral())

    def cost(blends, pose, place):
        missing = wanted - fit.surface(Pose(blends, pose, place)).astype(float)
        ranges = np.abs(model.expression_ranges).max(axis=1)
        return (missing**2).sum() + 300 * ((1e-4 * blends / ranges) ** 2).sum()

    best = cost(found.blends, found.pose, found.translation)
    for index in (0, 5):
        for step in (-0.02, 0.02):
            blends = found.blends.copy()
            blends[index] += step
            assert cost(blends, found.pose, found.translation) > best
    for index in (3, 4, 6, 8):
        for step in (-2e-3, 2e-3):
            pose = found.pose.copy()
            pose[index] += step
            assert cost(found.blends, pose, found.translation) > best


def test_a_fit_of_the_shape_moves_joints_too(model):
    fit = identity_fit(model, ("root",), 1e-6)
    clip = moving(model, 1).replace(expr=np.zeros((1, 8)), neck_pose=[[0, 0, 0]], jaw_pose=[[0, 0, 0]])
    pose = Pose(clip.shape.astype(float), clip.pose[0].astype(float), clip.translation[0].astype(float))
    np.testing.assert_allclose(fit.surface(pose), surfaces(model, clip)[0], atol=1e-6)


@pytest.mark.parametrize(("scale", "told"), [(1.0, ""), (100.0, "centimetres"), (1000.0, "millimetres")])
def test_the_unit_is_told_by_the_size(model, scale, told):
    vertices = np.tile(model.v_template * scale, (3, 1, 1))
    for given in (vertices, vertices.reshape(3, -1), vertices[0]):
        frames, notice = checked_vertices(model, given, "talk.npy")
        np.testing.assert_allclose(frames[0], model.v_template, rtol=1e-5)
        assert told in notice
        assert bool(notice) == bool(told)


def test_vertices_that_cannot_be_fitted_are_refused(model):
    good = np.tile(model.v_template, (4, 1, 1)).astype(np.float64)
    broken = good.copy()
    broken[2, 7, 1] = np.nan
    for vertices, match in (
        (broken, "frame 2"),
        (good[:, :299], "use the model whose mesh"),
        (good[:0], "no frames"),
        (good * 7.0, "no usual unit"),
        (np.array(["a"]), "numbers"),
    ):
        with pytest.raises(StudioError, match=match):
            checked_vertices(model, vertices, "talk.npy")
    with pytest.raises(StudioError, match="no joint called nose"):
        fit_sequence(model, good, np.zeros(12), FitSettings(("nose",)), 25.0)
