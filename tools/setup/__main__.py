"""Prepare a checkout: ``python3 -m tools.setup environment|window|virtual-screen``.

Runs before anything is installed, so it uses the standard library only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.setup import environment, libraries


def main() -> int:
    """Prepare what the command line names; 1 with one sentence on standard error if it cannot be done."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description="Prepare a checkout.")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("environment", help="make the virtual environment").add_argument("folder", type=Path)
    steps.add_parser("window", help="check the system libraries of the window")
    steps.add_parser("virtual-screen", help="check the programs of a screen without a display")
    options = parser.parse_args()
    try:
        if options.step == "environment":
            environment.prepare(options.folder)
        elif options.step == "window":
            libraries.provide(libraries.missing_for_window())
        else:
            libraries.provide(libraries.missing_for_virtual_screen())
    except libraries.SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
