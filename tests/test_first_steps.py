"""The card of the first start over the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from studio.flame.library import model_folders
from studio.settings import Settings
from studio.widgets.card import Card
from tests.windows import shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        shown.activateWindow()
        yield shown


def card(window):
    return window.canvas.findChild(Card)


def press(window, text):
    QTest.mouseClick(next(b for b in card(window).findChildren(QPushButton) if b.text() == text), LEFT)


def test_three_sentences_say_what_to_try_where_flame_goes_and_how_to_find_commands(window):
    window.first_steps.show_at_first_start()
    heading, *sentences = [label.text() for label in card(window).findChildren(QLabel)]
    assert heading == "First steps"
    assert len(sentences) == 3
    assert str(model_folders()[0]) in sentences[1]
    assert "Ctrl+Shift+P" in sentences[2]
    assert card(window).accessibleDescription() == " ".join(sentences)


def test_it_is_shown_until_somebody_closes_it_and_when_it_is_asked_for(window):
    window.first_steps.show_at_first_start()
    assert card(window).isVisible()
    press(window, "Got it")
    assert not card(window).isVisible()
    assert Settings().first_steps_seen
    window.first_steps.show_at_first_start()
    assert not card(window).isVisible()
    window.actions_by_id["first_steps"].trigger()
    assert card(window).isVisible()


def test_escape_closes_it_from_wherever_the_keys_are(window):
    window.first_steps.show()
    window.canvas.view.setFocus()
    QTest.keyClick(window.canvas.view, Qt.Key.Key_Escape)
    assert not card(window).isVisible()


def test_the_canvas_beside_it_can_be_used(window):
    window.first_steps.show()
    before = window.document.camera.azimuth
    view = window.canvas.view
    start = QPoint(view.width() - 60, view.height() // 2)
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, start - QPoint(40, 0))
    QTest.mouseRelease(view, LEFT, pos=start - QPoint(40, 0))
    assert window.document.camera.azimuth != before


@pytest.mark.parametrize(("width", "per_cent"), [(1280, 100), (900, 100), (1280, 150)])
def test_it_stays_inside_the_canvas(window, width, per_cent):
    window.resize(width, 800)
    window.comfort.set_text_size(per_cent)
    window.first_steps.show()
    QTest.qWait(30)
    assert window.canvas.rect().contains(card(window).geometry())
    assert all(
        label.height() >= label.heightForWidth(label.width())
        for label in card(window).findChildren(QLabel)
        if label.wordWrap()
    )
    window.comfort.set_text_size(100)
