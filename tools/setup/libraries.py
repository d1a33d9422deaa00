"""The system libraries and programs that the window needs on Linux, and how to get them."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Shared library to the Debian and Ubuntu package that holds it.
WINDOW_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
GL_DRIVERS = {
    "libEGL_mesa.so.0": ("libegl-mesa0", "libEGL_nvidia.so.0"),
    "libGLX_mesa.so.0": ("libglx-mesa0", "libGLX_nvidia.so.0"),
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_PACKAGE = "fonts-dejavu-core"
VIRTUAL_SCREEN_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox"}


class SetupError(Exception):
    """Something this script cannot mend: one sentence that says what to do."""


def missing_for_window() -> list[str]:
    """Packages that Qt and OpenGL need and that are not installed; none outside Linux."""
    if sys.platform != "linux":
        return []
    return sorted({*_missing_libraries(), *_missing_drivers(), *_missing_fonts()})


def missing_for_virtual_screen() -> list[str]:
    """Packages that a screen without a display needs and that are not installed; none outside Linux."""
    if sys.platform != "linux":
        return []
    return [package for program, package in VIRTUAL_SCREEN_PROGRAMS.items() if shutil.which(program) is None]


def provide(packages: list[str]) -> None:
    """Install ``packages`` where root or passwordless sudo allows it.

    Raises:
        SetupError: they may not be installed from here, or installing failed.

    """
    if not packages:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        names = ", ".join(packages)
        raise SetupError(f"System libraries are missing; install what your system calls {names}.")
    prefix = _as_root()
    if prefix is None:
        command = shlex.join(["sudo", *install])
        raise SetupError(
            f"System libraries are missing; install them with this command and try again:\n{command}"
        )
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    if not _run([*prefix, *install]):
        # The usual reason is a package list that is missing or out of date.
        _run([*prefix, "apt-get", "update"])
        if not _run([*prefix, *install]):
            raise SetupError(f"Installing failed; see above, mend it and try again: {shlex.join(install)}")


def _as_root() -> list[str] | None:
    """What to put before a command to run it as root; None where that is not possible unasked."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") and _run(["sudo", "--non-interactive", "true"], quiet=True):
        return ["sudo", "--non-interactive", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _run(command: list[str], *, quiet: bool = False) -> bool:
    """Whether ``command`` succeeded; its output goes to the terminal unless ``quiet``."""
    target = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, check=False, stdout=target, stderr=target).returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _missing_libraries() -> Iterator[str]:
    return (package for library, package in WINDOW_LIBRARIES.items() if not _loads(library))


def _missing_drivers() -> Iterator[str]:
    return (
        package for mesa, (package, vendor) in GL_DRIVERS.items() if not _loads(mesa) and not _loads(vendor)
    )


def _missing_fonts() -> Iterator[str]:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    if not any(next(folder.rglob("*.[to]tf"), None) for folder in folders):
        yield FONT_PACKAGE
