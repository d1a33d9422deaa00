"""A prior trained on clips knows more of faces than that their numbers vary together."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.emotions import EMOTIONS
from studio.fitting.dposer.files import find_priors, load_prior, save_prior
from studio.fitting.dposer.network import numpy_namespace
from studio.fitting.dposer.prior import FACE, DiffusionPrior, MahalanobisPrior
from studio.fitting.dposer.samples import faces_of
from studio.fitting.dposer.training import TrainingPlan, train
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError

PLAN = TrainingPlan(hidden=128, embedded=64, steps=1500, batch=192)


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


def test_it_completes_masked_expressions_better_than_a_mahalanobis_prior(trained, head_model):
    prior, samples = trained
    plain = MahalanobisPrior.of(samples)
    random = np.random.default_rng(4)
    own, other = [], []
    for face in unseen(head_model):
        known = random.random(prior.width) < 0.3
        own.append(np.square(prior.complete(face, known) - face)[~known].mean())
        other.append(np.square(plain.complete(face, known) - face)[~known].mean())
    assert np.sqrt(np.mean(own)) < 0.85 * np.sqrt(np.mean(other))


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
    assert 2.0 * costs[0] < costs[1]


def test_the_pull_brings_a_mixed_face_towards_likely_ones(trained, head_model):
    prior, samples = trained
    random = np.random.default_rng(5)
    faces = unseen(head_model) + random.normal(0.0, 0.3, (40, prior.width)) * prior.std

    def apart(rows):
        """How far each row is from the nearest learnt face, in deviations."""
        gaps = (rows[:, None] - samples[None, ::5]) / prior.std
        return np.sqrt((gaps**2).mean(axis=2)).min(axis=1).mean()

    moved = faces.copy()
    for step in range(100):
        _, slope = prior.pull(moved, step / 100, random)
        moved -= 0.05 * slope * len(moved) * prior.std**2
    assert apart(moved) < 0.7 * apart(faces)


def test_too_few_faces_are_refused(head_model):
    with pytest.raises(StudioError, match="too few"):
        faces_of([feeling(head_model, 20, 1)], head_model, FACE)
