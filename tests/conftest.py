"""What every test may rely on."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack

import pytest

from studio.__main__ import choose_qt
from tools.virtual_screen import environment, virtual_screen

_screen = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Give windows a screen where there is none, and keep the user's settings and caches out of the tests."""
    choose_qt()
    home = _screen.enter_context(tempfile.TemporaryDirectory(prefix="flame-studio-tests-"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ[name] = os.path.join(home, name.lower())
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        try:
            display = _screen.enter_context(virtual_screen())
        except RuntimeError as error:
            raise pytest.UsageError(str(error)) from error
        os.environ.update(environment(display))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the screen away again."""
    _screen.close()
