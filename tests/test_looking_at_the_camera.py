"""Both eyes look at the camera, wherever it stands."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.flame.rotations import to_matrices
from studio.render.camera import eye
from tests.windows import shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as shown:
        yield shown


def misses(window):
    """How far the lines of sight pass the camera by, metres, by the joints of the backend's own head."""
    params = window.document.params
    joints = window.result.surface.joints
    head = to_matrices(params.rotation) @ to_matrices(params.neck_pose)
    camera = eye(window.document.camera)
    found = []
    for joint, turn in zip(joints[3:5], params.eyes_pose.reshape(2, 3), strict=True):
        line = head @ to_matrices(turn) @ (0.0, 0.0, 1.0)
        away = camera - joint
        found.append(np.linalg.norm(away - line * (away @ line)))
    return np.array(found)


def test_eyes_turn_to_where_the_picture_is_taken_from(qtbot, window):
    camera = window.document.camera.replace(azimuth=0.3, elevation=0.15)
    window.document.set(camera=camera)
    assert misses(window).min() > 0.05
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.history.stack.undoText() == "Look at the camera"
    assert misses(window).max() < 1e-4
    window.history.stack.undo()
    assert not window.document.params.eyes_pose.any()
