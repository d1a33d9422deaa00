"""The window's worker: every job ends, and says how."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from studio.job_runner import JobRunner
from studio.jobs.job import JobCancelled, Progress, check
from studio.storage.errors import StudioError

WAIT = 20_000


@dataclass
class Work:
    """A job that does what it is told."""

    failure: Exception | None = None
    endless: bool = False
    name: str = "Work"
    begun: threading.Event = field(default_factory=threading.Event)

    def run(self, progress, cancelled):
        progress(Progress(1, 2, "Working"))
        self.begun.set()
        while self.endless:
            check(cancelled)
        if self.failure:
            raise self.failure
        return "result"


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    made.cancel()
    made.join(10.0)


@pytest.fixture
def heard(runner):
    found = []
    runner.started.connect(lambda name: found.append(("started", name)))
    runner.progressed.connect(lambda step: found.append(("progressed", step.what)))
    runner.done.connect(lambda _job, result: found.append(("done", result)))
    runner.failed.connect(lambda problem: found.append(("failed", problem)))
    runner.cancelled.connect(lambda name: found.append(("cancelled", name)))
    return found


@pytest.mark.parametrize(
    ("failure", "last"),
    [
        (None, ("done", "result")),
        (StudioError("The disk is full."), ("failed", "The disk is full.")),
        (ZeroDivisionError("by zero"), ("failed", "Work stopped on an unexpected problem: by zero.")),
        (JobCancelled(), ("cancelled", "Work")),
    ],
)
def test_a_job_ends_in_one_way(qtbot, runner, heard, failure, last):
    with qtbot.waitSignal(runner.ended, timeout=WAIT):
        assert runner.start(Work(failure))
    assert heard == [("started", "Work"), ("progressed", "Working"), last]


def test_one_job_at_a_time_and_cancel_ends_it(qtbot, runner, heard):
    work = Work(endless=True)
    assert runner.start(work)
    assert work.begun.wait(10.0)
    assert not runner.start(Work())
    with qtbot.waitSignal(runner.ended, timeout=WAIT):
        runner.cancel()
    runner.join(10.0)
    assert not runner.busy
    with qtbot.waitSignal(runner.done, timeout=WAIT):
        assert runner.start(Work())
