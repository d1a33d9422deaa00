"""A prior trained on clips tells likely faces from others, and pulls on a fit."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.emotions import EMOTIONS
from studio.fitting.dposer.files import find_priors, load_prior, save_prior
from studio.fitting.dposer.network import numpy_namespace
from studio.fitting.dposer.prior import FACE, DiffusionPrior, MahalanobisPrior
from studio.fitting.dposer.pulling import pulled
from studio.fitting.dposer.samples import faces_of
from studio.fitting.dposer.train_job import PriorJob
from studio.fitting.dposer.training import TrainingPlan, train
from studio.flame.params import Params
from studio.jobs.job import JobCancelled
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError

PLAN = TrainingPlan(hidden=128, embedded=64, steps=700, batch=96, rate=2e-3, warm_up=50, dropout=0.0)


def feeling(model, frames: int, seed: int) -> Clip:
    """A clip in which one emotion after another comes and goes, never two at once."""
    random = np.random.default_rng(seed)
    names = list(EMOTIONS)
    expr, jaw = np.zeros((frames, model.expression_count)), np.zeros((frames, 3))
    for frame in range(frames):
        mix = EMOTIONS[names[random.integers(len(names))]]
        strength = random.uniform(0.2, 1.0)
        for unit, share in mix.items():
            if unit in model.expression_names:
                expr[frame, model.expression_names.index(unit)] = strength * share
            elif unit == "jawOpen":
                jaw[frame, 0] = 0.35 * strength * share
    expr += random.normal(0.0, 0.01, expr.shape)
    still = Clip.still(Params.neutral(model))
    fields = {name: np.repeat(getattr(still, name), frames, axis=0) for name in FIELDS}
    return Clip(**(fields | {"expr": expr, "jaw_pose": jaw}), shape=still.shape, fps=30.0)


FIELDS = ("expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation", "eyelids")


@pytest.fixture(scope="module")
def trained(head_model, tmp_path_factory) -> tuple[DiffusionPrior, np.ndarray]:
    """A prior of emotions that was written and read again, and what it learnt from."""
    samples = faces_of([feeling(head_model, 1500, 1), feeling(head_model, 1500, 2)], head_model, FACE)
    folder = tmp_path_factory.mktemp("prior")
    save_prior(folder / "prior_face.safetensors", train(samples, PLAN), FACE, head_model)
    return load_prior(find_priors([folder])[0], numpy_namespace()), samples


def unseen(head_model) -> np.ndarray:
    return faces_of([feeling(head_model, 120, 9)], head_model, FACE)[:40]


def test_the_mahalanobis_prior_completes_by_the_conditional_mean():
    """Two numbers: the mean of one given the other is the line of regression."""
    random = np.random.default_rng(0)
    first = random.normal(2.0, 1.5, 20_000)
    samples = np.stack([first, 0.5 * first + random.normal(0.0, 0.1, first.shape)], axis=1)
    found = MahalanobisPrior.of(samples).complete(np.array([3.0, 99.0]), np.array([True, False]))
    slope, offset = np.polyfit(samples[:, 0], samples[:, 1], 1)
    assert found == pytest.approx([3.0, slope * 3.0 + offset], abs=1e-3)


def test_what_is_like_the_clips_costs_less_than_what_mixes_them(trained, head_model):
    prior, _ = trained
    faces = unseen(head_model)
    mixed = faces.copy()
    random = np.random.default_rng(3)
    for column in mixed.T:
        random.shuffle(column)
    costs = [np.mean([prior.pull(rows, 0.5, random)[0] for _ in range(20)]) for rows in (faces, mixed)]
    assert 1.2 * costs[0] < costs[1], costs


def test_completing_keeps_what_is_known(trained, head_model):
    prior, _ = trained
    face = unseen(head_model)[0]
    known = np.random.default_rng(1).random(prior.width) < 0.5
    found = prior.complete(face, known, steps=10, draws=4)
    assert found[known] == pytest.approx(face[known], abs=1e-9)
    assert np.abs((found - prior.mean) / prior.std)[~known].max() <= 4.0


def test_the_job_writes_a_prior_and_tells_how_it_completes_faces(tmp_path, head_model):
    path = tmp_path / "prior_face.safetensors"
    plan = TrainingPlan(hidden=32, embedded=16, steps=20, batch=16)
    told = PriorJob([feeling(head_model, 200, 3)], head_model, FACE, plan, path).run(
        lambda _: None, lambda: False
    )
    assert told["samples"] == 200
    assert told["completed"] == 20
    assert 0.0 < told["error_of_a_mahalanobis_prior"] < 1.0
    assert load_prior(find_priors([tmp_path])[0], numpy_namespace()).width == head_model.expression_count + 3


def test_a_training_that_is_cancelled_writes_nothing(tmp_path, head_model):
    path = tmp_path / "prior_face.safetensors"
    job = PriorJob([feeling(head_model, 200, 3)], head_model, FACE, PLAN, path)
    with pytest.raises(JobCancelled):
        job.run(lambda _: None, lambda: True)
    assert not path.exists()


def test_a_fit_is_pulled_by_both_priors(head_model, trained):
    prior, _ = trained
    random = np.random.default_rng(0)
    values = {
        "jaw_pose": np.full((2, 3), 0.3),
        "expr": random.random((2, head_model.expression_count)),
        "shape": np.zeros((1, 100)),
    }
    cost, slopes = pulled([prior], values, 0.3, np.random.default_rng(8))
    face = np.concatenate([values["jaw_pose"], values["expr"]], axis=1)
    expected, slope = prior.pull(face, 0.3, np.random.default_rng(8))
    assert cost == expected
    assert np.array_equal(np.concatenate([slopes["jaw_pose"], slopes["expr"]], axis=1), slope)
    assert not slopes["shape"].any()


def test_too_few_faces_are_refused(head_model):
    with pytest.raises(StudioError, match="too few"):
        faces_of([feeling(head_model, 20, 1)], head_model, FACE)
