"""One piece of work that another thread does, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from studio.render.shot import Cancelled
from studio.storage.errors import JobCancelled

PATIENCE = 0.1  # seconds between two looks at whether it is still wanted

Work = Callable[[], Any]


class Errand:
    """``work``, run by one thread and waited for by another."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._result: Any = None
        self._error: BaseException | None = None
        self._done = threading.Event()

    def run(self) -> None:
        """Do the work."""
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
            self._error = error
        self._done.set()

    def result(self) -> Any:
        """What the work that was done gave, or raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._result

    def awaited(self, unwanted: Cancelled) -> Any:
        """What the work gave, once another thread has done it.

        Raises:
            JobCancelled: ``unwanted`` answered yes meanwhile.

        """
        while not self._done.wait(PATIENCE):
            if unwanted():
                raise JobCancelled
        return self.result()
