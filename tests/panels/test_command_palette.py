"""Finding a command by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView

from studio.panels.command_palette import CommandPalette, Entry
from studio.panels.palette_painter import MATCHED


@pytest.fixture
def run(qapp):
    return []


TITLES = ("Save picture…", "Save film…", "Frame the head", "Undo")


def entries(run):
    reasons = {"Undo": "Nothing to undo"}
    return [
        Entry(title, title, lambda t=title: run.append(t), "File", why_not=reasons.get(title, ""))
        for title in TITLES
    ]


@pytest.fixture
def palette(shown, run):
    return shown(CommandPalette(entries(run)))


def type_in(palette, text):
    QTest.keyClicks(palette.findChild(QLineEdit), text)


def press(palette, key):
    QTest.keyClick(palette.findChild(QLineEdit), key)


def test_words_in_any_order_narrow_the_list(palette):
    assert palette.titles == list(TITLES)
    type_in(palette, "film sav")
    assert palette.titles == ["Save film…"]


def test_a_few_letters_find_and_are_told(palette):
    type_in(palette, "svp")
    assert palette.titles == ["Save picture…"]
    index = palette.findChild(QListView).model().index(0, 0)
    assert [TITLES[0][place] for place in index.data(MATCHED)] == ["S", "v", "p"]


def test_arrows_choose_and_return_runs(palette, run):
    type_in(palette, "save")
    press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Return)
    assert run == ["Save film…"]
    assert not palette.isVisible()


def test_a_click_runs(palette, run):
    found = palette.findChild(QListView)
    place = found.visualRect(found.model().index(2, 0)).center()
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert run == ["Frame the head"]


def test_nothing_found_runs_nothing(palette, run):
    type_in(palette, "xyz")
    press(palette, Qt.Key.Key_Return)
    assert (palette.titles, run) == ([], [])
    assert palette.isVisible()


def test_what_cannot_be_done_now_tells_why_and_does_not_run(palette, run):
    type_in(palette, "undo")
    found = palette.findChild(QListView)
    told = found.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Undo, File, Nothing to undo"
    press(palette, Qt.Key.Key_Return)
    assert run == []
    assert palette.isVisible()


def test_escape_closes(palette, run):
    press(palette, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert run == []


def test_what_was_done_lately_comes_first(shown, run):
    palette = shown(CommandPalette(entries(run), recent=["Frame the head", "gone since"]))
    assert palette.titles[0] == "Frame the head"
    press(palette, Qt.Key.Key_Return)
    assert run == ["Frame the head"]
