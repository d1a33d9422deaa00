"""A screen without a display (Linux): ``python -m tools.virtual_screen COMMAND…`` runs a command on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SIZE = "1920x1200x24"
SERVER = "Xvfb"
WINDOW_MANAGER = "openbox"


@contextmanager
def virtual_screen(size: str = SIZE) -> Iterator[str]:
    """Start Xvfb and a window manager for the time of the block and name the display.

    Xvfb picks a free display number itself, so that several may start at once. Without a window manager
    no window ever becomes the active one, and keys go nowhere.

    Args:
        size: width, height and depth, ``"1920x1200x24"``.

    Yields:
        The value for ``DISPLAY``.

    Raises:
        RuntimeError: Xvfb or the window manager is not installed, or Xvfb did not start.

    """
    for program in (SERVER, WINDOW_MANAGER):
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is not installed; `make test` installs it, or says how.")
    read_end, write_end = os.pipe()
    server = [SERVER, "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp"]
    with _running(server, pass_fds=(write_end,)):
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start.")
        display = f":{number}"
        with _running([WINDOW_MANAGER, "--sm-disable"], env=environment(display)):
            yield display


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[None]:
    """Keep ``command`` running, unheard, for the time of the block."""
    silence = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=silence, stderr=silence, **options)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


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
