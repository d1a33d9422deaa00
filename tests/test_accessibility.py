"""Every control of window, panels and dialogs has a name, a hint, and a place in the order of Tab."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton

from studio.theme import current
from studio.widgets.slider_row import SliderRow
from tests.accessible import focus_walk, nameless, out_of_order, unexplained
from tests.windows import shown_window


@pytest.fixture(scope="module")
def window(qapp, head_model, request):
    from pytestqt.qtbot import QtBot

    with shown_window(qapp, QtBot(request), head_model, height=1000) as shown:
        for dock in shown.workspace.docks.values():
            dock.show()
            dock.raise_()
            QTest.qWait(60)
        yield shown
        shown.history.stack.setClean()


def each_dock(window):
    for title, dock in window.workspace.docks.items():
        dock.raise_()
        QTest.qWait(40)
        yield title, dock


def test_everything_that_takes_the_keys_has_a_name(window):
    assert nameless(window) == []


def test_every_button_without_a_word_has_a_hint(window):
    assert unexplained(window) == []


def test_tab_goes_through_each_panel_in_reading_order(window):
    wrong = {title: found for title, dock in each_dock(window) if (found := out_of_order(dock.widget()))}
    assert wrong == {}


def test_tab_reaches_something_in_every_panel(window):
    empty = [title for title, dock in each_dock(window) if not focus_walk(dock.widget())]
    assert empty == []


@pytest.mark.parametrize("action", ["palette", "shortcuts", "about", "models"])
def test_dialogs_name_what_takes_the_keys(window, qtbot, action):
    window.actions_by_id[action].trigger()
    dialogs = [found for found in window.findChildren(QDialog) if found.isVisible()]
    assert dialogs
    for dialog in dialogs:
        assert nameless(dialog) == []
        assert dialog.windowTitle()
        assert out_of_order(dialog) == []
        dialog.close()


def test_sliders_tell_role_value_and_range_as_words(window):
    window.workspace.docks["Pose"].raise_()
    QTest.qWait(50)
    row = next(found for found in window.workspace.docks["Pose"].findChildren(SliderRow) if found.isVisible())
    told = QAccessible.queryAccessibleInterface(row)
    assert told.text(QAccessible.Text.Name) == row.scale.title
    assert told.text(QAccessible.Text.Description).startswith(row.scale.text(row.value))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_focus_is_seen(window, qtbot, theme):
    """A ring in the accent's colour appears around what gets the keys."""
    window.comfort.set_theme(theme)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    dock = window.workspace.docks["Face"]
    dock.raise_()
    QTest.qWait(50)
    kinds = {kind: _first(dock, kind) for kind in (QLineEdit, QPushButton, SliderRow)}
    for widget in kinds.values():
        window.canvas.view.setFocus()
        QTest.qWait(20)
        before = _accents(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.qWait(20)
        assert _accents(widget) > before + 8, type(widget).__name__
    window.comfort.set_theme("dark")


def _first(dock, kind):
    return next(found for found in dock.findChildren(kind) if found.isVisible() and found.isEnabled())


def _accents(widget):
    """How many pixels of ``widget`` have the accent's colour."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    accent = current().accent
    return sum(
        image.pixelColor(x, y).name() == accent for x in range(image.width()) for y in range(image.height())
    )
