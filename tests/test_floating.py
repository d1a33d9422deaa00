"""Panels that float, as they are on the screen, and the same after a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

PROJECT = Path(__file__).parents[1]

# one session of the window: act on Pose, write the screen and where things are, close
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

action, theme, picture = sys.argv[1:]
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

tabs = shown_tabs()

def float_from_tab():
    index = next(i for i in range(tabs.count()) if tabs.tabText(i) == "Pose")
    tabs.setCurrentIndex(index)
    QTest.qWait(100)
    tabs.customContextMenuRequested.emit(tabs.tabRect(index).center())
    menu = application.activePopupWidget()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    QTest.qWait(500)

if action == "float":
    float_from_tab()
elif action == "move":
    float_from_tab()
    dock.move(window.canvas.mapToGlobal(QPoint(60, 70)))
    QTest.qWait(300)
elif action == "again":
    window.raise_()
    window.activateWindow()
    QTest.qWait(300)

def place(widget):
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]

screen = window.screen().grabWindow(0)
screen.save(picture)
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
window.close()
"""


def session(action: str, theme: str, scale: str, folder: Path) -> tuple[dict[str, Any], np.ndarray]:
    """What is where after ``action``, and the pixels of the screen."""
    environment = {"XDG_CONFIG_HOME": str(folder), "QT_SCALE_FACTOR": scale}
    picture = folder / f"{action}.png"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, action, theme, str(picture)],
        env={**os.environ, **environment, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), np.asarray(Image.open(picture).convert("RGB"), dtype=np.int16)


def cut(pixels: np.ndarray, place: list[int], ratio: float) -> np.ndarray:
    left, top, width, height = (round(value * ratio) for value in place)
    return pixels[top : top + height, left : left + width]


CASES = [("dark", "1"), ("light", "2")]


@pytest.mark.parametrize(("theme", "scale"), CASES)
def test_a_panel_floats_framed_beside_its_tabs(theme: str, scale: str, tmp_path: Path) -> None:
    seen, pixels = session("float", theme, scale, tmp_path)
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


@pytest.mark.parametrize(("theme", "scale"), CASES)
def test_a_floating_panel_is_seen_again_after_a_restart(theme: str, scale: str, tmp_path: Path) -> None:
    before, first = session("move", theme, scale, tmp_path)
    after, second = session("again", theme, scale, tmp_path)
    assert after["dock"] == before["dock"]
    assert "Pose" not in after["tabs"]
    panel = cut(first, before["dock"], before["ratio"])
    assert panel.std() > 5
    assert (np.abs(panel - cut(second, after["dock"], after["ratio"])).max(axis=2) > 8).mean() < 0.02
