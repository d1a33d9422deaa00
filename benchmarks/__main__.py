"""What the studio costs here: ``python -m benchmarks [start|hand|panels|drawing|…] [--json FILE]``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.measure import Measure, table

PARTS = {
    "start": "benchmarks.starting",
    "hand": "benchmarks.hand",
    "playback": "benchmarks.playback",
    "controls": "benchmarks.controls",
    "panels": "benchmarks.panels",
    "drawing": "benchmarks.drawing",
    "forward": "benchmarks.forward",
    "rasterizer": "benchmarks.rasterizer",
    "sequences": "benchmarks.sequences",
    "sessions": "benchmarks.sessions",
    "dragging": "benchmarks.dragging",
    "pointing": "benchmarks.pointing",
    "comparing": "benchmarks.comparing",
    "export": "benchmarks.exporting",
    "animations": "benchmarks.animations",
    "live": "benchmarks.live",
    "timeline": "benchmarks.timeline",
    "curves": "benchmarks.curves",
    "sound": "benchmarks.sound",
    "scans": "benchmarks.scans",
    "fitting": "benchmarks.fitting_judged",
    "iterations": "benchmarks.fitting_speed",
    "priors": "benchmarks.priors",
}
ON_ONE_THREAD = {"forward"}  # NumPy's products cannot be told once it is loaded
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    """Run the parts that were asked for, all without a choice, and print a table and JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the studio costs here.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--json", type=Path, default=Path("out/bench.json"), help="where the numbers go")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    measures = [entry for part in options.parts or PARTS for entry in _run_alone(part)]
    Console().print(table(measures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps([dataclasses.asdict(entry) for entry in measures], indent=1)
    options.json.write_text(numbers + "\n", encoding="utf-8")
    print(numbers)
    return 0


def _run_alone(part: str) -> list[Measure]:
    """A part in a process of its own: threads that another part left waiting would slow it down."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = Path(folder, "part.json")
        command = [sys.executable, "-m", "benchmarks.part", PARTS[part], str(numbers)]
        threads = dict.fromkeys(THREAD_VARIABLES, "1") if part in ON_ONE_THREAD else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **threads})
        return [Measure(**entry) for entry in json.loads(numbers.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    sys.exit(main())
