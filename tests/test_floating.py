"""Panels that float, as they are on the screen, and the same after a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

PROJECT = Path(__file__).parents[1]

# one session of the window: float Pose and move it, or look; write the screen and where things are
SCRIPT = """
import json, sys
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar
from studio.app import _application
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.open_head import load_open_head
from studio.settings import Settings
from studio.theme import apply_theme

action, theme, folder = sys.argv[1:]
application = _application()
apply_theme(application, theme)
from studio.window import StudioWindow
window = StudioWindow(Document(load_open_head()), BackendChoice("auto", None, None), Settings())
if action != "again":
    window.resize(900, 560)
    window.workspace.docks["Library"].hide()  # no room for it beside the head
window.show()
QTest.qWait(900)
dock = window.workspace.docks["Pose"]
def shown_tabs():
    return next(bar for bar in window.findChildren(QTabBar) if not bar.visibleRegion().isEmpty())

def float_from_tab():
    tabs = shown_tabs()
    index = next(i for i in range(tabs.count()) if tabs.tabText(i) == "Pose")
    tabs.setCurrentIndex(index)
    QTest.qWait(100)
    tabs.customContextMenuRequested.emit(tabs.tabRect(index).center())
    menu = application.activePopupWidget()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    QTest.qWait(500)

def place(widget):
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]

def tell(name):
    screen = window.screen().grabWindow(0)
    screen.save(f"{folder}/{name}.png")
    tabs = shown_tabs()
    current = window.workspace.docks[tabs.tabText(tabs.currentIndex())]
    print(json.dumps({
        "ratio": screen.devicePixelRatio(),
        "dock": place(dock),
        "canvas": place(window.canvas),
        "tabs": [tabs.tabText(i) for i in range(tabs.count())],
        "seen below the tabs": not current.visibleRegion().isEmpty(),
        "current": place(current),
    }))

if action == "again":
    window.raise_()
    window.activateWindow()
    QTest.qWait(300)
    tell("again")
else:
    float_from_tab()
    tell("float")
    dock.move(window.canvas.mapToGlobal(QPoint(60, 70)))
    QTest.qWait(300)
    tell("move")
window.close()
"""

Seen = tuple[dict[str, Any], np.ndarray]


def session(action: str, theme: str, scale: str, folder: Path) -> list[Seen]:
    """What is where after each part of ``action``, and the pixels of the screen."""
    environment = {"XDG_CONFIG_HOME": str(folder), "QT_SCALE_FACTOR": scale}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, action, theme, str(folder)],
        env={**os.environ, **environment, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = ["float", "move"] if action == "float and move" else [action]
    pictures = [np.asarray(Image.open(folder / f"{name}.png").convert("RGB"), np.int16) for name in names]
    return list(zip(map(json.loads, done.stdout.splitlines()), pictures, strict=True))


@dataclass(frozen=True)
class Floated:
    """A theme and a scale, and what was seen as the panel floated and as it was moved after that."""

    theme: str
    scale: str
    folder: Path
    floating: Seen
    moved: Seen


@pytest.fixture(scope="module", params=[("dark", "1"), ("light", "2")], ids=["dark-1", "light-2"])
def floated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Floated:
    theme, scale = request.param
    folder = tmp_path_factory.mktemp("floating")
    return Floated(theme, scale, folder, *session("float and move", theme, scale, folder))


def cut(pixels: np.ndarray, place: list[int], ratio: float) -> np.ndarray:
    left, top, width, height = (round(value * ratio) for value in place)
    return pixels[top : top + height, left : left + width]


def test_a_panel_floats_framed_beside_its_tabs(floated: Floated) -> None:
    seen, pixels = floated.floating
    left, top, width, _ = seen["dock"]
    canvas = seen["canvas"]
    assert canvas[0] < left
    assert left + width < canvas[0] + canvas[2] < seen["current"][0] + 8
    assert canvas[1] < top
    assert "Pose" not in seen["tabs"]
    assert seen["seen below the tabs"]
    panel = cut(pixels, seen["dock"], seen["ratio"])
    inside = panel[panel.shape[0] // 40, panel.shape[1] // 2]
    for edge in (panel[0], panel[-1], panel[:, 0], panel[:, -1]):
        assert np.abs(edge - inside).max(axis=1).min() > 40


def test_a_floating_panel_is_seen_again_after_a_restart(floated: Floated) -> None:
    before, first = floated.moved
    ((after, second),) = session("again", floated.theme, floated.scale, floated.folder)
    assert after["dock"] == before["dock"]
    assert "Pose" not in after["tabs"]
    panel = cut(first, before["dock"], before["ratio"])
    assert panel.std() > 5
    assert (np.abs(panel - cut(second, after["dock"], after["ratio"])).max(axis=2) > 8).mean() < 0.02
