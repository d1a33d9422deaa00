"""Who may import whom, and what may not be loaded before the window stands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

PROJECT = Path(__file__).parents[1]

HEAVY = ("torch", "mlx", "numba", "scipy", "trimesh", "imageio", "PIL", "safetensors", "rich")
WINDOW = ("PySide6", "vispy", "pyqtgraph")


LATE = (
    "studio.export_jobs",
    "studio.export.film",
    "studio.export.gltf",
    "studio.live",
    "studio.operations.table",
    "studio.session.reading",
    "studio.session.writing",
    "studio.sound.sound",
    "studio.sequence.files",
    "studio.scripting.interpreter",
    "studio.controls.surface_drag",
    "studio.cli.verb_flags",
    "studio.panels.layers_panel",
    "studio.panels.look_panel",
    "studio.panels.export_panel",
    "studio.panels.live_panel",
    "studio.panels.compare_panel",
    "studio.panels.command_palette",
    "numpy.random",
)  # what is loaded when it is asked for, or first seen


def loaded_after(statement: str, packages: tuple[str, ...]) -> list[str]:
    """Which of ``packages`` a fresh Python has loaded after ``statement``."""
    script = (
        "import json, sys\n"
        "from studio.__main__ import choose_qt\n"
        "choose_qt()\n"
        f"{statement}\n"
        f"print(json.dumps([name for name in {packages!r} if name in sys.modules]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return json.loads(result.stdout)


def test_import_rules_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True) == 0


def test_window_loads_nothing_heavy() -> None:
    assert loaded_after("import studio.cli, studio.app, studio.window", (*HEAVY, "pyqtgraph")) == []


def test_window_stands_without_what_is_not_in_sight() -> None:
    """Nothing of it is loaded by the first picture of the head, with the panels in front at first."""
    names = (*LATE, "torch", "numba", "scipy", "pyqtgraph")
    script = (
        "import json, os, sys\n"
        "from studio import app, trace\n"
        "app._BEGIN_PATIENCE = 100_000  # else a slow machine begins to compute before the picture\n"
        "from studio.app import WindowOptions, run\n"
        "def tell(name):\n"
        "    if name == 'head':\n"
        f"        print(json.dumps([name for name in {names!r} if name in sys.modules]), flush=True)\n"
        "        os._exit(0)\n"
        "trace.mark = tell\n"
        "run([], WindowOptions())"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, check=True, capture_output=True, text=True, timeout=120
    )
    assert json.loads(result.stdout) == []


def test_command_line_loads_neither_window_nor_arrays() -> None:
    assert loaded_after("import studio.cli", WINDOW + HEAVY) == []


def test_python_interface_loads_nothing_heavy() -> None:
    statement = "from studio.flame import Params, load_model; from studio.backends import create_backend"
    assert loaded_after(statement, WINDOW + HEAVY) == []
