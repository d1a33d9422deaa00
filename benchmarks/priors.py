"""How much more of faces a trained diffusion prior knows than that their numbers vary together."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.measure import Measure
from studio.fitting.dposer.network import TimeNetwork, numpy_namespace
from studio.fitting.dposer.prior import FACE, DiffusionPrior, MahalanobisPrior
from studio.fitting.dposer.train_job import completion
from studio.fitting.dposer.training import TrainingPlan, train

PART = "Diffusion prior"
PLAN = TrainingPlan()
UNITS, PARTS_OF_FACE, JAW = 10, 4, 3
LEARNT, UNSEEN = 4000, 40


def measure() -> list[Measure]:
    """The errors of completing half masked faces of a made population, and what training and asking take."""
    began = time.process_time()
    samples = population(LEARNT, 1)
    trained = train(samples, PLAN)
    seconds = time.process_time() - began
    network = TimeNetwork.of(trained.weights, numpy_namespace())
    prior = DiffusionPrior(FACE, network, trained.mean, trained.std, "")
    found = completion(prior, MahalanobisPrior.of(samples), population(UNSEEN, 2))
    began = time.perf_counter()
    for _ in range(50):
        prior.pull(samples[:1], 0.5, np.random.default_rng(0))
    asked = 1000.0 * (time.perf_counter() - began) / 50
    note = f"of deviations; {found.faces} faces not learnt, half masked; limit: a Mahalanobis prior's"
    share = found.diffusion / found.mahalanobis
    return [
        Measure(
            PART,
            "error of completed numbers, thousandths",
            1e3 * found.diffusion,
            1e3 * found.mahalanobis,
            note,
        ),
        Measure(PART, "training", 1e3 * seconds, note=f"{PLAN.steps} steps, time of the processor"),
        Measure(
            PART, "one pull on a face", asked, note=f"NumPy; completes with {share:.2f} of Mahalanobis' error"
        ),
    ]


def population(count: int, seed: int) -> np.ndarray:
    """Faces (count, 43) whose parts each go round a circle of units, as mouths do from sound to sound."""
    random = np.random.default_rng(seed)
    faces = np.zeros((count, JAW + UNITS * PARTS_OF_FACE))
    for part in range(PARTS_OF_FACE):
        place = random.uniform(0.0, 2.0 * np.pi, count)
        for unit in range(UNITS):
            bump = np.maximum(0.0, np.cos(place - 2.0 * np.pi * unit / UNITS)) ** 2
            faces[:, JAW + part * UNITS + unit] = bump
        faces[:, 0] += 0.05 * np.cos(place)
    return faces + random.normal(0.0, 0.01, faces.shape)
