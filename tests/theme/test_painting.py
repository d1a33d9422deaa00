"""Pictures outlive their painters, whatever goes wrong while they are drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap

from studio.theme import painting
from studio.theme.icons import tinted


def test_a_picture_is_drawn_into(qapp):
    picture = QPixmap(8, 8)
    picture.fill(Qt.GlobalColor.black)
    with painting(picture) as painter:
        painter.fillRect(picture.rect(), Qt.GlobalColor.red)
    assert picture.toImage().pixelColor(4, 4) == Qt.GlobalColor.red
    assert not picture.paintingActive()


def test_a_painter_ends_where_drawing_fails(qapp):
    picture = QPixmap(8, 8)
    with pytest.raises(ValueError, match="no font"), painting(picture):
        raise ValueError("no font")
    assert not picture.paintingActive()


def test_an_icon_without_room_is_no_picture_and_no_warning(qapp, qtlog):
    assert tinted("play", "#ffffff", QSize(0, 0)).isNull()
    assert not qtlog.records
