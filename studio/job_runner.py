"""Runs jobs on a worker thread and tells the window how they go."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.jobs.job import Job, JobCancelled, Progress
from studio.storage.errors import StudioError
from studio.threads import start_thread

_log = logging.getLogger(__name__)


class JobRunner(QObject):
    """One job at a time, with progress and cancel. All signals arrive on the window's thread."""

    started = Signal(str)  # the job's name
    progressed = Signal(object)  # Progress
    done = Signal(object, object)  # job, result
    failed = Signal(str)  # one sentence
    cancelled = Signal(str)  # the job's name
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._thread: threading.Thread | None = None
        self._cancel = threading.Event()
        self._busy = False
        self.ended.connect(self._free)  # the first to hear it: the others may start the next job

    @property
    def busy(self) -> bool:
        """Whether a job is running, or has ended and nobody was told yet."""
        return self._busy

    def start(self, job: Job) -> bool:
        """Run ``job``; False when another one is still running."""
        if self._busy:
            return False
        self._busy = True
        self._cancel = threading.Event()
        self.started.emit(job.name)
        self._thread = start_thread(self, partial(self._run, job, self._cancel), "job")
        return True

    def cancel(self) -> None:
        """Ask the running job to stop."""
        self._cancel.set()

    def join(self, timeout: float) -> None:
        """Wait up to ``timeout`` seconds for the running job."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, job: Job, cancel: threading.Event) -> None:
        try:
            result: Any = job.run(self._report, cancel.is_set)
        except JobCancelled:
            self.cancelled.emit(job.name)
        except StudioError as error:
            self.failed.emit(str(error))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the window stays and says so
            _log.debug("%s failed", job.name, exc_info=True)
            self.failed.emit(f"{job.name} stopped on an unexpected problem: {error}.")
        else:
            self.done.emit(job, result)
        finally:
            self.ended.emit()

    def _free(self) -> None:
        """Take the next job: on the window's thread, so that no end is told while another job runs."""
        self._busy = False

    def _report(self, progress: Progress) -> None:
        self.progressed.emit(progress)
