"""What a fit costs on this machine: the shipped recipes on two photographed heads of each model."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.fitting_truth.__main__ import rows_of
from benchmarks.fitting_truth.taking import HEADS
from benchmarks.measure import Measure

PART = "Fitting"
AT_MOST = {"Landmarks only": 1000.0, "Photometric": 12000.0}  # milliseconds a photo


def measure() -> list[Measure]:
    """Seconds a photo; how far the face is from the truth stands in the note."""
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(Path(folder), HEADS, (0, 1), (*AT_MOST, "Fast preview"), processes=1, threads=2)
    return [
        Measure(
            PART,
            f"{row.recipe}, {row.model}",
            1000.0 * statistics.median(one.seconds for one in row.judged),
            AT_MOST.get(row.recipe),
            f"face {statistics.fmean(one.face for one in row.judged):.2f} mm off the truth",
        )
        for row in rows
    ]
