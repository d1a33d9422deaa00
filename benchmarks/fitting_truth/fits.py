"""All photographs of one model fitted by one recipe, in a process of its own."""

from __future__ import annotations

import os
import pickle
import resource
import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.fitting_truth.judging import Judged, judge, judge_mean_head
from benchmarks.fitting_truth.photographs import Photograph
from studio.backends.base import Backend
from studio.fitting.problem import Problem
from studio.fitting.recipe_file import shipped_recipe
from studio.fitting.run import Diverged, FitRun
from studio.fitting.starting import start_state
from studio.flame.model import HeadModel

MEAN_HEAD = "Mean head"


@dataclass(frozen=True)
class Row:
    """What one recipe came to on the heads of one model."""

    model: str
    recipe: str
    judged: tuple[Judged, ...]
    first_move: float  # seconds until the first iteration of a fit was done, the middle one
    memory: float  # megabytes that the process of fits took at most


def fit_all(folder: Path, recipe_name: str, seeds: tuple[int, ...], threads: int) -> Row:
    """Fit the photographs of ``seeds`` in ``folder``; run once in a process."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)
    model: HeadModel = pickle.loads((folder / "head.pkl").read_bytes())
    photographs: list[Photograph] = [pickle.loads((folder / f"{seed}.pkl").read_bytes()) for seed in seeds]
    if recipe_name == MEAN_HEAD:
        return Row(
            model.name, recipe_name, tuple(judge_mean_head(model, one) for one in photographs), 0.0, 0.0
        )
    from studio.backends.choice import create_backend

    backend = create_backend("torch", model, "cpu", threads)
    judged, first = [], []
    for photograph in photographs:
        one, moved = _fit(model, backend, photograph, recipe_name)
        judged.append(one)
        first.append(moved)
        print(f"{model.name}, {recipe_name}: {one}", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return Row(model.name, recipe_name, tuple(judged), sorted(first)[len(first) // 2], memory)


def _fit(
    model: HeadModel, backend: Backend, photograph: Photograph, recipe_name: str
) -> tuple[Judged, float]:
    """The fitted head beside the truth, and seconds until the first iteration was done."""
    recipe = shipped_recipe(recipe_name)
    began = time.perf_counter()
    start = start_state(model, photograph.observation, recipe)
    problem = Problem(model, (photograph.observation,), recipe, (start,))
    run, moved, warning = FitRun(problem, backend), 0.0, ""
    while not run.finished:
        try:
            run.step()
        except Diverged as error:
            warning = str(error)
            break
        moved = moved or time.perf_counter() - began
    seconds = time.perf_counter() - began
    judged = judge(model, backend, photograph, run.states[0], seconds, len(run.history))
    return replace(judged, warning=warning), moved
