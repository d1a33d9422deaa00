"""A screen without a display (Linux): ``python -m tools.virtual_screen COMMAND…`` runs a command on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1600x1000x24"


@contextmanager
def virtual_screen(size: str = SIZE) -> Iterator[str]:
    """Start Xvfb for the time of the block and name its display.

    Xvfb picks a free display number itself, so that several may start at once.

    Args:
        size: width, height and depth, ``"1600x1000x24"``.

    Yields:
        The value for ``DISPLAY``.

    Raises:
        RuntimeError: Xvfb is not installed or did not start.

    """
    if shutil.which("Xvfb") is None:
        raise RuntimeError("Xvfb is not installed; `make test` installs it, or says how.")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def environment(display: str) -> dict[str, str]:
    """The environment of this process with ``display`` as its only screen."""
    variables = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    return {**variables, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}


def main() -> int:
    """Run the command line's command on a virtual screen; its exit status."""
    if len(sys.argv) < 2:
        print("usage: python -m tools.virtual_screen COMMAND…", file=sys.stderr)
        return 2
    with virtual_screen() as display:
        return subprocess.run(sys.argv[1:], env=environment(display), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
