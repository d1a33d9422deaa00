"""A scan is dropped on the window, fitted, and becomes one step of the document."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.fitting.scans.scan import Picks
from tests.fitting.scanned import head, scanned
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as shown:
        yield shown


def press(dialog, text: str) -> None:
    button = next(found for found in dialog.findChildren(QPushButton) if found.text() == text)
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_scan_becomes_the_head_and_its_surface_a_take(window, qtbot, head_model, tmp_path):
    taken = scanned(head_model, head(head_model, 1), 1, count=12_000, spoilt=False)
    path = tmp_path / "anna.ply"
    trimesh.PointCloud(taken.scan.points).export(path)
    window.files.open([path])
    qtbot.waitUntil(lambda: window.scans.dialog is not None, timeout=WAIT)
    dialog = window.scans.dialog
    dialog.set_picks(Picks(taken.picks.indices, taken.picks.points))
    before = window.document.takes
    press(dialog, "Fit")
    use = next(found for found in dialog.findChildren(QPushButton) if found.text() == "Use this head")
    qtbot.waitUntil(use.isEnabled, timeout=WAIT)
    assert window.document.takes is before
    dialog._beside.setChecked(True)
    press(dialog, "Use this head")
    document = window.document
    assert np.abs(document.params.shape).max() > 0.5
    assert [take.name for take in document.takes][1:] == ["anna, surface"]
    assert document.comparison.kind == "distance"
    assert window.history.stack.count() == 1
    window.history.stack.undo()
    assert window.document.takes == before


def test_a_fit_to_a_scan_can_be_cancelled(window, qtbot, head_model, tmp_path):
    taken = scanned(head_model, head(head_model, 2), 2, count=12_000)
    path = tmp_path / "ben.ply"
    trimesh.PointCloud(taken.scan.points).export(path)
    window.files.open([path])
    qtbot.waitUntil(lambda: window.scans.dialog is not None, timeout=WAIT)
    dialog = window.scans.dialog
    dialog.set_picks(Picks(taken.picks.indices, taken.picks.points))
    press(dialog, "Fit")
    press(dialog, "Cancel")
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    assert window.history.stack.count() == 0
    dialog.reject()


def test_a_file_that_is_no_scan_is_told(window, qtbot, tmp_path):
    path = tmp_path / "broken.ply"
    path.write_bytes(b"ply\nbut not really")
    window.files.open([path])
    qtbot.waitUntil(lambda: "broken.ply" in window.notices.text, timeout=WAIT)
    assert window.scans.dialog is None
