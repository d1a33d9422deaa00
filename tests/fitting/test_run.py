"""Stages follow one another, the best states are kept, and a fit can be led by hand."""

from __future__ import annotations

import threading
from types import MappingProxyType

import numpy as np
import pytest

from studio.document.photo_camera import PhotoCamera
from studio.fitting import solvers
from studio.fitting.fit_job import FitControl, FitJob
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Recipe, Stage
from studio.fitting.run import Diverged, FitRun
from studio.fitting.state import FitState
from studio.flame.params import Params
from studio.jobs.job import JobCancelled

STAGES = (Stage("first", ("place",), 3), Stage("second", ("shape",), 25, weights={"shape": 2.0}))


class Counting:
    """A solver that moves the head by one metre an iteration; its cost falls, until ``breaks``."""

    def __init__(self, stage: Stage, states: tuple[FitState, ...], breaks: int | None = None) -> None:
        self.stage, self.now, self.count, self.breaks = stage, states, 0, breaks
        self.weights = dict(stage.weights)
        self.finished = False

    def step(self):
        self.count += 1
        (state,) = self.now
        x, y, z = state.camera.place
        self.now = (state.replace(camera=state.camera.replace(place=(x + 1.0, y, z))),)
        broken = self.breaks is not None and self.count > self.breaks
        return {
            "landmarks": float("nan") if broken else 1.0 / self.count,
            "shape": self.weights.get("shape", 0),
        }

    def states(self):
        return self.now

    def reweigh(self, weights):
        self.weights = dict(weights)


@pytest.fixture
def problem(tiny_model) -> Problem:
    photo = Observation("photo", np.zeros((4, 4, 3), np.uint8))
    state = FitState(Params.neutral(tiny_model), PhotoCamera(4, 4))
    return Problem(tiny_model, (photo,), Recipe("test", "", STAGES), (state,))


@pytest.fixture
def made(monkeypatch):
    """Solvers that count; the list holds those that were made, and ``made.breaks`` when they break."""

    class Made(list):
        breaks: int | None = None

    found = Made()

    def make(_problem, stage, states, _backend):
        found.append(Counting(stage, states, found.breaks))
        return found[-1]

    monkeypatch.setattr(solvers, "_MAKERS", MappingProxyType({"adam": make, "least squares": make}))
    return found


def x_of(states) -> float:
    return states[0].camera.place[0]


def test_each_stage_begins_where_the_one_before_it_ended(problem, made):
    run = FitRun(problem, backend=None)
    while not run.finished:
        run.step()
    assert [solver.stage.name for solver in made] == ["first", "second"]
    assert x_of(run.states) == 28.0
    assert [(one.stage, one.number) for one in run.history][2:5] == [(0, 2), (1, 0), (1, 1)]
    assert run.done == run.recipe.iterations == 28


def test_a_solver_that_is_finished_ends_its_stage(problem, made):
    run = FitRun(problem, backend=None)
    run.step()
    made[0].finished = True
    run.step()
    assert run.stage.name == "second"


def test_a_fit_that_runs_away_keeps_its_best_states_and_names_the_term(problem, made):
    run = FitRun(problem, backend=None)
    for _ in range(3):
        run.step()
    made.breaks = 22
    for _ in range(22):
        run.step()
    with pytest.raises(Diverged, match=r"stage second: its term landmarks"):
        run.step()
    assert x_of(run.states) == 3.0 + 20.0
    assert run.finished


def test_other_weights_hold_from_the_next_iteration(problem, made):
    run = FitRun(problem, backend=None)
    for _ in range(4):
        run.step()
    run.reweigh({"shape": 7.0})
    assert run.step().costs["shape"] == 7.0
    assert run.stage.weights == {"shape": 7.0}


def test_a_fit_that_runs_away_by_other_weights_keeps_what_it_had_before_them(problem, made):
    run = FitRun(problem, backend=None)
    for _ in range(3 + 14):
        run.step()
    run.reweigh({"shape": 9.0})
    made[1].breaks = 15
    run.step()
    with pytest.raises(Diverged):
        run.step()
    assert x_of(run.states) == 3.0 + 14.0


def test_states_of_an_earlier_stage_are_not_the_best_of_a_later_one(problem, made):
    run = FitRun(problem, backend=None)
    for _ in range(3):
        run.step()
    made.breaks = 0
    with pytest.raises(Diverged):
        run.step()
    assert x_of(run.states) == 3.0


def test_weights_of_another_stage_wait_for_it(problem, made):
    run = FitRun(problem, backend=None)
    run.step()
    run.reweigh({"shape": 7.0}, 1)
    assert run.step().costs["shape"] == 0
    run.step()
    assert run.step().costs["shape"] == 7.0
    run.reweigh({"shape": 3.0}, 0)
    assert run.step().costs["shape"] == 7.0


def test_a_hand_that_goes_on_or_steps_again_at_once_is_heard(problem, made):
    run, control = FitRun(problem, backend=None), FitControl()
    control.pause()
    control.single_step()
    control.single_step()
    assert control.wait(run, lambda: False)
    assert control.wait(run, lambda: False)
    assert control.paused
    with pytest.raises(JobCancelled):
        control.wait(run, lambda: True)
    control.single_step()
    control.resume()
    for _ in range(3):
        assert control.wait(run, lambda: False)
    assert not control.paused


def test_the_hand_reweighs_the_stage_it_means(problem, made):
    run, control = FitRun(problem, backend=None), FitControl()
    control.reweigh({"shape": 5.0}, 1)
    control.reweigh({"shape": 4.0})
    control.wait(run, lambda: False)
    assert run.step().costs["shape"] == 4.0
    run.step()
    run.step()
    assert run.step().costs["shape"] == 5.0


def job_of(problem, control, tell=lambda *_: None) -> FitJob:
    return FitJob(problem, lambda: None, tell, control)


def test_a_paused_fit_goes_on_step_by_step(problem, made):
    control, seen = FitControl(), []
    control.pause()
    result = []
    job = job_of(problem, control, lambda done, _run: seen.append(done))
    worker = threading.Thread(target=lambda: result.append(job.run(lambda _: None, lambda: False)))
    worker.start()
    control.single_step()
    while not control.paused or len(seen) < 1:
        pass
    assert worker.is_alive()
    assert len(seen) == 1
    control.finish()
    worker.join(10.0)
    assert x_of(result[0].states) == 1.0


def test_a_fit_that_is_cancelled_ends_at_once(problem, made):
    count = []
    with pytest.raises(JobCancelled):
        job_of(problem, FitControl(), lambda *_: count.append(1)).run(lambda _: None, lambda: len(count) > 5)
    assert len(count) == 6


def test_a_job_that_diverges_ends_with_a_warning(problem, made):
    made.breaks = 2
    fit = job_of(problem, FitControl()).run(lambda _: None, lambda: False)
    assert "ran away" in fit.warning
    assert fit.states == problem.start
