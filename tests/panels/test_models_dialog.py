"""The Models dialog: what is in use, what was found, what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget

from studio.flame.describe import Description
from studio.flame.library import WANTED
from studio.panels.models_dialog import ModelsDialog

FOLDER = Path("model")
GOOD = Description(
    FOLDER / "generic.pkl",
    "model",
    "Head model",
    100,
    "FLAME 2020",
    "ab" * 32,
    "research",
    {"vertices": 5023},
)
BAD = Description(
    FOLDER / "evil.pkl", "other", "Not part of a head model", 9, problems=("evil.pkl asks for os.system.",)
)


@pytest.fixture
def dialog(shown, tiny_model):
    made = shown(ModelsDialog(), 1000, 560)
    in_use = replace(tiny_model, source=Path("shipped.npz"))
    made.show_library(in_use, [in_use], [GOOD, BAD], WANTED[1:], [FOLDER])
    return made


def item(dialog, name):
    return dialog.findChild(QTreeWidget).findItems(name, Qt.MatchFlag.MatchRecursive)[0]


def choose(dialog, name):
    dialog.findChild(QTreeWidget).setCurrentItem(item(dialog, name))


def button(dialog, text):
    return next(found for found in dialog.findChildren(QPushButton) if found.text() == text)


def test_every_file_says_what_it_is_or_what_is_wrong_with_it(dialog):
    assert [item(dialog, "generic.pkl").text(column) for column in (1, 2, 4)] == [
        "Head model",
        "FLAME 2020",
        "research",
    ]
    assert item(dialog, "generic.pkl").toolTip(3) == f"sha256 {'ab' * 32}"
    assert item(dialog, "evil.pkl").text(1) == BAD.problem
    assert item(dialog, "tiny").text(1) == "Head model, in use"
    assert item(dialog, WANTED[1].name).text(5) == WANTED[1].url
    assert any(str(FOLDER) in label.text() for label in dialog.findChildren(QLabel))


def test_only_models_that_can_be_read_can_be_used(dialog, qtbot):
    for name in ("evil.pkl", WANTED[1].name):
        choose(dialog, name)
        assert not button(dialog, "Use this model").isEnabled()
        assert not button(dialog, "Convert…").isEnabled()
    choose(dialog, "generic.pkl")
    with qtbot.waitSignal(dialog.model_chosen) as chosen:
        QTest.mouseClick(button(dialog, "Use this model"), Qt.MouseButton.LeftButton)
    assert chosen.args == [GOOD.path]


def test_a_model_that_can_be_read_can_be_converted(dialog, qtbot):
    choose(dialog, "generic.pkl")
    with qtbot.waitSignal(dialog.convert_asked) as asked:
        QTest.mouseClick(button(dialog, "Convert…"), Qt.MouseButton.LeftButton)
    assert asked.args == [GOOD.path]


def test_what_is_missing_leads_to_its_page(dialog, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    choose(dialog, WANTED[1].name)
    QTest.mouseClick(button(dialog, "Open its page"), Qt.MouseButton.LeftButton)
    assert opened == [WANTED[1].url]


def test_what_a_usable_file_lacks_is_told_when_it_is_chosen(dialog, tiny_model):
    words = "masks.pkl has regions that were left out."
    marked = replace(tiny_model, name="mine", notices=(words,))
    dialog.show_library(marked, [marked], [replace(GOOD, problems=(words,))], [], [FOLDER])
    for name in ("generic.pkl", "mine"):
        assert item(dialog, name).text(1).endswith("; see its notice")
        choose(dialog, name)
        assert any(words in label.text() for label in dialog.findChildren(QLabel))
