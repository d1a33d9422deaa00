"""Threads that work for an object of Qt, which is let go of on the window's thread.

Whoever lets go of such an object last has its connections taken apart, and Qt's bindings do that in a table
of all connections without a lock. On another thread it happens while the window makes connections of its
own: signals are then lost, or the process dies.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Thread, current_thread

from PySide6.QtCore import QObject, QTimer, Signal

_TIDYING = 1000  # milliseconds between two looks for garbage


class _Keeper(QObject):
    """Holds whom threads work for, until they have ended."""

    ended = Signal(object)  # a thread that has nothing more to do

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[Thread, QObject] = {}
        self.ended.connect(self._let_go)

    def start(self, owner: QObject, work: Callable[[], None], name: str, daemon: bool) -> Thread:
        thread = Thread(target=self._run, args=(work,), name=name, daemon=daemon)
        self._kept[thread] = owner
        thread.start()
        return thread

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with suppress(RuntimeError):  # the application has ended, and with it all its objects
                self.ended.emit(current_thread())

    def _let_go(self, thread: Thread) -> None:
        thread.join()  # it holds the owner too, until its very end
        del self._kept[thread]


_keepers: list[_Keeper] = []


def start_thread(owner: QObject, work: Callable[[], None], name: str, daemon: bool = False) -> Thread:
    """Begin ``work``, which uses ``owner``, on a thread of its own; call on the window's thread.

    ``owner`` lives at least until ``work`` has returned and the window's thread has heard of it. Deleting
    what is behind it is not held up: a signal that it sends after that raises RuntimeError.
    """
    if not _keepers:
        _keepers.append(_Keeper())
    return _keepers[0].start(owner, work, name, daemon)


def tidy_here(parent: QObject) -> None:
    """Look for garbage on this thread alone, for as long as ``parent`` lives and its events are handled.

    Python would look on any thread that makes objects, and let go of objects of Qt there.
    """
    gc.disable()
    timer = QTimer(parent, interval=_TIDYING)
    timer.timeout.connect(collect_due)
    timer.start()


def collect_due() -> None:
    """Collect the garbage that Python would have collected by itself by now."""
    counts, most = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > most[generation]:
            gc.collect(generation)
            return
