"""Make the pictures of the README anew: ``python -m docs.make_tour``.

Windows are pictured on a virtual screen and sheets off screen, each in a process of its own, because a
process has either a window's OpenGL or one without a window.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from studio.__main__ import choose_qt
from tools.virtual_screen import environment, virtual_screen

PICTURES = Path(__file__).with_name("pictures")
LARGEST = 300_000  # bytes a picture may weigh in the repository


def main() -> int:
    """Make all pictures; 1 when one of them is too large to be committed."""
    PICTURES.mkdir(exist_ok=True)
    choose_qt()
    with ExitStack() as stack:
        settings = stack.enter_context(tempfile.TemporaryDirectory())
        variables = {**os.environ, "XDG_CONFIG_HOME": settings}
        if sys.platform == "linux":
            variables.update(environment(stack.enter_context(virtual_screen())), XDG_CONFIG_HOME=settings)
        run("docs.tour_windows", variables)
    run("docs.tour_sheets", dict(os.environ))
    heavy = [path for path in sorted(PICTURES.iterdir()) if path.stat().st_size > LARGEST]
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.name:16} {path.stat().st_size / 1000:6.0f} kB")
    if heavy:
        print("Too large to be committed:", ", ".join(path.name for path in heavy), file=sys.stderr)
    return 1 if heavy else 0


def run(module: str, variables: dict[str, str]) -> None:
    """Run one of the tour's modules with the folder it leaves its pictures in."""
    subprocess.run([sys.executable, "-m", module, str(PICTURES)], env=variables, check=True)


if __name__ == "__main__":
    sys.exit(main())
