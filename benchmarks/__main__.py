"""What the studio costs here: ``python -m benchmarks [start|hand|drawing|forward|…] [--json FILE]``."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from benchmarks.measure import Measure, table
from studio.__main__ import choose_qt
from tools.virtual_screen import environment, virtual_screen

PARTS = {
    "start": "benchmarks.starting",
    "hand": "benchmarks.hand",
    "drawing": "benchmarks.drawing",
    "forward": "benchmarks.forward",
    "rasterizer": "benchmarks.rasterizer",
}


def main() -> int:
    """Run the parts that were asked for, all without a choice, and print a table and JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the studio costs here.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--json", type=Path, default=Path("out/bench.json"), help="where the numbers go")
    options = parser.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    parts = options.parts or list(PARTS)
    measures = _run(parts[0]) if len(parts) == 1 else [entry for part in parts for entry in _run_alone(part)]
    Console().print(table(measures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps([dataclasses.asdict(entry) for entry in measures], indent=1)
    options.json.write_text(numbers + "\n", encoding="utf-8")
    print(numbers)
    return 0


def _run(part: str) -> list[Measure]:
    choose_qt()
    with ExitStack() as stack:
        if sys.platform == "linux":
            os.environ.update(environment(stack.enter_context(virtual_screen())))
        return importlib.import_module(PARTS[part]).measure()


def _run_alone(part: str) -> list[Measure]:
    """A part in a process of its own: threads that another part left waiting would slow it down."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = Path(folder, "part.json")
        command = [sys.executable, "-m", "benchmarks", part, "--json", str(numbers)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [Measure(**entry) for entry in json.loads(numbers.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    sys.exit(main())
