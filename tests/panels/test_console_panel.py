"""The console in the real window, under the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from studio.settings import Settings
from studio.widgets.console_entry import ConsoleEntry
from studio.widgets.console_output import ConsoleOutput
from tests.windows import shown_window

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, low=True) as window:
        yield window


@pytest.fixture
def entry(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_F12)
    dock = window.workspace.docks["Console"]
    qtbot.waitUntil(lambda: bool(dock.findChildren(ConsoleEntry)))
    entry = dock.findChild(ConsoleEntry)
    qtbot.waitUntil(entry.hasFocus)
    return entry


@pytest.fixture
def output(window, entry):
    return window.workspace.docks["Console"].findChild(ConsoleOutput)


def enter(entry, text):
    QTest.keyClicks(entry, text)
    QTest.keyClick(entry, Qt.Key.Key_Return)


def test_what_is_typed_changes_the_head_and_undoes_by_name(window, entry):
    smile = window.document.model.expression_names.index("mouthSmileLeft")
    enter(entry, "studio.set_component('expr', 'mouthSmileLeft', 0.5)")
    assert window.document.params.expr[smile] == 0.5
    assert window.actions_by_id["undo"].text() == "Undo Mouth smile left"
    enter(entry, "studio.look(mode='shaded')")
    assert window.document.look.mode == "shaded"
    enter(entry, "studio.undo(2)")
    assert window.document.params.expr[smile] == 0.0
    assert window.document.look.mode == "textured"
    enter(entry, "studio.redo()")
    assert window.document.params.expr[smile] == 0.5
    enter(entry, "params = params.replace(jaw_pose=(0.2, 0, 0))")
    assert window.document.params.jaw_pose[0] == pytest.approx(0.2)


def test_letters_and_keys_are_typed_and_no_shortcuts(window, entry):
    enter(entry, "L = 'fjL 12'")
    enter(entry, "L")
    assert not window.document.look.show_landmarks
    camera = window.document.camera
    QTest.keyClicks(entry, "1 . ,")
    QTest.keyClick(entry, Qt.Key.Key_Z, CONTROL)
    assert window.document.camera == camera


def test_values_and_errors_are_shown(entry, output):
    enter(entry, "6 * 7")
    assert output.toPlainText().endswith(">>> 6 * 7\n42")
    enter(entry, "1 / 0")
    assert "ZeroDivisionError: division by zero" in output.toPlainText()
    enter(entry, "studio.look(mode='clay')")
    assert "look.mode cannot be 'clay'" in output.toPlainText().split("\n")[-1]
    QTest.keyClick(entry, Qt.Key.Key_L, CONTROL)
    assert output.toPlainText() == ""


def test_a_block_goes_on_until_an_empty_line(window, entry, output):
    enter(entry, "for value in (0.1, 0.2):")
    assert entry.toPlainText() == "for value in (0.1, 0.2):\n    "
    enter(entry, "studio.set_component('jaw_pose', 0, value)")
    assert window.history.stack.count() == 0
    for _ in range(4):
        QTest.keyClick(entry, Qt.Key.Key_Backspace)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert window.history.stack.count() == 2
    assert entry.toPlainText() == ""
    assert "...     studio.set_component" in output.toPlainText()


def test_tab_completes_and_else_goes_on(window, entry, output):
    QTest.keyClicks(entry, "studio.set_comp")
    QTest.keyClick(entry, Qt.Key.Key_Tab)
    assert entry.toPlainText() == "studio.set_component("
    entry.clear()
    QTest.keyClicks(entry, "studio.re")
    QTest.keyClick(entry, Qt.Key.Key_Tab)
    assert "studio.render(" in output.toPlainText()
    entry.clear()
    QTest.keyClick(entry, Qt.Key.Key_Tab)
    assert not entry.hasFocus()


def test_what_was_typed_comes_back_and_outlives_the_window(window, entry):
    for text in ("a = 1", "b = 2"):
        enter(entry, text)
    QTest.keyClicks(entry, "half")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(entry, key)
        seen.append(entry.toPlainText())
    assert seen == ["b = 2", "a = 1", "a = 1", "b = 2", "half"]
    window.close()
    assert Settings().console_history == ["a = 1", "b = 2"]


def test_names_are_those_of_now(window, entry, output):
    enter(entry, "model is document.model, backend.model is model")
    assert output.toPlainText().endswith("(True, True)")


def test_actions_run_and_pictures_are_saved(window, entry, output, tmp_path):
    enter(entry, "studio.run('view.profile')")
    assert window.document.camera.azimuth > 1.0
    enter(entry, "studio.run('view.profle')")
    assert "did you mean 'view.profile'" in output.toPlainText()
    enter(entry, f"studio.render({str(tmp_path / 'head.png')!r}, size=(64, 64))")
    assert (tmp_path / "head.png").stat().st_size > 0
    enter(entry, f"studio.save({str(tmp_path / 'a')!r})")
    assert window.sessions.path == tmp_path / "a.flame"
    assert not window.isWindowModified()
    enter(entry, f"studio.save({str(tmp_path / 'missing' / 'a')!r})")
    assert "a.flame was not written: its folder does not exist" in output.toPlainText()


def test_files_open(window, entry, tmp_path, head_model):
    enter(entry, "studio.set_component('jaw_pose', 0, 0.3)")
    enter(entry, f"studio.save({str(tmp_path / 'jaw.flame')!r})")
    enter(entry, "studio.reset()")
    enter(entry, f"studio.open({str(tmp_path / 'jaw.flame')!r})")
    assert window.document.params.jaw_pose[0] == pytest.approx(0.3)
    assert window.history.stack.count() == 0
    enter(entry, "studio.use_model('open_head')")
    assert window.history.stack.count() == 0


def test_the_history_is_copied_as_a_script_that_makes_the_same(window, entry):
    enter(entry, "studio.set_component('jaw_pose', 0, 0.3)")
    enter(entry, "studio.look(mode='regions', show_joints=True)")
    enter(entry, "studio.camera(azimuth=0.5)")
    window.actions_by_id["copy_script"].trigger()
    names = {}
    exec(QGuiApplication.clipboard().text(), names)
    made = names["studio"].document
    for field in ("takes", "look", "camera", "locks", "playback"):
        assert getattr(made, field) == getattr(window.document, field), field


def test_one_step_is_copied(window, entry):
    enter(entry, "studio.set_component('jaw_pose', 0, 0.3)")
    enter(entry, "studio.look(mode='regions')")
    enter(entry, "studio.undo()")
    window.copies.steps([0, 1])
    assert QGuiApplication.clipboard().text() == (
        "studio.set_component('jaw_pose', 0, 0.3)\nstudio.look(mode='regions')\n"
    )
    assert "Copied 2 lines" in window.statusBar().currentMessage()
