"""Finding a command by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget

from studio.panels.command_palette import CommandPalette


@pytest.fixture
def run(qapp):
    return []


@pytest.fixture
def palette(shown, run):
    actions = []
    for title in ("Save picture…", "Save film…", "Frame the head", "Undo"):
        action = QAction(title)
        action.triggered.connect(lambda _checked=False, t=title: run.append(t))
        actions.append(action)
    actions[-1].setEnabled(False)
    made = shown(CommandPalette(actions))
    made.kept = actions
    return made


def listed(palette):
    found = palette.findChild(QListWidget)
    return [found.item(row).text() for row in range(found.count())]


def test_words_in_any_order_narrow_the_list(palette):
    assert listed(palette) == ["Save picture…", "Save film…", "Frame the head"]
    QTest.keyClicks(palette.findChild(QLineEdit), "film sav")
    assert listed(palette) == ["Save film…"]


def test_arrows_choose_and_return_runs(palette, run):
    field = palette.findChild(QLineEdit)
    QTest.keyClicks(field, "save")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert run == ["Save film…"]
    assert not palette.isVisible()


def test_nothing_found_runs_nothing(palette, run):
    field = palette.findChild(QLineEdit)
    QTest.keyClicks(field, "xyz")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (listed(palette), run) == (["No command has these words."], [])
    assert palette.isVisible()
