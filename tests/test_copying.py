"""What the window saves, copied as a command line that saves the same."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from studio.cli.arguments import verb_parser
from studio.document.commands import set_component, set_look
from studio.scripted_window import WindowStudio
from studio.scripting.shell_titles import COMMANDS
from tests.test_sessions import answer
from tests.windows import shown_window

PROJECT = Path(__file__).parents[1]
WAIT = 60_000


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as window:
        yield window


def posed(window):
    document = window.document
    window.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.2))
    window.push(set_look(document, "Clay", document.look.replace(mode="shaded")))
    document.set(camera=document.camera.replace(azimuth=0.7))


def test_a_copied_command_draws_the_picture_that_the_window_saves(qtbot, window, tmp_path, monkeypatch):
    posed(window)
    window.sessions.save_to(tmp_path / "my head.flame")
    qtbot.waitUntil(lambda: window.result.params == window.document.params, timeout=WAIT)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "window.png"), ""))
    window.actions_by_id["screenshot"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "window.png").exists() and not window.jobs.busy, timeout=WAIT)

    window.actions_by_id["command.picture"].trigger()
    line = QGuiApplication.clipboard().text().strip()
    assert line.startswith(
        f"python run_studio.py render '{tmp_path / 'my head.flame'}' -o head.png --size 19"
    )
    words = [sys.executable, str(PROJECT / "run_studio.py"), *shlex.split(line)[2:]]
    subprocess.run(words, cwd=tmp_path, check=True, timeout=200)
    ours, theirs = (np.asarray(Image.open(tmp_path / name), np.int16) for name in ("window.png", "head.png"))
    assert ours.shape == theirs.shape
    differences = np.abs(ours - theirs).max(axis=2)  # of single edge samples: two OpenGL contexts drew them
    assert (differences > 2).mean() < 1e-4
    assert differences.max() < 32


def test_every_command_is_one_that_the_shell_knows(window, tmp_path):
    posed(window)
    window.sessions.save_to(tmp_path / "head.flame")
    for kind in COMMANDS:
        window.actions_by_id[f"command.{kind}"].trigger()
        verb, *words = shlex.split(QGuiApplication.clipboard().text())[2:]
        assert verb_parser(verb).parse_args(words).clip == str(tmp_path / "head.flame"), kind


def test_what_is_not_saved_is_asked_for(window, tmp_path, monkeypatch):
    QGuiApplication.clipboard().clear()
    posed(window)
    told = []
    answer("Cancel", told)
    window.actions_by_id["command.mesh"].trigger()
    assert told == ["Save “Untitled” first?"]
    assert QGuiApplication.clipboard().text() == ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.flame"), ""))
    answer("Save")
    window.actions_by_id["command.mesh"].trigger()
    assert "export" in QGuiApplication.clipboard().text()
    window.show_view("profile")  # a camera that is not in the file, though that is no change
    assert not window.isWindowModified()
    answer("Cancel", told)
    window.actions_by_id["command.picture"].trigger()
    assert told[-1] == "Save “a” first?"


def test_the_palette_copies_an_action_that_the_console_runs(window):
    window.actions_by_id["palette"].trigger()
    palette = QApplication.activeModalWidget()
    field = palette.findChild(QLineEdit)
    QTest.keyClicks(field, "profile")
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    code = QGuiApplication.clipboard().text()
    assert code == "studio.run('view.profile')\n"
    palette.reject()
    exec(code, {"studio": WindowStudio(window)})
    assert window.document.camera.azimuth > 1.0
