"""Objects of Qt that threads work for go on the window's thread, whoever needed them last."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject, Signal

from studio.threads import start_thread, tidy_here

WAIT = 20_000


class Worker(QObject):
    """Works until it may end, and tells a result."""

    told = Signal(str)

    def __init__(self, may_end: threading.Event) -> None:
        super().__init__()
        self.told.connect(self._hear)
        self._may_end = may_end

    def work(self) -> None:
        self._may_end.wait(20.0)
        self.told.emit("done")

    def _hear(self, _text: str) -> None:
        pass


def goes(thing: object) -> list[threading.Thread]:
    """The thread on which ``thing`` goes, once it does."""
    found: list[threading.Thread] = []
    weakref.finalize(thing, lambda: found.append(threading.current_thread()))
    return found


def test_who_is_dropped_while_its_thread_works_goes_on_the_windows_thread(qtbot):
    may_end = threading.Event()
    worker = Worker(may_end)
    gone, heard = goes(worker), []
    worker.told.connect(heard.append)
    thread = start_thread(worker, worker.work, "work")
    del worker
    assert not gone
    may_end.set()
    qtbot.waitUntil(lambda: bool(gone), timeout=WAIT)
    assert gone == [threading.main_thread()]
    assert heard == ["done"]
    assert not thread.is_alive()


def test_work_that_fails_lets_go_too(qtbot, monkeypatch):
    problems = []
    monkeypatch.setattr(threading, "excepthook", lambda args: problems.append(str(args.exc_value)))

    def broken() -> None:
        raise ZeroDivisionError("by zero")

    owner = QObject()
    gone = goes(owner)
    start_thread(owner, broken, "work")
    del owner
    qtbot.waitUntil(lambda: bool(gone), timeout=WAIT)
    assert gone == [threading.main_thread()]
    assert problems == ["by zero"]


@pytest.fixture
def collector():
    """Python's collector is left as it was."""
    was, most = gc.isenabled(), gc.get_threshold()
    yield
    gc.set_threshold(*most)
    if was:
        gc.enable()


@pytest.mark.usefixtures("collector")
def test_garbage_goes_on_the_windows_thread_whoever_makes_objects(qtbot):
    gc.collect()
    knot = QObject()
    knot.itself = knot
    gone = goes(knot)
    parent = QObject()
    tidy_here(parent)
    gc.set_threshold(50, 1, 1)
    del knot
    busy = threading.Thread(target=lambda: [[number] for number in range(5000)])
    busy.start()
    busy.join()
    assert not gone
    qtbot.waitUntil(lambda: bool(gone), timeout=WAIT)
    assert gone == [threading.main_thread()]
