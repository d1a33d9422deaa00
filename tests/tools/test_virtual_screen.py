"""The screen that windows are opened on where there is no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.virtual_screen import environment, virtual_screen

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")


def test_window_on_it_becomes_active() -> None:
    script = (
        "from PySide6.QtTest import QTest\n"
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "application, window = QApplication([]), QWidget()\n"
        "window.show()\n"
        "raise SystemExit(not QTest.qWaitForWindowActive(window, 5000))"
    )
    command = [sys.executable, "-m", "tools.virtual_screen", sys.executable, "-c", script]
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    assert subprocess.run(command, cwd=PROJECT, env=bare, check=False).returncode == 0


def test_it_is_gone_after_an_error() -> None:
    with pytest.raises(KeyError), virtual_screen() as display:
        raise KeyError
    socket = Path("/tmp/.X11-unix") / f"X{display.removeprefix(':')}"
    assert not socket.exists()


def test_status_of_the_command_is_handed_on() -> None:
    command = [sys.executable, "-m", "tools.virtual_screen", "sh", "-c", "exit 3"]
    assert subprocess.run(command, cwd=PROJECT, check=False).returncode == 3


def test_only_the_virtual_screen_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    seen = environment(":7")
    assert seen["DISPLAY"] == ":7"
    assert "WAYLAND_DISPLAY" not in seen
