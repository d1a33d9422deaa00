"""The queue in the Export panel: what each export offers, and what is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from studio.export.queued import Queued
from studio.panels.queue_box import QueueBox
from tests.panels.hands import LEFT, press


@pytest.fixture
def box(qtbot):
    made = QueueBox()
    qtbot.addWidget(made)
    made.resize(360, 300)
    return made


ENTRIES = (
    Queued(1, "Film", Path("/out/smile.mp4"), "running", 120, 300, 13.54, "about 15 s left"),
    Queued(2, "Film", Path("/out/speak.webm")),
    Queued(3, "Turntable", Path("/out/turn.gif")),
    Queued(4, "Film", Path("/out/old.mov"), "failed", told="old.mov was not written: the disk is full."),
    Queued(5, "Picture", Path("/out/head.png"), "done"),
)


def buttons(box):
    return {button.accessibleName() for button in box.findChildren(QToolButton) if button.isVisibleTo(box)}


def click(box, name):
    (button,) = (b for b in box.findChildren(QToolButton) if b.accessibleName() == name and b.isVisible())
    QTest.mouseClick(button, LEFT)


def test_each_offers_what_its_state_allows(box):
    assert box.isHidden()
    box.show_entries(ENTRIES)
    assert buttons(box) == {
        "Cancel smile.mp4",
        "Cancel speak.webm",
        "Export speak.webm later",
        "Cancel turn.gif",
        "Export turn.gif earlier",
        "Export old.mov again",
        "Take old.mov off the list",
        "Show head.png in its folder",
        "Take head.png off the list",
    }


def test_it_says_how_they_go(box):
    box.show_entries(ENTRIES)
    told = [label.text() for label in box.findChildren(QLabel)]
    assert "120 of 300 · 13.5 a second · about 15 s left" in told
    assert "old.mov was not written: the disk is full." in told
    assert told.count("Waiting") == 2


def test_what_is_pressed_is_asked_for(box, qtbot):
    box.show_entries(ENTRIES)
    box.show()
    for name, asked in (
        ("Cancel smile.mp4", ["cancel", 1]),
        ("Export turn.gif earlier", ["up", 3]),
        ("Export old.mov again", ["retry", 4]),
        ("Show head.png in its folder", ["folder", 5]),
        ("Take head.png off the list", ["remove", 5]),
    ):
        with qtbot.waitSignal(box.asked) as heard:
            click(box, name)
        assert heard.args == asked
    with qtbot.waitSignal(box.clear_asked):
        press(box, "Take what has ended off the list")


def test_rows_follow_their_exports(box):
    box.show_entries(ENTRIES)
    box.show_entries((ENTRIES[2], ENTRIES[1]))
    assert buttons(box) == {
        "Cancel turn.gif",
        "Export turn.gif later",
        "Cancel speak.webm",
        "Export speak.webm earlier",
    }
    box.show_entries(())
    assert box.isHidden()
