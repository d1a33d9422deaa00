"""Landmarks are clicked on a scan one after another, taken back, and asked to be fitted to."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton

from studio.fitting.scans.drawing import ScanCamera, drawable, picked_on_dots
from studio.fitting.scans.scan import GUIDE, Scan
from studio.panels.scan_dialog import ScanDialog


def ball(faces: bool) -> Scan:
    """A ball of 100 units."""
    import trimesh

    made = trimesh.creation.icosphere(4, 100.0)
    points = np.asarray(made.vertices)
    return Scan("ball.ply", points, np.asarray(made.faces, np.int32) if faces else None)


@pytest.fixture(params=[True, False], ids=["mesh", "points"])
def dialog(request, qtbot):
    scan = ball(request.param)
    made = ScanDialog(scan, drawable(scan))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def button(dialog: ScanDialog, text: str) -> QPushButton:
    return next(found for found in dialog.findChildren(QPushButton) if found.text() == text)


def click(dialog: ScanDialog, right: int = 0, down: int = 0) -> None:
    place = dialog.view.rect().center() + QPoint(right, down)
    QTest.mouseClick(dialog.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_clicks_pick_the_landmarks_in_their_order(dialog):
    for step in range(4):
        click(dialog, 30 * step)
    assert dialog.picks.indices.tolist() == sorted(GUIDE[:4])
    first = dialog.picks.points[0]
    assert np.linalg.norm(first) == pytest.approx(100.0, rel=0.03)
    assert first[2] == pytest.approx(100.0, rel=0.03)  # what is nearest to the eye, not the back


def test_a_click_beside_the_scan_picks_nothing(dialog):
    click(dialog, -dialog.view.width() // 2 + 5, -dialog.view.height() // 2 + 5)
    assert not len(dialog.picks)


def test_a_drag_turns_the_scan_and_picks_nothing(dialog):
    before, middle = dialog.view.camera.turn, dialog.view.rect().center()
    QTest.mousePress(dialog.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    for step in (10, 30, 60):
        QTest.mouseMove(dialog.view, middle + QPoint(step, 0))
    QTest.mouseRelease(
        dialog.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(60, 0)
    )
    assert dialog.view.camera.turn != before
    assert not len(dialog.picks)


def test_picks_are_taken_back_and_removed(dialog):
    click(dialog)
    click(dialog, 40)
    QTest.mouseClick(button(dialog, "Undo"), Qt.MouseButton.LeftButton)
    assert dialog.picks.indices.tolist() == [GUIDE[0]]
    names = dialog.findChild(QListWidget)
    names.setCurrentRow(0)
    QTest.mouseClick(button(dialog, "Remove"), Qt.MouseButton.LeftButton)
    assert not len(dialog.picks)


def test_a_landmark_that_is_chosen_again_is_placed_anew(dialog):
    click(dialog)
    before = dialog.picks.points[0].copy()
    dialog.findChild(QListWidget).setCurrentRow(0)
    click(dialog, 60)
    assert dialog.picks.indices.tolist() == [GUIDE[0]]
    assert np.linalg.norm(dialog.picks.points[0] - before) > 5.0


def test_fit_is_offered_with_three_landmarks(dialog):
    asked = []
    dialog.fit_asked.connect(lambda picks, offset: asked.append((len(picks), offset)))
    go = button(dialog, "Fit")
    assert not go.isEnabled()
    for step in range(3):
        click(dialog, 30 * step, 20 * step)
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert asked == [(3, False)]
    assert not button(dialog, "Use this head").isEnabled()


def test_stray_points_before_a_surface_are_not_picked():
    surface = np.stack(np.meshgrid(np.linspace(-50, 50, 60), np.linspace(-50, 50, 60)), axis=-1).reshape(
        -1, 2
    )
    points = np.column_stack([surface, np.zeros(len(surface))])
    stray = np.concatenate([points, [[0.0, 0.0, 40.0]]])
    camera = ScanCamera((0.0, 0.0, 0.0), 5.0)
    picked = picked_on_dots(stray, camera, (700, 700), 350.0, 350.0)
    assert picked == pytest.approx((0.0, 0.0, 0.0), abs=1.0)


def test_places_and_points_are_each_others_inverse():
    camera = ScanCamera((1.0, 2.0, 3.0), 7.0, shift=(0.1, -0.2)).turned(0.4, -0.7, 0.3)
    points = np.random.default_rng(0).normal(size=(5, 3))
    for point, (x, y, near) in zip(points, camera.places(points, (640, 480)), strict=True):
        assert camera.point(x, y, near, (640, 480)) == pytest.approx(point)
