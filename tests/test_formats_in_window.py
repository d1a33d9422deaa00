"""Clips of other programs in the real window: dropped, chosen as a folder, reported on, and mended."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton, QTreeWidget

from studio.flame.open_head import load_open_head
from studio.panels.report_dialog import ReportDialog
from tests.sequence import foreign
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot):
    with shown_window(qapp, qtbot, load_open_head()) as shown:
        shown.sessions.may_close = lambda: True
        yield shown


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def button(widget, text):
    return next((found for found in widget.findChildren(QPushButton) if found.text() == text), None)


def press(qtbot, window, text):
    qtbot.waitUntil(lambda: button(window.notices, text) is not None, timeout=WAIT)
    qtbot.mouseClick(button(window.notices, text), Qt.MouseButton.LeftButton)


def test_a_dropped_capture_plays_and_is_reported_on(qtbot, window, tmp_path):
    rows = [{"JawOpen": 0.05 * index, "EyeBlinkLeft": 0.5} for index in range(10)]
    path = foreign.save_face_csv(tmp_path / "phone.csv", rows, [foreign.timecode(i) for i in range(10)])
    drop(window, path)
    qtbot.waitUntil(lambda: len(window.document.takes) == 2, timeout=WAIT)
    clip = window.document.take.clip
    assert (len(clip), clip.fps) == (10, 60.0)
    assert clip.jaw_pose[9, 0] == pytest.approx(0.45 * 0.385, rel=1e-3)
    press(qtbot, window, "Report…")
    dialog = next(shown for shown in window.findChildren(ReportDialog) if shown.isVisible())
    tree = dialog.findChild(QTreeWidget)
    texts = [
        [tree.topLevelItem(row).text(column) for column in range(3)]
        for row in range(tree.topLevelItemCount())
    ]
    assert ["JawOpen", "named controls", "jawOpen"] in texts
    assert ["BlendShapeCount", "left out", "a count"] in texts
    qtbot.mouseClick(button(dialog, "Copy"), Qt.MouseButton.LeftButton)
    assert "Taken: JawOpen as named controls (jawOpen)" in QGuiApplication.clipboard().text()
    qtbot.mouseClick(button(dialog, "Close"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert "phone.csv: a face capture" not in window.notices.text
    assert window.settings.recent[0] == path
    window.actions_by_id["undo"].trigger()
    assert len(window.document.takes) == 1


def test_gaps_are_mended_by_a_click(qtbot, window, tmp_path):
    jaw = np.zeros((5, 3))
    jaw[:, 0] = [0.0, 0.1, np.nan, 0.3, 0.4]
    np.savez(tmp_path / "gaps.npz", jaw_pose=jaw, fps=25)
    drop(window, tmp_path / "gaps.npz")
    press(qtbot, window, "Fill gaps")
    qtbot.waitUntil(lambda: len(window.document.takes) == 2, timeout=WAIT)
    np.testing.assert_allclose(window.document.take.clip.jaw_pose[:, 0], [0.0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)
    assert "in frame 2" not in window.notices.text


def test_a_folder_is_chosen(qtbot, window, tmp_path, monkeypatch):
    folder = tmp_path / "flame_param"
    folder.mkdir()
    for index in range(4):
        np.savez(folder / f"{index:05d}.npz", jaw_pose=np.full((1, 3), 0.05 * index), expr=np.zeros((1, 43)))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.actions_by_id["open_folder"].trigger()
    qtbot.waitUntil(lambda: len(window.document.takes) == 2, timeout=WAIT)
    assert window.document.take.name == "flame_param"
    assert len(window.document.take.clip) == 4
