from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QPushButton

from studio import resources
from studio.theme import DARK, LIGHT, application_icon, apply_theme, current, icon
from studio.theme.style_sheet import style_sheet


@pytest.fixture(autouse=True)
def _back_to_dark(qapp):
    apply_theme(qapp, "dark")
    yield
    apply_theme(qapp, "dark")


def _strongest(pixmap) -> QColor:
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


def test_icons_follow_the_theme(qapp):
    play = icon("play")
    assert _strongest(play.pixmap(QSize(16, 16))).name() == DARK.text
    apply_theme(qapp, "light")
    assert _strongest(play.pixmap(QSize(16, 16))).name() == LIGHT.text
    assert _strongest(play.pixmap(QSize(16, 16), QIcon.Mode.Disabled)).name() == LIGHT.disabled


def test_checked_icons_take_the_accent():
    on = icon("loop").pixmap(QSize(32, 32), QIcon.Mode.Normal, QIcon.State.On)
    assert _strongest(on).name() == DARK.accent_text


def test_icons_are_sharp_on_dense_screens():
    pixmap = icon("play").pixmap(QSize(16, 16), 2.0)
    assert pixmap.width() == 32
    assert pixmap.devicePixelRatio() == 2.0


def test_an_unknown_icon_is_told_at_once():
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon("no-such-icon")


def test_every_icon_can_be_drawn():
    for path in resources.icon_folder().glob("*.svg"):
        assert _strongest(icon(path.stem).pixmap(QSize(20, 20))).alpha() > 128, path.stem
    assert _strongest(application_icon().pixmap(64, 64)).alpha() == 255


def test_widgets_change_while_the_application_runs(qtbot, qapp):
    button = QPushButton("Save")
    qtbot.addWidget(button)
    button.resize(80, 24)
    button.show()
    assert button.grab().toImage().pixelColor(40, 3).name() == DARK.raised
    apply_theme(qapp, "light")
    assert current() is LIGHT
    assert button.grab().toImage().pixelColor(40, 3).name() == LIGHT.raised


def test_an_unknown_theme_is_the_dark_one(qapp):
    assert apply_theme(qapp, "sepia") is DARK


def test_the_style_sheet_is_filled():
    sheet = style_sheet(LIGHT)
    assert "$" not in sheet
    for file in re.findall(r'url\("([^"]+)"\)', sheet):
        assert file.endswith(".svg")
