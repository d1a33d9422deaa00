"""``fit`` for scans: landmarks out of a file, then one fit a scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from studio.cli.fit_context import FitContext
from studio.cli.fit_targets import Target
from studio.cli.progress import run_job
from studio.export.fits.scan_files import ScanFiles, ScanFilesJob, check_scan_targets
from studio.fitting.scans.picks import read_picks
from studio.fitting.scans.reading import read_scan
from studio.fitting.scans.result import ScanFit, ScanProblem
from studio.fitting.scans.scan import Picks
from studio.fitting.scans.scan_job import ScanJob
from studio.storage.errors import StudioError

Answer = dict[str, Any]


def fit_scans(context: FitContext, targets: Sequence[Target]) -> list[Answer]:
    """Fit a head to each scan; one that fails stops no others."""
    answers: list[Answer] = []
    for target in targets:
        try:
            answers.append(_fit_one(context, target))
        except StudioError as error:
            answers.append({"target": str(target.path), "error": str(error)})
    return answers


def _fit_one(context: FitContext, target: Target) -> Answer:
    """Fit a head to a scan, whose landmarks are those of ``--landmarks``.

    Raises:
        StudioError: a file cannot be used or written, or there are too few landmarks.

    """
    stage, quiet = context.stage, context.arguments.json
    given = context.given(target.path).landmarks
    sources = tuple(path for path in (target.path, given) if path is not None)
    check_scan_targets(context.folder, target.label, sources)
    scan = read_scan(target.path)
    picks = Picks(np.zeros(0, np.intp), np.zeros((0, 3)))
    if given is not None:
        picks = read_picks(given, scan)
    elif len(scan.points) != stage.model.vertex_count:
        raise StudioError(
            f"{target.path.name} has no landmarks; give a JSON file that names some with --landmarks."
        )
    problem = ScanProblem(stage.model, scan, picks, offset=context.arguments.offset)
    fit: ScanFit = run_job(ScanJob(problem), quiet=quiet)
    job = ScanFilesJob(stage.backend, problem, fit, context.folder, target.label, sources)
    files: ScanFiles = run_job(job, quiet=quiet)
    stage.notices.extend(fit.notices)
    report = files.report
    return {
        "target": str(target.path),
        "files": [str(path) for path in files.paths],
        "face_to_scan": report["face_to_scan"],
        "head_to_scan": report["head_to_scan"],
        "iterations": report["iterations"],
        "seconds": report["seconds"],
    }
