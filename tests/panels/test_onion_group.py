"""Settings of the ghosts: steps to undo, whole numbers, and what a still is told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel

from studio.document.document import Document
from studio.document.look import Onion
from studio.panels.onion_group import OnionGroup
from studio.undo import History
from tests.panels.hands import LEFT, drag, row, type_number


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


@pytest.fixture
def history(document):
    return History(document)


@pytest.fixture
def group(qtbot, document, history):
    made = OnionGroup(document, history.push)
    document.changed.connect(lambda _: made.show_onion())
    qtbot.addWidget(made)
    made.resize(360, 240)
    made.show()
    qtbot.waitExposed(made)
    made.show_onion()
    return made


def onion(document):
    return document.look.onion


def test_the_box_shows_ghosts_and_only_then_can_they_be_set(group, document, history):
    assert not row(group, "Before").isEnabled()
    box = group.findChild(QCheckBox)
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert onion(document).shown
    assert row(group, "Before").isEnabled()
    drag(row(group, "Before"), 2.0, 4.0)
    assert onion(document) == Onion(shown=True, before=4)
    assert [history.stack.text(index) for index in range(history.stack.count())] == [
        "Onion skin",
        "Onion skin before",
    ]
    history.stack.undo()
    assert row(group, "Before").value == 1.0


def test_numbers_are_whole_and_within_their_range(group, document):
    document.set(look=document.look.replace(onion=Onion(shown=True)))
    type_number(row(group, "Step"), "7")
    assert onion(document).step == 7
    assert isinstance(onion(document).step, int)
    type_number(row(group, "Step"), "0")
    assert onion(document).step == 1
    type_number(row(group, "Strength"), "0.25")
    assert onion(document).strength == 0.25


def test_a_still_is_told_that_it_has_none(group):
    note = next(label for label in group.findChildren(QLabel) if "more than one frame" in label.text())
    assert note.isVisible()
