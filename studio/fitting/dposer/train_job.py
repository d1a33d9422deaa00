"""Training a prior on clips as a job, and how well it completes faces that it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.files import save_prior
from studio.fitting.dposer.network import TimeNetwork, numpy_namespace
from studio.fitting.dposer.prior import DiffusionPrior, MahalanobisPrior, Of
from studio.fitting.dposer.samples import faces_of
from studio.fitting.dposer.training import TrainingPlan, train
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip

HELD_BACK = 10  # one face of so many is not learnt, but completed at the end
MOST_COMPLETED = 24
KNOWN = 0.5  # of the numbers of a face that is completed


@dataclass(frozen=True)
class Completion:
    """How far completed numbers are from the true ones, root mean squares in deviations."""

    diffusion: float
    mahalanobis: float
    faces: int


@dataclass(frozen=True, eq=False)
class PriorJob:
    """Trains a prior of ``of`` on ``clips`` of ``model`` and writes it to ``path``."""

    clips: Sequence[Clip]
    model: HeadModel
    of: Of
    plan: TrainingPlan
    path: Path

    @property
    def name(self) -> str:
        """What it is called."""
        return "Train prior"

    def run(self, progress: Report, cancelled: Cancelled) -> dict[str, float]:
        """Train, write, and tell how it went.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: there are too few faces, or the file cannot be written.

        """
        samples = faces_of(self.clips, self.model, self.of)
        order = np.random.default_rng(self.plan.seed).permutation(len(samples))
        unseen, seen = samples[order[::HELD_BACK]], np.delete(samples, order[::HELD_BACK], axis=0)

        def told(done: int, total: int, _loss: float) -> None:
            check(cancelled)
            progress(Progress(done, total, "Training"))

        trained = train(seen, self.plan, told)
        save_prior(self.path, trained, self.of, self.model)
        progress(Progress(self.plan.steps, self.plan.steps, "Completing faces"))
        network = TimeNetwork.of(trained.weights, numpy_namespace())
        prior = DiffusionPrior(self.of, network, trained.mean, trained.std, "")
        found = completion(prior, MahalanobisPrior.of(seen), unseen[:MOST_COMPLETED], cancelled)
        return {
            "samples": len(samples),
            "loss": round(trained.loss, 4),
            "completed": found.faces,
            "error_of_the_prior": round(found.diffusion, 4),
            "error_of_a_mahalanobis_prior": round(found.mahalanobis, 4),
        }


def completion(
    prior: DiffusionPrior,
    plain: MahalanobisPrior,
    faces: NDArray[np.float64],
    cancelled: Cancelled = lambda: False,
    seed: int = 0,
) -> Completion:
    """How well both complete ``faces`` (N, D) of which half is masked."""
    random = np.random.default_rng(seed)
    own: list[float] = []
    other: list[float] = []
    for face in faces:
        check(cancelled)
        known = random.random(prior.width) < KNOWN
        for found, errors in ((prior.complete(face, known), own), (plain.complete(face, known), other)):
            missed = np.square((found - face) / prior.std)[~known]
            errors.append(float(missed.mean()) if len(missed) else 0.0)
    return Completion(float(np.sqrt(np.mean(own))), float(np.sqrt(np.mean(other))), len(faces))
