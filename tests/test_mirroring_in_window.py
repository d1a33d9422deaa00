"""Left and right in the real window: by keys, by menu, and by a slider that takes the other side along."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from studio.document.commands import set_component
from studio.widgets.slider_row import SliderRow
from tests.windows import shown_window

CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        yield shown


def close_left_eye(window):
    window.push(set_component(window.document, "Eyelid left", "eyelids", 0, 0.8))


def test_keys_flip_and_mirror_and_undo(window):
    close_left_eye(window)
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL_ALT)
    np.testing.assert_allclose(window.document.params.eyelids, (0.0, 0.8))
    assert window.actions_by_id["undo"].text() == "Undo Flip face"
    QTest.keyClick(window, Qt.Key.Key_L, CONTROL_ALT)
    np.testing.assert_allclose(window.document.params.eyelids, (0.8, 0.8))
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_allclose(window.document.params.eyelids, (0.8, 0.0))
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL_ALT)
    np.testing.assert_allclose(window.document.params.eyelids, (0.8, 0.8))


def test_one_key_makes_sliders_symmetric(window):
    tick = window.actions_by_id["symmetric"]
    assert not tick.isChecked()
    QTest.keyClick(window, Qt.Key.Key_X)
    assert window.document.tools.symmetric
    assert tick.isChecked()
    window.workspace.docks["Pose"].show()
    window.workspace.docks["Pose"].raise_()
    QTest.qWait(50)
    rows = window.workspace.docks["Pose"].findChildren(SliderRow)
    slider = next(row for row in rows if row.scale.label == "Left eyelid")
    parts = slider.geometry_of_parts
    start = QPointF(parts.handle_x(slider.scale.fraction(slider.value)), slider.height() / 2).toPoint()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(slider, start + QPoint(6 * step, 0))
        QTest.qWait(5)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    left, right = window.document.params.eyelids
    assert left > 0.1
    assert left == right
    assert window.history.stack.count() == 1
    QTest.keyClick(window, Qt.Key.Key_X)
    assert not tick.isChecked()
    window.actions_by_id["symmetric"].trigger()
    assert window.document.tools.symmetric
    assert tick.isChecked()
