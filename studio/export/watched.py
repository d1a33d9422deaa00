"""Work that cannot be interrupted, done aside, so that its job can be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from studio.jobs.job import Cancelled, check

Result = TypeVar("Result")

INTERVAL = 0.05  # seconds between two questions


def watched(work: Callable[[], Result], cancelled: Cancelled) -> Result:
    """What ``work`` gives, or raises; it runs on a thread of its own.

    Raises:
        JobCancelled: it was asked to stop; ``work`` runs on unheard and its result is dropped.

    """
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the job runs
            failures.append(error)

    thread = threading.Thread(target=run, name="encoder", daemon=True)
    thread.start()
    while thread.is_alive():
        check(cancelled)
        thread.join(INTERVAL)
    if failures:
        raise failures[0]
    return results[0]
