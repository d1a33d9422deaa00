"""Hints show what strangers wrote as it is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QTextDocument

from studio.widgets.plain_tip import plain_tip
from studio.widgets.thumbnail import Thumbnail

EVIL = "<img src='//there/share/a.png'>\n<b>Smile</b> & co"


def _read(text):
    document = QTextDocument()
    document.setHtml(text) if text.startswith("<") else document.setPlainText(text)
    return document.toPlainText()


@pytest.mark.parametrize("text", [EVIL, "Smile & co", "1 < 2", "two\nlines"])
def test_a_hint_shows_its_words(text):
    assert _read(plain_tip(text)) == text


def test_a_picture_has_its_words_below_it(qapp):
    thumbnail = Thumbnail(lambda: EVIL)
    assert _read(thumbnail.tip_text()) == EVIL
    thumbnail.set_image(QImage(2, 2, QImage.Format.Format_RGB32))
    assert thumbnail.tip_text().count("<img") == 1
    assert _read(thumbnail.tip_text()).endswith(EVIL)
