"""What the studio costs here: ``python -m benchmarks [start|hand|drawing|forward …] [--json FILE]``."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import sys
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
    choose_qt()
    measures: list[Measure] = []
    with ExitStack() as stack:
        if sys.platform == "linux":
            os.environ.update(environment(stack.enter_context(virtual_screen())))
        for part in options.parts or PARTS:
            measures += importlib.import_module(PARTS[part]).measure()
    Console().print(table(measures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps([dataclasses.asdict(entry) for entry in measures], indent=1)
    options.json.write_text(numbers + "\n", encoding="utf-8")
    print(numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
