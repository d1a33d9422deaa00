"""Which keys do what: changed, taken over, set back, remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence

from studio.keymap import Keymap, keys_of, shown_keys
from studio.settings import Settings

ROWS = (("undo", "Ctrl+Z"), ("redo", "Ctrl+Shift+Z; Ctrl+Y"), ("frame", "F"), ("about", ""))


@pytest.fixture
def settings(qapp):
    qapp.setOrganizationName("FLAME Studio tests")
    qapp.setApplicationName("FLAME Studio tests of keys")
    QSettings().clear()
    return Settings()


def made(settings):
    keymap = Keymap(settings)
    actions = {}
    for name, usual in ROWS:
        actions[name] = QAction(name.title())
        actions[name].setObjectName(name)
        keymap.add(actions[name], "Edit", f"Does {name}", usual)
    keymap.kept = actions
    return keymap


def shortcuts(keymap, name):
    return [keys.toString() for keys in keymap.kept[name].shortcuts()]


def test_an_action_may_have_several_keys(settings):
    keymap = made(settings)
    assert shortcuts(keymap, "redo") == ["Ctrl+Shift+Z", "Ctrl+Y"]
    assert keymap.kept["redo"].toolTip() == f"Does redo ({shown_keys(('Ctrl+Shift+Z', 'Ctrl+Y'))})"
    assert keymap.kept["about"].toolTip() == "Does about"


def test_changed_keys_work_at_once_and_after_the_next_start(settings):
    keymap = made(settings)
    keymap.set_keys("frame", ["ctrl+g"])
    assert shortcuts(keymap, "frame") == ["Ctrl+G"]
    assert "Ctrl+G" in keymap.kept["frame"].toolTip()
    assert shortcuts(made(Settings()), "frame") == ["Ctrl+G"]


def test_an_action_may_have_no_keys(settings):
    made(settings).set_keys("frame", [])
    assert shortcuts(made(Settings()), "frame") == []


def test_keys_are_taken_over_from_the_action_that_has_them(settings):
    keymap = made(settings)
    assert keymap.holder("Ctrl+Y").id == "redo"
    keymap.take_over("frame", "Ctrl+Y")
    assert shortcuts(keymap, "frame") == ["F", "Ctrl+Y"]
    assert shortcuts(keymap, "redo") == ["Ctrl+Shift+Z"]


def test_keys_that_begin_others_are_in_their_way(settings):
    keymap = made(settings)
    keymap.set_keys("about", ["Ctrl+K, Ctrl+A"])
    assert keymap.holder("Ctrl+K").id == "about"
    keymap.take_over("frame", "Ctrl+K")
    assert shortcuts(keymap, "about") == []


def test_a_reset_takes_the_usual_keys_back(settings):
    keymap = made(settings)
    keymap.take_over("frame", "Ctrl+Z")
    assert shortcuts(keymap, "undo") == []
    keymap.reset("undo")
    assert shortcuts(keymap, "undo") == ["Ctrl+Z"]
    assert shortcuts(keymap, "frame") == ["F"]
    assert not any(binding.is_changed for binding in keymap.bindings())


def test_everything_is_reset(settings):
    keymap = made(settings)
    keymap.set_keys("redo", ["F2"])
    keymap.set_keys("frame", ["F3"])
    keymap.reset_all()
    assert [shortcuts(keymap, name) for name, _ in ROWS] == [list(keys_of(usual)) for _, usual in ROWS]
    assert Settings().shortcuts == {}


def test_keys_of_unknown_actions_are_ignored_and_kept(settings):
    settings.shortcuts = {"from.the.future": "F9", "frame": "no such key"}
    keymap = made(Settings())
    assert shortcuts(keymap, "frame") == []
    keymap.set_keys("undo", ["F4"])
    assert Settings().shortcuts["from.the.future"] == "F9"


def test_who_shows_keys_hears_of_changes(settings, qtbot):
    keymap = made(settings)
    with qtbot.waitSignal(keymap.changed) as told:
        keymap.set_keys("frame", ["G"])
    assert told.args == ["frame"]
    assert keymap.kept["frame"].shortcut() == QKeySequence("G")
