"""The virtual environment with everything installed in it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup.libraries import SetupError, provide

PROJECT = Path(__file__).parents[2]

# On Linux the usual torch wheel brings gigabytes of CUDA libraries. Where pip's own configuration offers
# the CPU build of this version it is taken; elsewhere the range in pyproject.toml decides.
TORCH_CPU_BUILDS = ("torch==2.13.0+cpu", "torch==2.13.0")


def prepare(folder: Path) -> None:
    """Make the environment in ``folder`` and install the project into it, editable, with its tools.

    Raises:
        SetupError: venv or pip failed.

    """
    python = folder / "bin" / "python"
    if not _starts(python):
        _create(folder)
    if sys.platform == "linux" and shutil.which("nvidia-smi") is None and not _has_torch(python):
        _install_cpu_torch(python)
    print("Installing FLAME Studio into", folder, flush=True)
    if not _pip(python, "--editable", f"{PROJECT}[dev]"):
        raise SetupError("Installing the Python packages failed; see above, mend it and try again.")
    _compile_kernels(python)


def _create(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        provide([f"python3.{sys.version_info.minor}-venv"])
    print("Making", folder, "with Python", sys.version.split()[0], flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=False).returncode:
        raise SetupError(f"{sys.executable} could not make a virtual environment in {folder}; see above.")


def _install_cpu_torch(python: Path) -> None:
    for build in TORCH_CPU_BUILDS:
        print("Looking for the CPU build of torch:", build, flush=True)
        if _pip(python, build, quiet=True):
            return
    print("pip offers none; the usual build is taken.", flush=True)


def _pip(python: Path, *arguments: str, quiet: bool = False) -> bool:
    target = subprocess.DEVNULL if quiet else None
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *arguments]
    return subprocess.run(command, check=False, stdout=target, stderr=target).returncode == 0


def _compile_kernels(python: Path) -> None:
    """Compile what the studio computes with, so that the first slider ever moved does not wait for it."""
    kernels = sorted(path.relative_to(PROJECT) for path in PROJECT.glob("studio/**/*kernel*.py"))
    modules = ", ".join(".".join(path.with_suffix("").parts) for path in kernels)
    subprocess.run([str(python), "-c", f"import {modules}"], cwd=PROJECT, check=False)


def _starts(python: Path) -> bool:
    """Whether the environment's Python runs and is recent enough; it does not after its base was removed."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run([str(python), "-c", check], check=False, stderr=subprocess.DEVNULL).returncode == 0
        )
    except OSError:
        return False


def _has_torch(python: Path) -> bool:
    check = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
    return subprocess.run([str(python), "-c", check], check=False).returncode == 0
