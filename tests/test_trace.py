"""The marks by which a start is measured."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def marks_of(script: str) -> tuple[list[dict[str, object]], float]:
    """The marks that a fresh Python wrote, and the milliseconds it ran for."""
    began = time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in result.stderr.splitlines()], (time.perf_counter() - began) * 1000.0


def test_marks_count_from_the_start_of_the_process() -> None:
    script = "import time; time.sleep(0.2)\nfrom studio import trace\ntrace.enable(); trace.mark('window')"
    (mark,), lasted = marks_of(script)
    assert mark["mark"] == "window"
    at_least = 190.0 if sys.platform == "linux" else 0.0
    assert at_least < float(str(mark["ms"])) < lasted + 20.0


def test_nothing_is_written_unasked() -> None:
    marks, _ = marks_of("from studio import trace; trace.mark('window')")
    assert marks == []
