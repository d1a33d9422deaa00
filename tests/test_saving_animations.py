"""A take saved as a moving mesh from the window, and read back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.document.commands import open_clip
from studio.document.document import Playback
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from tests.backends.reference import forward
from tests.export.gltf.reader import Player
from tests.panels.hands import press
from tests.windows import WAIT, shown_window

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, low=True) as window:
        clip, _ = read_clip(example_path("smile"), head_model)
        window.push(open_clip(window.document, "Smile", clip.part(0, 12)))
        yield window


def test_the_frames_played_become_a_glb(qtbot, window, head_model, monkeypatch, tmp_path):
    clip = window.document.take.baked()
    window.document.set(playback=Playback(first=2, last=6))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "smile.glb"), ""))
    QTest.keyClick(window, Qt.Key.Key_E, CONTROL_SHIFT)
    qtbot.waitUntil(lambda: "Saved" in window.notices.text, timeout=WAIT)
    player = Player.open(tmp_path / "smile.glb")
    assert player.gltf.animations[0].name == "Smile"
    assert len(player.gltf.images) == 1
    for frame in range(5):
        wanted = forward(head_model, clip.frame(2 + frame)).vertices
        np.testing.assert_allclose(player.vertices(frame / clip.fps), wanted[player.rows], atol=1e-5)


def test_what_the_panel_chooses(qtbot, window, monkeypatch, tmp_path):
    window.workspace.show_dock("Export")
    panel = window.workspace.late.export
    box = panel._animations
    box._targets.setCurrentIndex(box._targets.findData("units"))
    box._correctives.click()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "units.glb"), ""))
    press(panel, "Save animation…")
    qtbot.waitUntil(lambda: "Saved" in window.notices.text, timeout=WAIT)
    assert "turns of joints" in window.notices.text
    assert "mm" in window.notices.text
    names = Player.open(tmp_path / "units.glb").names
    assert "mouthSmileLeft" in names
    assert not any("corrective" in name for name in names)


def test_a_folder_of_meshes(qtbot, window, monkeypatch, tmp_path):
    window.workspace.show_dock("Export")
    box = window.workspace.late.export._animations
    box._format.setCurrentIndex(box._format.findData("ply"))
    assert not box._targets.isVisible()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "heads"), ""))
    press(window.workspace.late.export, "Save animation…")
    qtbot.waitUntil(lambda: "Saved" in window.notices.text, timeout=WAIT)
    assert len(list((tmp_path / "heads").glob("*.ply"))) == 12
