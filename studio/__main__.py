"""What ``run_studio.py``, ``flame-studio`` and ``python -m studio`` start."""

from __future__ import annotations

import os
import sys


def choose_qt() -> None:
    """Name the Qt binding to pyqtgraph, which otherwise takes another one it finds."""
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"


def main() -> int:
    """The window, or the job that the command line names; the exit status."""
    choose_qt()
    from studio.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
