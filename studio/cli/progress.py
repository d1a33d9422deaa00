"""Progress of a job on standard error, where somebody is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from studio.jobs.job import Job, Progress, Report
from studio.render.shot import never


def run_job(job: Job, quiet: bool) -> Any:
    """What ``job`` gives, run with a progress bar unless ``quiet`` or standard error is no terminal.

    Raises:
        StudioError: it could not be done.

    """
    with _reporter(quiet) as report:
        return job.run(report, never)


@contextmanager
def _reporter(quiet: bool) -> Iterator[Report]:
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)

        def report(step: Progress) -> None:
            bars.update(task, description=step.what, completed=step.done, total=step.total or None)

        yield report
