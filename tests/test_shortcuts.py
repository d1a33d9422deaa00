"""The real window under the keyboard: own keys, changed keys, the palette, going from panel to panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QListView,
    QPushButton,
    QSpinBox,
    QToolButton,
    QTreeWidget,
)

from studio.panels.command_palette import CommandPalette
from studio.panels.shortcuts_dialog import ShortcutsDialog
from studio.widgets.slider_row import SliderRow
from tests.windows import shown_window

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800, low=True) as shown:
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        yield shown


def bring_up(window, title):
    dock = window.workspace.docks[title]
    dock.show()
    dock.raise_()
    QTest.qWait(50)
    return dock


def first(dock, kind):
    return next(found for found in dock.findChildren(kind) if found.isVisible() and found.isEnabled())


def count_triggers(window, name):
    counted = []
    window.actions_by_id[name].triggered.connect(lambda: counted.append(name))
    return counted


def test_letters_and_ends_are_typed_into_a_search_field(window):
    dock = bring_up(window, "Components")
    field = first(dock, QLineEdit)
    field.setFocus()
    framed, ends = count_triggers(window, "frame"), count_triggers(window, "first_frame")
    QTest.keyClicks(field, "lpf 1,.")
    assert field.text() == "lpf 1,."
    QTest.keyClick(field, Key.Key_Home)
    assert field.cursorPosition() == 0
    assert not framed
    assert not ends
    assert not window.document.look.show_landmarks
    assert not window.player.playing


def test_digits_and_arrows_stay_in_a_number_field(window):
    dock = bring_up(window, "Export")
    box = next(found for found in dock.findChildren(QComboBox) if found.accessibleName() == "Size")
    box.setCurrentIndex(box.count() - 1)
    box.activated.emit(box.count() - 1)
    field = first(dock, QSpinBox)
    field.setFocus()
    field.selectAll()
    before = window.document.camera
    QTest.keyClicks(field, "123")
    QTest.keyClick(field, Key.Key_Up)
    assert field.value() > 123
    assert window.document.camera == before


def test_space_presses_the_button_that_has_the_keys(window):
    button = next(found for found in window.canvas.findChildren(QPushButton) if found.text() == "Joints")
    button.setFocus()
    played = count_triggers(window, "play")
    QTest.keyClick(button, Key.Key_Space)
    assert window.document.look.show_joints
    assert not played
    window.canvas.view.setFocus()
    QTest.keyClick(window, Key.Key_Space)
    assert played


def test_home_and_end_on_a_slider_are_its_own(window):
    dock = bring_up(window, "Pose")
    row = next(found for found in dock.findChildren(SliderRow) if found.scale.label == "Open")
    row.setFocus()
    moved = count_triggers(window, "last_frame")
    QTest.keyClick(row, Key.Key_End)
    assert row.value == row.scale.high
    assert window.document.params.jaw_pose[0] > 0.1
    QTest.keyClick(row, Key.Key_Home)
    assert row.value == row.scale.low
    assert not moved


def test_the_list_of_steps_keeps_its_keys_and_leaves_letters_to_shortcuts(window):
    dock = bring_up(window, "History")
    steps = first(dock, QListView)
    steps.setFocus()
    ends, framed = count_triggers(window, "first_frame"), count_triggers(window, "frame")
    QTest.keyClick(steps, Key.Key_Home)
    QTest.keyClick(steps, Key.Key_F)
    assert not ends
    assert framed


def test_a_floating_panel_keeps_its_keys_too(window):
    dock = bring_up(window, "Components")
    dock.setFloating(True)
    QTest.qWait(50)
    dock.activateWindow()
    field = first(dock, QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "f1")
    assert field.text() == "f1"


@pytest.mark.parametrize("title", ["File", "Edit", "View", "Pose", "Animate", "Export", "Help"])
def test_every_menu_opens_by_its_letter(window, qtbot, title):
    mark = next(
        action.text() for action in window.menuBar().actions() if action.text().replace("&", "") == title
    )
    letter = mark[mark.index("&") + 1].upper()
    QTest.keyClick(window, Key[f"Key_{letter}"], ALT)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup.title() == mark
    QTest.keyClick(popup, Key.Key_Escape)
    QTest.keyClick(window, Key.Key_Escape)


def open_palette(window, qtbot):
    QTest.keyClick(window, Key.Key_P, CONTROL | SHIFT)
    found = []
    qtbot.waitUntil(lambda: found.extend(w for w in window.findChildren(CommandPalette)) or bool(found))
    return found[-1]


def run_from_palette(window, qtbot, typed):
    palette = open_palette(window, qtbot)
    field = palette.findChild(QLineEdit)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Key.Key_Return)
    QTest.qWait(20)


def test_the_palette_finds_commands_and_panels(window, qtbot):
    run_from_palette(window, qtbot, "profile")
    assert abs(window.document.camera.azimuth) > 1.5
    run_from_palette(window, qtbot, "show history")
    assert window.workspace.docks["History"].isVisible()


def test_the_palette_finds_poses_of_the_library(window, qtbot):
    neutral = window.document.params
    run_from_palette(window, qtbot, "pose smile")
    qtbot.waitUntil(lambda: window.document.params != neutral)


def test_the_palette_begins_with_what_was_done_lately(window, qtbot):
    run_from_palette(window, qtbot, "joints")
    palette = open_palette(window, qtbot)
    assert palette.titles[0] == "Joints"
    QTest.keyClick(palette.findChild(QLineEdit), Key.Key_Escape)


def test_the_palette_tells_keys_and_why_something_cannot_be_done(window):
    entries = {entry.title: entry for entry in window.finder.entries()}
    assert entries["Undo"].why_not == "Nothing to undo"
    assert entries["Redo"].keys == "Ctrl+Shift+Z, Ctrl+Y"
    assert entries["Shading: Depth"].where == "View"


def test_the_players_buttons_tell_their_keys(window):
    tips = {button.accessibleName(): button.toolTip() for button in window.findChildren(QToolButton)}
    assert tips["Play"] == "Play (Space)"
    window.keymap.set_keys("play", ["F9"])
    tips = {button.accessibleName(): button.toolTip() for button in window.findChildren(QToolButton)}
    assert tips["Play"] == "Play (F9)"


def choose(dialog, title):
    tree = dialog.findChild(QTreeWidget)
    item = tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(item).center())


def press_keys(dialog, key, modifiers=Qt.KeyboardModifier.NoModifier):
    field = dialog.findChild(QKeySequenceEdit)
    field.setFocus()
    QTest.keyClick(field, key, modifiers)


def press(dialog, text):
    QTest.mouseClick(next(b for b in dialog.findChildren(QPushButton) if b.text() == text), LEFT)


def test_a_shortcut_is_changed_by_pressing_keys(window, qtbot):
    window.show_shortcuts()
    dialog = window.findChild(ShortcutsDialog)
    qtbot.waitExposed(dialog)
    choose(dialog, "Frame the head")
    press_keys(dialog, Key.Key_G)
    press(dialog, "Set")
    press(dialog, "Close")
    chips = [chip.text() for chip in window.canvas.findChildren(QPushButton)]
    assert "Frame  G" in chips
    assert "(G)" in window.actions_by_id["frame"].toolTip()
    framed = count_triggers(window, "frame")
    window.canvas.view.setFocus()
    QTest.keyClick(window, Key.Key_F)
    assert not framed
    QTest.keyClick(window, Key.Key_G)
    assert framed


def test_keys_in_use_are_told_and_taken_over(window, qtbot):
    window.show_shortcuts()
    dialog = window.findChild(ShortcutsDialog)
    qtbot.waitExposed(dialog)
    choose(dialog, "Frame the head")
    press_keys(dialog, Key.Key_B)
    assert "B belongs to Joints. Set or Add takes it from there." in dialog.told
    press(dialog, "Add")
    assert window.keymap.keys("frame") == ("F", "B")
    assert window.keymap.keys("joints") == ()
    press(dialog, "Reset all")
    assert window.keymap.keys("joints") == ("B",)
    press(dialog, "Close")


def test_keys_that_everything_needs_are_refused(window, qtbot):
    window.show_shortcuts()
    dialog = window.findChild(ShortcutsDialog)
    qtbot.waitExposed(dialog)
    choose(dialog, "Frame the head")
    press_keys(dialog, Key.Key_F, ALT)
    assert "opens the menu File" in dialog.told
    assert not next(b for b in dialog.findChildren(QPushButton) if b.text() == "Set").isEnabled()
    press(dialog, "Close")


def test_shortcuts_are_searched(window, qtbot):
    window.show_shortcuts()
    dialog = window.findChild(ShortcutsDialog)
    qtbot.waitExposed(dialog)
    QTest.keyClicks(dialog.findChild(QLineEdit), "padlock")
    assert dialog.listed == ["Sliders: lock or unlock"]
    dialog.close()


def areas(window, key, modifiers, steps):
    reached = []
    for _ in range(steps):
        QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)
        QTest.qWait(10)
        focused = QApplication.focusWidget()
        docks = [title for title, dock in window.workspace.docks.items() if dock.isAncestorOf(focused)]
        reached.append(docks[0] if docks else "Canvas" if window.canvas.isAncestorOf(focused) else "?")
    return reached


def in_sight(window):
    """How many panels can be seen, and the canvas."""
    return 1 + sum(not dock.visibleRegion().isEmpty() for dock in window.workspace.docks.values())


def test_f6_goes_from_part_to_part_and_back(window):
    bring_up(window, "Pose")
    window.canvas.view.setFocus()
    count = in_sight(window)
    there = areas(window, Key.Key_F6, Qt.KeyboardModifier.NoModifier, count)
    assert {"Pose", "Timeline", "Canvas"} <= set(there)
    assert len(set(there)) == count
    assert there[-1] == "Canvas"
    back = areas(window, Key.Key_F6, SHIFT, count)
    assert back == [*reversed(there[:-1]), "Canvas"]


def test_f6_comes_back_to_the_widget_left(window):
    dock = bring_up(window, "Pose")
    row = next(found for found in dock.findChildren(SliderRow) if found.scale.label == "Open")
    QTest.mouseClick(row, LEFT, pos=QPoint(4, 4))
    row.setFocus()
    areas(window, Key.Key_F6, Qt.KeyboardModifier.NoModifier, in_sight(window))
    assert QApplication.focusWidget() is row
