"""The undo stack: a whole gesture is one step, and what changes nothing is no step."""

from __future__ import annotations

import pytest

from studio.document.commands import set_component, set_look
from studio.document.document import Document
from studio.undo import History


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


@pytest.fixture
def history(qapp, document):
    return History(document)


def test_a_gesture_is_one_step(document, history):
    for value in (0.1, 0.2, 0.3):
        history.push(set_component(document, "Jaw open", "jaw_pose", 0, value, gesture=1))
    assert history.stack.count() == 1
    assert history.stack.undoText() == "Jaw open"
    history.stack.undo()
    assert document.params.jaw_pose[0] == 0.0
    history.stack.redo()
    assert document.params.jaw_pose[0] == pytest.approx(0.3)


def test_dragging_back_to_where_it_was_leaves_no_step(document, history):
    history.push(set_component(document, "Jaw sideways", "jaw_pose", 1, 0.1))
    for value in (0.1, 0.2, 0.0):
        history.push(set_component(document, "Jaw open", "jaw_pose", 0, value, gesture=1))
    assert history.stack.undoText() == "Jaw sideways"
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.3, gesture=1))
    assert history.stack.count() == 2
    history.stack.undo()
    assert document.params.jaw_pose == pytest.approx([0.0, 0.1, 0.0])


def test_two_gestures_are_two_steps(document, history):
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.1, gesture=1))
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.2, gesture=2))
    assert history.stack.count() == 2


def test_typed_values_are_steps_of_their_own(document, history):
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.1))
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.2))
    assert history.stack.count() == 2


def test_nothing_changed_is_no_step(document, history):
    history.push(set_look(document, "Landmarks", document.look.replace(show_landmarks=False)))
    assert history.stack.count() == 0


def test_moving_cursor_and_camera_clears_no_redo(document, history):
    history.push(set_component(document, "Jaw open", "jaw_pose", 0, 0.1))
    history.stack.undo()
    document.set(camera=document.camera.replace(azimuth=1.0), position=0.0)
    assert history.stack.canRedo()
