"""A wink with a half smile: made, kept as a pose, undone to, killed, and back; all by mouse and keys."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMessageBox, QPushButton

from studio import pose_library, sessions
from tests.windows import WAIT, shown_window
from tests.wink import LEFT, POSE

PROJECT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def nobody_is_asked():
    """This test answers itself."""


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "autosave_folder", lambda: tmp_path / "autosave")
    monkeypatch.setattr(pose_library, "user_poses", lambda: tmp_path / "poses")
    monkeypatch.setattr(pose_library, "thumbnail_folder", lambda: tmp_path / "cache")


def made_and_killed(folder):
    """What the face was when its studio was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.wink", str(folder)],
        cwd=PROJECT,
        env={**os.environ, "XDG_CONFIG_HOME": str(folder / "config")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    _, problems = process.communicate(timeout=60)
    assert line, problems
    return json.loads(line)


def press(parent, text):
    found = next(b for b in parent.findChildren(QPushButton) if b.text().replace("&", "") == text)
    QTest.mouseClick(found, LEFT)


def close_without_saving(window):
    def answer():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            press(box, "Don't save")
        else:
            QTimer.singleShot(20, answer)

    QTimer.singleShot(20, answer)
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def choose_pose(window):
    """Type the pose's name into the library's search field, and click its picture."""
    dock = window.workspace.docks["Library"]
    field = next(f for f in dock.findChildren(QLineEdit) if f.accessibleName() == "Search poses")
    QTest.mouseClick(field, LEFT)
    QTest.keyClicks(field, POSE)
    grid = dock.findChild(QListView)
    assert grid.model().rowCount() == 1
    where = grid.visualRect(grid.model().index(0, 0)).center()
    QTest.mouseClick(grid.viewport(), LEFT, pos=where)


def is_the_wink(params, made):
    same = (
        np.allclose(getattr(params, name), made[name], atol=1e-6) for name in ("expr", "eyes_pose", "eyelids")
    )
    return all(same)


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
def test_a_wink_survives_everything(qapp, qtbot, head_model, tmp_path):
    made = made_and_killed(tmp_path)
    names = head_model.expression_names
    assert made["expr"][names.index("eyeBlinkLeft")] + made["eyelids"][0] == pytest.approx(1.0)
    assert made["expr"][names.index("eyeBlinkRight")] == 0.0
    assert 0.3 < made["expr"][names.index("mouthSmileLeft")] < 0.6
    assert made["expr"][names.index("mouthSmileRight")] == 0.0
    assert abs(made["azimuth"]) > 0.1
    assert np.sign(made["eyes_pose"][1]) == np.sign(made["azimuth"])
    assert made["made_in_steps"] == 3
    assert made["spoiled"]
    assert made["steps"] == 10
    assert made["is_back"]

    with shown_window(qapp, qtbot, head_model) as window:
        window.sessions.offer_left_over()
        assert window.offers.isVisible()
        press(window.offers, "Restore")
        qtbot.waitUntil(lambda: is_the_wink(window.document.params, made), timeout=WAIT)
        assert window.isWindowModified()
        close_without_saving(window)
        assert window.closed

    with shown_window(qapp, qtbot, head_model) as window:
        window.sessions.offer_left_over()
        assert not window.offers.isVisible()
        assert not window.document.params.expr.any()
        choose_pose(window)
        assert is_the_wink(window.document.params, made)
        assert window.history.stack.undoText().startswith(POSE)
        window.history.stack.setClean()
