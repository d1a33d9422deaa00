"""The rows of a run as a table for the docs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.fitting_truth.fits import Row

COLUMNS = (
    "Head",
    "Recipe",
    "face, mm: mean",
    "worst",
    "95 %",
    "whole head, mm",
    "landmarks, %",
    "jaws beyond",
    "PSNR, dB",
    "s",
    "ms/iteration",
    "MB",
)


def markdown(rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|" + "---:|" * (len(COLUMNS) - 2)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def cells(row: Row) -> tuple[str, ...]:
    """What stands in a row: means over the heads, and medians of times."""
    judged = row.judged
    marks = [one.landmarks for one in judged if one.landmarks is not None]
    noise = [one.psnr for one in judged if one.psnr is not None]
    fitted = [one for one in judged if one.iterations]
    return (
        row.model,
        row.recipe,
        f"{statistics.fmean(one.face for one in judged):.2f}",
        f"{max(one.face for one in judged):.2f}",
        f"{statistics.fmean(one.face_95 for one in judged):.2f}",
        f"{statistics.fmean(one.head for one in judged):.2f}",
        f"{statistics.fmean(marks):.2f}" if marks else "",
        f"{sum(one.jaw_beyond for one in judged)} of {len(judged)}" if marks else "",
        f"{statistics.fmean(noise):.1f}" if noise else "",
        f"{statistics.median(one.seconds for one in fitted):.2f}" if fitted else "",
        f"{statistics.median(1000 * one.seconds / one.iterations for one in fitted):.1f}" if fitted else "",
        f"{row.memory:.0f}" if fitted else "",
    )
