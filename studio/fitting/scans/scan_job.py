"""A fit to a scan as a job."""

from __future__ import annotations

from dataclasses import dataclass

from studio.fitting.scans.fit import Watch, fit_scan
from studio.fitting.scans.result import ScanFit, ScanProblem
from studio.jobs.job import Cancelled, Report


@dataclass(frozen=True, eq=False)
class ScanJob:
    """Fits a head to a scan; ``watch`` hears of the head under way on the job's thread."""

    problem: ScanProblem
    watch: Watch = lambda *_: None

    @property
    def name(self) -> str:
        """What it is called."""
        return "Fit to scan"

    def run(self, progress: Report, cancelled: Cancelled) -> ScanFit:
        """Fit it.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: there are too few landmarks, or too few points near the head.

        """
        return fit_scan(self.problem, progress, cancelled, self.watch)
