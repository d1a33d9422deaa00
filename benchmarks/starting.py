"""From ``python run_studio.py`` to the window and to the head in it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Measure

PROJECT = Path(__file__).parents[1]
MARKS = {"window": ("window on the screen", 1200.0), "head": ("head in the window", 1500.0)}
RUNS = 5


def measure() -> list[Measure]:
    """Medians of five starts with files in the system's cache, and modules compiled by a start before."""
    one_start()
    starts = [one_start() for _ in range(RUNS)]
    return [
        Measure("Start", title, statistics.median(start[mark] for start in starts), limit)
        for mark, (title, limit) in MARKS.items()
    ]


def one_start() -> dict[str, float]:
    """Milliseconds to every mark of one start; the studio is ended at the last one.

    Raises:
        RuntimeError: the studio ended before it reached them all.

    """
    began = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "run_studio.py", "--trace"],
        cwd=PROJECT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    reached: dict[str, float] = {}
    said = []
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith('{"mark"'):
                reached[json.loads(line)["mark"]] = (time.perf_counter() - began) * 1000.0
            else:
                said.append(line)
            if MARKS.keys() <= reached.keys():
                break
        process.kill()
    if not MARKS.keys() <= reached.keys():
        raise RuntimeError(f"The studio ended before its head was on the screen: {''.join(said).strip()}")
    return reached
