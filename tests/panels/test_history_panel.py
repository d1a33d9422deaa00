"""The History panel under mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from studio.document.commands import set_component
from studio.panels.history_panel import HistoryPanel
from tests.panels.hands import LEFT

STEPS = ("Jaw open", "Head turn", "Shape 1")


def step(desk, name, value=0.1, gesture=None):
    desk.push(set_component(desk.document, name, "jaw_pose", 0, value, gesture))


class Copier:
    """What was to be copied."""

    def __init__(self):
        self.copied = []

    def steps(self, places):
        self.copied.append(list(places))

    def script(self):
        self.copied.append("all")


@pytest.fixture
def copier():
    return Copier()


@pytest.fixture
def panel(desk, shown, copier):
    for number, name in enumerate(STEPS):
        step(desk, name, 0.1 * (number + 1))
    return shown(HistoryPanel(desk.history.stack, copier), height=300)


@pytest.fixture
def states(panel):
    return panel.findChild(QListView)


def names(states):
    model = states.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def heard(states, row):
    return states.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def click(states, row):
    where = states.visualRect(states.model().index(row, 0)).center()
    QTest.mouseClick(states.viewport(), LEFT, pos=where)


def test_every_step_is_listed_in_order_and_the_present_one_is_marked(states):
    assert names(states) == ["Original state", *STEPS]
    assert states.currentIndex().row() == 3
    assert states.selectionModel().isSelected(states.model().index(3, 0))


@pytest.mark.parametrize(("row", "value"), [(0, 0.0), (1, 0.1), (2, 0.2), (3, 0.3)])
def test_a_click_goes_there_and_back(desk, states, row, value):
    click(states, row)
    assert desk.document.params.jaw_pose[0] == pytest.approx(value)
    assert desk.history.stack.index() == row
    click(states, 3)
    assert desk.document.params.jaw_pose[0] == pytest.approx(0.3)


def test_keys_go_through_the_states(desk, panel, states):
    panel.focus()
    assert panel.focusWidget() is states
    QTest.keyClick(states, Qt.Key.Key_Up)
    assert desk.history.stack.index() == 2
    QTest.keyClick(states, Qt.Key.Key_Home)
    assert desk.document.params.jaw_pose[0] == 0.0
    QTest.keyClick(states, Qt.Key.Key_Down)
    assert desk.history.stack.index() == 1
    QTest.keyClick(states, Qt.Key.Key_End)
    assert desk.history.stack.index() == 3


def test_undo_and_redo_elsewhere_move_the_mark(desk, states):
    desk.undo()
    assert states.currentIndex().row() == 2
    desk.history.stack.redo()
    assert states.currentIndex().row() == 3


def test_a_new_step_takes_the_place_of_those_undone(desk, states):
    click(states, 1)
    step(desk, "Neck tilt", 0.9)
    assert names(states) == ["Original state", "Jaw open", "Neck tilt"]
    assert states.currentIndex().row() == 2
    assert desk.document.params.jaw_pose[0] == pytest.approx(0.9)


def test_a_gesture_is_one_row_that_vanishes_when_it_ends_where_it_began(desk, states):
    for value in (0.5, 0.6):
        step(desk, "Drag", value, gesture=7)
    assert names(states) == ["Original state", *STEPS, "Drag"]
    step(desk, "Drag", 0.3, gesture=7)
    assert names(states) == ["Original state", *STEPS]
    assert desk.history.stack.index() == states.currentIndex().row() == 3


def test_an_emptied_stack_leaves_the_original_state(desk, states):
    desk.history.stack.clear()
    assert names(states) == ["Original state"]
    assert states.currentIndex().row() == 0


def test_a_screen_reader_hears_where_it_stands(desk, panel, states):
    desk.history.stack.setClean()
    click(states, 1)
    assert states.accessibleName() == "History"
    assert [heard(states, row) for row in range(4)] == [
        "Original state",
        "Jaw open, present state",
        "Head turn, undone",
        "Shape 1, saved, undone",
    ]


def test_the_saved_state_and_those_undone_can_be_seen(desk, states):
    before = states.viewport().grab().toImage()
    desk.history.stack.setClean()
    saved = states.viewport().grab().toImage()
    assert saved != before
    click(states, 2)
    click(states, 3)
    row = states.visualRect(states.model().index(1, 0))
    done = states.viewport().grab(row).toImage()
    click(states, 0)
    assert states.viewport().grab(row).toImage() != done


def test_steps_are_chosen_with_shift_and_copied_without_going_anywhere(desk, states, copier):
    states.setFocus()
    click(states, 2)
    where = states.visualRect(states.model().index(3, 0)).center()
    QTest.mouseClick(states.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, where)
    assert desk.history.stack.index() == 2
    QTest.keyClick(states, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copier.copied == [[1, 2]]
    click(states, 0)
    QTest.keyClick(states, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copier.copied == [[1, 2]]


@pytest.mark.parametrize(("entry", "copied"), [(0, [1]), (1, "all")])
def test_the_menu_copies(desk, panel, states, copier, entry, copied):
    click(states, 2)

    def choose():
        menu = QApplication.activePopupWidget()
        for _ in range(entry + 1):
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(100, choose)
    where = states.viewport().mapTo(panel, states.visualRect(states.model().index(2, 0)).center())
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, panel.mapToGlobal(where))
    QApplication.sendEvent(panel, event)
    assert copier.copied == [copied]
    assert desk.history.stack.index() == 2
