"""Exports one after another: order, cancelling, trying again, and quick ones beside a long one."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from studio.export_queue import ExportQueue
from studio.job_runner import JobRunner
from studio.jobs.job import Progress, check
from studio.storage.errors import StudioError

WAIT = 20_000


@dataclass
class Work:
    """A job that runs until it is let go, and notes that it ran."""

    ran: list[str]
    label: str
    failures: int = 0
    go: threading.Event = field(default_factory=threading.Event)
    name: str = "Film"

    def run(self, progress, cancelled):
        self.ran.append(self.label)
        progress(Progress(1, 4, "Drawing frames"))
        while not self.go.wait(0.005):
            check(cancelled)
        if self.failures:
            self.failures -= 1
            raise StudioError("The disk is full.")
        return Path(self.label)


@pytest.fixture
def lanes(qapp):
    made = JobRunner(), JobRunner()
    yield made
    for runner in made:
        runner.cancel()
        runner.join(10.0)


@pytest.fixture
def queue(lanes):
    return ExportQueue(*lanes)


def states(queue):
    return [entry.state for entry in queue.entries]


def add(queue, ran, label, **options):
    quick = options.pop("quick", False)
    work = Work(ran, label, **options)
    return work, queue.add(work, Path(f"{label}.mp4"), quick)


def test_exports_run_in_their_order(qtbot, queue):
    ran = []
    works = [add(queue, ran, label)[0] for label in "abc"]
    assert states(queue) == ["running", "waiting", "waiting"]
    assert (queue.unfinished, queue.waiting) == (3, 2)
    for work in works:
        work.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["done"] * 3, timeout=WAIT)
    assert ran == ["a", "b", "c"]
    assert [entry.words for entry in queue.entries] == ["Saved"] * 3
    queue.remove_ended()
    assert queue.entries == ()


def test_an_export_added_before_the_end_of_another_is_told_has_an_end_of_its_own(qtbot, queue, lanes):
    ran = []
    first, _ = add(queue, ran, "a")
    first.go.set()
    lanes[0].join(10.0)  # over on its thread; the window's hears of it later
    second, _ = add(queue, ran, "b")
    assert states(queue) == ["running", "waiting"]
    qtbot.waitUntil(lambda: states(queue) == ["done", "running"], timeout=WAIT)
    second.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["done", "done"], timeout=WAIT)
    assert ran == ["a", "b"]


def test_an_export_that_is_done_holds_nothing_in_memory(qtbot, queue):
    work, number = add(queue, [], "a")
    work.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["done"], timeout=WAIT)
    alive = weakref.ref(work)
    del work
    gc.collect()
    assert alive() is None
    queue.remove(number)
    assert queue.entries == ()


def test_waiting_exports_change_places_and_leave(qtbot, queue):
    ran = []
    (first, _), (second, two), (third, three), (_fourth, four) = (add(queue, ran, label) for label in "abcd")
    queue.move(three, -1)
    queue.move(three, -1)  # it is the first of those that wait
    queue.cancel(four)
    for work in (first, second, third):
        work.go.set()
    qtbot.waitUntil(lambda: queue.unfinished == 0, timeout=WAIT)
    assert ran == ["a", "c", "b"]
    assert [entry.number for entry in queue.entries if entry.state == "cancelled"] == [four]
    queue.remove(two)
    assert len(queue.entries) == 3


def test_a_failure_lets_the_next_one_run_and_can_be_tried_again(qtbot, queue):
    ran = []
    broken, number = add(queue, ran, "a", failures=1)
    after, _ = add(queue, ran, "b")
    broken.go.set()
    after.go.set()
    qtbot.waitUntil(lambda: queue.unfinished == 0, timeout=WAIT)
    assert states(queue) == ["failed", "done"]
    assert queue.entries[0].words == "The disk is full."
    queue.retry(number)
    qtbot.waitUntil(lambda: queue.unfinished == 0, timeout=WAIT)
    assert ran == ["a", "b", "a"]
    assert states(queue) == ["done", "done"]


def test_the_running_one_is_cancelled_and_the_next_begins(qtbot, queue):
    ran = []
    _, number = add(queue, ran, "a")
    after, _ = add(queue, ran, "b")
    qtbot.waitUntil(lambda: queue.entries[0].done == 1, timeout=WAIT)
    queue.remove(number)  # not while it runs
    queue.cancel(number)
    assert states(queue)[0] == "stopping"
    after.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["cancelled", "done"], timeout=WAIT)


def test_all_are_cancelled_at_once(qtbot, queue):
    ran = []
    for label in "abc":
        add(queue, ran, label)
    queue.cancel_all()
    qtbot.waitUntil(lambda: states(queue) == ["cancelled"] * 3, timeout=WAIT)
    assert ran in (["a"], [])


def test_a_quick_one_does_not_wait_for_a_long_one(qtbot, queue):
    ran = []
    long, _ = add(queue, ran, "film")
    waiting, _ = add(queue, ran, "turntable")
    quick, _ = add(queue, ran, "picture", quick=True)
    quick.go.set()
    qtbot.waitUntil(lambda: states(queue)[2] == "done", timeout=WAIT)
    assert states(queue)[:2] == ["running", "waiting"]
    long.go.set()
    waiting.go.set()
    qtbot.waitUntil(lambda: queue.unfinished == 0, timeout=WAIT)
    assert ran == ["film", "picture", "turntable"]


def test_exports_wait_for_another_job_of_the_window(qtbot, lanes, queue):
    ran = []
    fit = Work(ran, "fit")
    assert lanes[0].start(fit)
    film, _ = add(queue, ran, "film")
    film.go.set()
    assert states(queue) == ["waiting"]
    fit.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["done"], timeout=WAIT)
    assert ran == ["fit", "film"]


def test_everything_is_told_on_the_window_s_thread(qtbot, queue):
    here, heard = threading.current_thread(), set()
    queue.changed.connect(lambda _: heard.add(threading.current_thread()))
    work, _ = add(queue, [], "a")
    work.go.set()
    qtbot.waitUntil(lambda: states(queue) == ["done"], timeout=WAIT)
    assert heard == {here}


def test_how_far_it_is_is_told(qtbot, queue):
    work, _ = add(queue, [], "a")
    qtbot.waitUntil(lambda: queue.entries[0].done == 1, timeout=WAIT)
    assert queue.entries[0].words.startswith("1 of 4")
    work.go.set()
    qtbot.waitUntil(lambda: queue.unfinished == 0, timeout=WAIT)
