"""Theme, size of text and motion, changed while the window stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest

import studio.theme.apply as apply
from studio.settings import Settings
from studio.theme import DARK, LIGHT, apply_motion, apply_theme, current, motion_time
from studio.widgets.slider_row import ROW_HEIGHT, SliderRow
from studio.widgets.timeline import Timeline
from tests.windows import shown_window

Key = Qt.Key
CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        yield shown
    apply_theme(qapp, "dark", 100)
    apply_motion(qapp, False)


def slider(window):
    dock = window.workspace.docks["Pose"]
    dock.raise_()
    QTest.qWait(50)
    return next(row for row in dock.findChildren(SliderRow) if row.isVisible())


def test_text_grows_and_shrinks_by_keys_while_the_window_stands(window):
    row = slider(window)
    size = window.size()
    sizes = []
    for key in (Key.Key_Equal, Key.Key_Equal, Key.Key_Equal, Key.Key_Equal, Key.Key_Minus):
        QTest.keyClick(window, key, CONTROL_ALT)
        sizes.append(window.settings.text_size)
    assert sizes == [110, 125, 150, 150, 125]
    assert row.height() == round(1.25 * ROW_HEIGHT)
    assert row.font().pixelSize() == round(1.25 * 13)
    assert window.actions_by_id["text.125"].isChecked()
    assert window.size() == size
    assert Settings().text_size == 125


def test_no_row_of_text_is_higher_than_its_room_at_the_largest_size(window):
    row = slider(window)
    window.comfort.set_text_size(150)
    QTest.qWait(50)
    assert row.height() >= QFontMetrics(row.font()).height()
    number = row.geometry_of_parts.number
    assert QFontMetrics(row.font()).horizontalAdvance("-180.0°") <= number.width() - 10
    timeline = window.workspace.timeline.findChild(Timeline)
    assert timeline.lane_height >= QFontMetrics(timeline.font()).height()


def test_the_theme_is_chosen_in_the_menu(window):
    window.actions_by_id["theme.light"].trigger()
    assert current() is LIGHT
    assert window.actions_by_id["theme.light"].isChecked()
    assert Settings().theme == "light"
    window.actions_by_id["theme.dark"].trigger()
    assert current() is DARK


def test_the_systems_theme_is_followed_while_the_window_stands(window, monkeypatch):
    def switch(scheme):
        monkeypatch.setattr(apply, "system_scheme", lambda _: scheme)
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)

    window.actions_by_id["theme.system"].trigger()
    switch(Qt.ColorScheme.Light)
    assert current() is LIGHT
    switch(Qt.ColorScheme.Dark)
    assert current() is DARK
    switch(Qt.ColorScheme.Unknown)
    assert current() is DARK
    window.actions_by_id["theme.dark"].trigger()
    switch(Qt.ColorScheme.Light)
    assert current() is DARK


def test_reduced_motion_stills_what_moves_by_itself(window, qapp):
    window.actions_by_id["reduced_motion"].trigger()
    assert window.actions_by_id["reduced_motion"].isChecked()
    assert qapp.cursorFlashTime() == 0
    assert motion_time(100) == 0
    assert Settings().reduced_motion
    window.actions_by_id["reduced_motion"].trigger()
    assert qapp.cursorFlashTime() != 0
    assert motion_time(300) == 120


def test_docks_never_glide(window):
    assert not window.isAnimated()


@pytest.mark.parametrize("value", ["200", "large", "-1", ""])
def test_a_strange_size_in_the_settings_is_the_usual_one(qapp, window, value):
    window.settings._store.setValue("text_size", value)
    apply_theme(qapp, "dark", Settings().text_size)
    window.comfort.show_checks()
    assert window.actions_by_id["text.100"].isChecked()
    assert qapp.font().pixelSize() == 13
