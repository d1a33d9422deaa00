"""The appearance in the real window: a drag on the screen, undo, and a sheet as a file."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from tests.panels.hands import drag, row
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as shown:
        yield shown


@pytest.fixture
def panel(window, qtbot):
    dock = window.workspace.docks["Appearance"]
    dock.raise_()
    qtbot.waitUntil(lambda: dock.widget().findChild(QPushButton) is not None)
    QTest.qWait(50)
    return dock.widget()


def brightness(window):
    image = window.canvas.read()
    height, width = image.shape[:2]
    return image[height // 3 : 2 * height // 3, 2 * width // 5 : 3 * width // 5, :3].mean()


def test_a_drag_darkens_the_skin_on_the_screen_and_undo_brings_it_back(qtbot, window, panel):
    qtbot.wait(400)
    before = brightness(window)
    drag(row(panel, "Skin tone"), 0.5, 1.0, 2.0, 3.0)
    assert window.history.stack.count() == 1
    assert window.actions_by_id["undo"].text() == "Undo Skin tone"
    qtbot.waitUntil(lambda: brightness(window) < 0.75 * before, timeout=WAIT)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: abs(brightness(window) - before) < 2.0, timeout=WAIT)
    window.actions_by_id["redo"].trigger()
    window.actions_by_id["reset_appearance"].trigger()
    assert not any(window.document.look.texture.coefficients)
    qtbot.waitUntil(lambda: abs(brightness(window) - before) < 2.0, timeout=WAIT)


def test_the_sheet_is_saved_from_the_panel_and_can_be_cancelled(qtbot, window, panel, monkeypatch, tmp_path):
    path = tmp_path / "sheet.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    button = next(b for b in panel.findChildren(QPushButton) if b.text() == "Save sheet…")
    with qtbot.waitSignal(window.jobs.ended, timeout=2 * WAIT):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    with Image.open(path) as image:
        page = np.asarray(image.convert("RGB"))
    assert page.shape[1] > 3 * 300
    assert page.std() > 20
    assert "sheet.png" in window.notices.text

    path.unlink()
    with qtbot.waitSignal(window.jobs.ended, timeout=2 * WAIT):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
        window.jobs.cancel()
    assert list(tmp_path.iterdir()) == []


def test_shape_and_expression_have_their_sheets_too(qtbot, window, monkeypatch, tmp_path):
    for subject in ("shape", "expression"):
        path = tmp_path / f"{subject}.jpg"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, path=path: (str(path), ""))
        with qtbot.waitSignal(window.jobs.ended, timeout=2 * WAIT):
            window.exports.sheet(subject)
        assert path.stat().st_size > 20_000


def test_the_actions_can_be_found(window):
    names = {action.text() for action in window.workspace.commands()}
    assert {"Reset appearance", "Save sheet of the appearance…"} <= names
