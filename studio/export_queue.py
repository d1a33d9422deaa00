"""Exports one after another: each waits as it was frozen, and can be moved, cancelled and tried again."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.export.queued import Queued, State
from studio.job_runner import JobRunner
from studio.jobs.job import Job, Progress
from studio.jobs.pace import Pace

_TOLD = 0.2  # seconds between two changes of a running export that are told


class ExportQueue(QObject):
    """Runs exports on ``runner`` in their order; quick ones overtake a long one on ``spare``.

    ``runner`` may be used for other jobs too: exports wait for them. Used on the window's thread.
    """

    changed = Signal(object)  # tuple[Queued, ...], in the order they are shown and run

    def __init__(self, runner: JobRunner, spare: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Queued] = []
        self._jobs: dict[int, Job] = {}
        self._quick: set[int] = set()
        self._count = 0
        self._lanes = (_Lane(runner, self), _Lane(spare, self))

    @property
    def entries(self) -> tuple[Queued, ...]:
        """Every export that was not removed, in its order."""
        return tuple(self._entries)

    @property
    def unfinished(self) -> int:
        """How many wait or run."""
        return sum(not entry.ended for entry in self._entries)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(entry.state == "waiting" for entry in self._entries)

    def add(self, job: Job, path: Path, quick: bool = False) -> int:
        """Export ``path`` by ``job`` when its turn comes; its number. ``quick``: it takes a second or two."""
        self._count += 1
        self._entries.append(Queued(self._count, job.name, path))
        self._jobs[self._count] = job
        if quick:
            self._quick.add(self._count)
        self._go_on()
        return self._count

    def cancel(self, number: int) -> None:
        """Let the export not happen; a running one stops within a second."""
        entry = self._entry(number)
        if entry.state == "waiting":
            self.update(number, state="cancelled")
        elif entry.state == "running":
            self.update(number, state="stopping")
            next(lane for lane in self._lanes if lane.number == number).runner.cancel()

    def cancel_all(self) -> None:
        """Cancel what waits and what runs."""
        for entry in reversed(self.entries):
            self.cancel(entry.number)

    def remove(self, number: int) -> None:
        """Forget an export that has ended or waits."""
        if self._entry(number).state not in ("running", "stopping"):
            self._entries = [entry for entry in self._entries if entry.number != number]
            self._jobs.pop(number, None)
            self._quick.discard(number)
            self._tell()

    def remove_ended(self) -> None:
        """Forget all exports that have ended."""
        for entry in self.entries:
            if entry.ended:
                self.remove(entry.number)

    def move(self, number: int, by: int) -> None:
        """Let a waiting export change places with the waiting one ``by`` places farther on."""
        waiting = [place for place, entry in enumerate(self._entries) if entry.state == "waiting"]
        here = next(place for place, entry in enumerate(self._entries) if entry.number == number)
        if here in waiting and 0 <= (there := waiting.index(here) + by) < len(waiting):
            other = waiting[there]
            self._entries[here], self._entries[other] = self._entries[other], self._entries[here]
            self._tell()

    def retry(self, number: int) -> None:
        """Try an export again that failed or was cancelled, behind the others."""
        entry = self._entry(number)
        if entry.state in ("failed", "cancelled"):
            self._entries.remove(entry)
            self._entries.append(Queued(number, entry.name, entry.path))
            self._go_on()

    def update(self, number: int, **changes: object) -> None:
        """Change what is told of the export ``number``."""
        self._entries = [
            entry.replace(**changes) if entry.number == number else entry for entry in self._entries
        ]
        self._tell()

    def forget_job(self, number: int) -> None:
        """Let go of the job of an export that is done, and of the take that it was frozen with."""
        del self._jobs[number]

    def next_job(self, only_quick: bool) -> tuple[int, Job] | None:
        """The number and the job of the export whose turn it is; None: nothing waits."""
        for entry in self._entries:
            if entry.state == "waiting" and (not only_quick or entry.number in self._quick):
                return entry.number, self._jobs[entry.number]
        return None

    def _go_on(self) -> None:
        main, spare = self._lanes
        main.go_on(only_quick=False)
        if main.runner.busy:
            spare.go_on(only_quick=True)
        self._tell()

    def _entry(self, number: int) -> Queued:
        return next(entry for entry in self._entries if entry.number == number)

    def _tell(self) -> None:
        self.changed.emit(self.entries)


class _Lane(QObject):
    """What runs on one runner."""

    def __init__(self, runner: JobRunner, queue: ExportQueue) -> None:
        super().__init__(queue)
        self.runner = runner
        self.number = 0  # of the running export; 0: none
        self._queue = queue
        self._pace = Pace()
        self._next_told = 0.0
        runner.progressed.connect(self._on_progress)
        runner.done.connect(lambda _job, _result: self._settle("done"))
        runner.failed.connect(partial(self._settle, "failed"))
        runner.cancelled.connect(lambda _name: self._settle("cancelled"))
        runner.ended.connect(self._on_ended)

    def go_on(self, only_quick: bool) -> None:
        """Start the next export, if the runner is free."""
        found = None if self.runner.busy else self._queue.next_job(only_quick)
        if found is None:
            return
        self.number, job = found
        self._pace, self._next_told = Pace(), 0.0
        self._queue.update(self.number, state="running")
        self.runner.start(job)

    def _on_progress(self, progress: Progress) -> None:
        if not self.number:
            return
        self._pace.step(progress.done, progress.total)
        now = time.monotonic()
        if now >= self._next_told or progress.done == progress.total:
            self._next_told = now + _TOLD
            pace = self._pace
            self._queue.update(
                self.number, done=progress.done, total=progress.total, rate=pace.rate, left=pace.left
            )

    def _settle(self, state: State, told: str = "") -> None:
        if self.number:
            number, self.number = self.number, 0
            if state == "done":
                self._queue.forget_job(number)
            self._queue.update(number, state=state, told=told)

    def _on_ended(self) -> None:
        self._queue._go_on()
