"""One part of the benchmark in this process: ``python -m benchmarks.part MODULE NUMBERS.json``."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from studio.__main__ import choose_qt
from tools.virtual_screen import environment, virtual_screen


def main(module: str, numbers: str) -> None:
    """Write what ``module`` measures to the file ``numbers``."""
    choose_qt()
    with ExitStack() as stack:
        if sys.platform == "linux":
            os.environ.update(environment(stack.enter_context(virtual_screen())))
        measures = importlib.import_module(module).measure()
    Path(numbers).write_text(json.dumps([dataclasses.asdict(entry) for entry in measures]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
