"""What a fit to a scan of 100,000 points takes, and how near the head comes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.fitting_truth.sized_head import sized_head
from benchmarks.measure import Measure
from studio.fitting.scans.fit import fit_scan
from studio.fitting.scans.result import ScanProblem
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from tests.fitting.scanned import head, scanned

PART = "Scans"
POINTS = 100_000
AT_MOST = 15_000.0  # milliseconds
SEED = 1


def measure() -> list[Measure]:
    """One fit each to a spoilt scan of the open head and of a head with FLAME's sizes."""
    with tempfile.TemporaryDirectory() as folder:
        sized = sized_head(Path(folder))
    return [_fit(name, model) for name, model in (("open head", load_open_head()), ("FLAME's size", sized))]


def _fit(name: str, model: HeadModel) -> Measure:
    taken = scanned(model, head(model, SEED), SEED, count=POINTS)
    fit = fit_scan(ScanProblem(model, taken.scan, taken.picks))
    note = f"face {taken.error(fit, model.regions['face']):.2f} mm off"
    return Measure(PART, f"{name}, {POINTS:,} points", 1000.0 * fit.seconds, AT_MOST, note)
