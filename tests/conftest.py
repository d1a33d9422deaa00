"""What every test may rely on."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from studio.__main__ import choose_qt
from studio.flame.model import HeadModel
from studio.flame.params import frozen
from studio.threads import collect_due
from tests.leftovers import forget_the_gone, own_windows
from tests.waiting import wait_at_rest
from tools.virtual_screen import environment, virtual_screen

HERE = Path(__file__).parent
_screen = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Give windows a screen where there is none, and keep the user's settings and caches out of the tests."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # the tests run in other processes, each with a screen of its own
    choose_qt()
    wait_at_rest()
    gc.disable()  # objects of Qt must not go on other threads: collect_due() stands for it
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of windows, which take longest: at the end one of them would run alone."""
    items.sort(key=lambda item: item.path.parent != HERE)


def pytest_collection_finish() -> None:
    """Nothing that the tests are made of is ever garbage."""
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """Delete the windows that a test leaves: styling them anew would slow down every window after it."""
    before = set(own_windows())
    yield
    for widget in own_windows():
        if widget not in before:
            widget.deleteLater()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """When all else of a test is taken down, so is what it used; and garbage is looked for."""
    yield
    if "qapp" in getattr(item, "fixturenames", ()):
        forget_the_gone()
    else:
        collect_due()


@pytest.fixture(autouse=True)
def nobody_is_asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests close a window with changes in it: a question would wait for a person for ever."""
    if "window" in request.fixturenames:
        from PySide6.QtWidgets import QMessageBox

        from studio.sessions import Sessions

        monkeypatch.setattr(Sessions, "_question", lambda *_: QMessageBox.StandardButton.Discard)


@pytest.fixture(scope="session")
def tiny_model() -> HeadModel:
    """A FLAME-layout model of 62 vertices on a closed ball, random but repeatable, without names."""
    count, rows, columns = 62, 5, 12
    angles = np.arange(columns) * 2.0 * np.pi / columns
    heights = np.cos(np.arange(1, rows + 1) * np.pi / (rows + 1))
    rings = [
        np.stack(
            [np.sqrt(1 - h * h) * np.sin(angles), np.full(columns, h), np.sqrt(1 - h * h) * np.cos(angles)], 1
        )
        for h in heights
    ]
    template = 0.1 * np.concatenate([[[0, 1, 0]], *rings, [[0, -1, 0]]])
    faces = [[0, 1 + j, 1 + (j + 1) % columns] for j in range(columns)]
    for i in range(rows - 1):
        for j in range(columns):
            a, b = 1 + i * columns + j, 1 + i * columns + (j + 1) % columns
            faces += [[a, a + columns, b], [b, a + columns, b + columns]]
    base = 1 + (rows - 1) * columns
    faces += [[base + j, count - 1, base + (j + 1) % columns] for j in range(columns)]
    random = np.random.default_rng(7)
    return HeadModel(
        name="tiny",
        version="made for tests",
        digest="00" * 32,
        licence="Free for tests",
        v_template=frozen(template),
        faces=np.array(faces, np.int32),
        shapedirs=frozen(random.normal(0, 0.002, (count, 3, 6))),
        expressiondirs=frozen(random.normal(0, 0.002, (count, 3, 4))),
        posedirs=frozen(random.normal(0, 0.001, (count, 3, 36))),
        j_regressor=frozen(random.dirichlet(np.ones(count), 5)),
        lbs_weights=frozen(random.dirichlet(np.ones(5), count)),
        shape_ranges=frozen(np.tile([-3.0, 3.0], (6, 1))),
        expression_ranges=frozen(np.tile([-3.0, 3.0], (4, 1))),
    )


@pytest.fixture(scope="session")
def head_model() -> HeadModel:
    """The open head."""
    from studio.flame.open_head import load_open_head

    return load_open_head()
