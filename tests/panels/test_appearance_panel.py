"""The Appearance panel under mouse and keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton

from studio.document.commands import set_look, use_model
from studio.document.document import Document, new_take
from studio.document.look import Texture
from studio.flame.texture_model import TextureSource
from studio.flame.textures import PICTURE, PLAIN
from studio.panels.appearance_panel import AppearancePanel
from studio.undo import History
from studio.widgets.slider_row import SliderRow
from tests.panels.conftest import Desk
from tests.panels.hands import drag, press, row, rows, type_number


@pytest.fixture
def many(tmp_path):
    """A texture of 200 components without names, of which nothing is read."""
    ranges = ((-3.0, 3.0),) * 200
    return TextureSource(
        "many", "FLAME texture", "FLAME texture", tmp_path / "t.npz", "research only", ranges
    )


@pytest.fixture
def open_desk(head_model, many):
    """The open head with its own texture and another one."""
    document = Document(replace(head_model, textures=(*head_model.textures, many)))
    return Desk(document, History(document))


@pytest.fixture
def panel(open_desk, shown):
    return shown(AppearancePanel(open_desk.document, open_desk.push), height=900)


def texture(desk):
    return desk.document.look.texture


def told(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def choose(panel, title):
    """Pick an entry of the list of textures with the keyboard."""
    box = panel.findChild(QComboBox)
    box.setFocus()
    wanted, current = box.findText(title), box.currentIndex()
    key = Qt.Key.Key_Down if wanted > current else Qt.Key.Key_Up
    for _ in range(abs(wanted - current)):
        QTest.keyClick(box, key)
    QApplication.processEvents()


def test_a_drag_is_one_step_and_undoes(open_desk, panel):
    drag(row(panel, "Skin tone"), 0.5, 1.0, 2.0)
    assert open_desk.steps == ["Skin tone"]
    assert texture(open_desk).key == "open head"
    assert texture(open_desk).coefficients[0] == pytest.approx(2.0, abs=0.05)
    open_desk.undo()
    assert texture(open_desk) == Texture()
    assert row(panel, "Skin tone").value == 0.0


def test_a_typed_number_is_exact_and_leaves_the_others(open_desk, panel):
    type_number(row(panel, "Freckles"), "1.25")
    type_number(row(panel, "Lips"), "-0.5")
    names = open_desk.document.model.textures[0].names
    values = texture(open_desk).coefficients
    assert values[names.index("Freckles")] == 1.25
    assert values[names.index("Lips")] == -0.5
    assert np.count_nonzero(values) == 2


def test_the_range_is_the_components(open_desk, panel):
    drag(row(panel, "Freckles"), 1.0, -5.0)
    assert not np.any(texture(open_desk).coefficients)


def test_groups_reset_and_randomise_by_themselves(open_desk, panel):
    type_number(row(panel, "Lips"), "1")
    press(panel, "Randomise skin")
    names, groups = open_desk.document.model.textures[0].names, open_desk.document.model.textures[0].groups
    values = dict(zip(names, texture(open_desk).coefficients, strict=True))
    changed = {groups[names.index(name)] for name, value in values.items() if value}
    assert changed == {"Skin", "Mouth"}
    assert values["Lips"] == 1.0
    press(panel, "Reset skin")
    assert np.count_nonzero(texture(open_desk).coefficients) == 1
    assert open_desk.steps == ["Lips", "Randomise skin", "Reset skin"]


def test_randomise_draws_at_the_strength_and_reset_all_takes_it_back(open_desk, panel):
    choose(panel, "FLAME texture")
    type_number(row(panel, "Strength"), "0.5")
    press(panel, "Randomise")
    assert np.std(texture(open_desk).coefficients) == pytest.approx(0.5, abs=0.1)
    press(panel, "Reset all")
    assert not np.any(texture(open_desk).coefficients)
    assert open_desk.steps == ["Texture", "Randomise appearance", "Reset appearance"]


def test_another_texture_has_rows_of_its_own_and_undo_brings_the_first_back(open_desk, panel):
    type_number(row(panel, "Skin tone"), "1")
    choose(panel, "FLAME texture")
    assert texture(open_desk) == Texture("many")
    assert rows(panel, "Skin tone") == []
    assert row(panel, "Texture 1").isVisible()
    open_desk.undo()
    QApplication.processEvents()
    assert row(panel, "Skin tone").value == 1.0


def test_the_plain_picture_has_no_components(open_desk, panel):
    choose(panel, "Plain picture")
    assert texture(open_desk).key == PLAIN
    assert rows(panel, "Skin tone") == []
    randomise = next(b for b in panel.findChildren(QPushButton) if b.text() == "Randomise")
    assert not randomise.isEnabled()
    choose(panel, "Open head")
    assert row(panel, "Skin tone").isVisible()
    assert randomise.isEnabled()


def test_search(open_desk, panel):
    QTest.keyClicks(panel.findChild(QLineEdit), "iris")
    QApplication.processEvents()
    assert row(panel, "Iris hue").isVisible()
    assert rows(panel, "Skin tone") == []


def test_a_head_without_textures_says_what_is_missing(desk, shown):
    panel = shown(AppearancePanel(desk.document, desk.push))
    assert any("head_template.obj" in text and "tiny" in text for text in told(panel))
    assert panel.findChild(QComboBox).isEnabled() is False


def test_a_head_with_coordinates_only_says_what_to_put_where(desk, head_model, shown):
    bare = replace(head_model, textures=(), albedo=None)
    desk.push(use_model(desk.document, bare, (new_take(bare),)))
    panel = shown(AppearancePanel(desk.document, desk.push))
    assert any("FLAME_texture.npz" in text for text in told(panel))


def test_switching_the_model_makes_its_rows_and_keeps_the_coefficients(open_desk, panel, tiny_model):
    type_number(row(panel, "Skin tone"), "1.5")
    model = open_desk.document.model
    open_desk.push(use_model(open_desk.document, tiny_model, (new_take(tiny_model),)))
    QApplication.processEvents()
    assert rows(panel, "Skin tone") == []
    open_desk.push(use_model(open_desk.document, model, (new_take(model),)))
    QApplication.processEvents()
    assert row(panel, "Skin tone").value == 1.5


def test_clay_says_why_nothing_is_seen(open_desk, panel):
    look = open_desk.document.look
    open_desk.push(set_look(open_desk.document, "Shading", look.replace(mode="shaded")))
    assert any("choose Skin" in text for text in told(panel))
    open_desk.undo()
    assert not any("choose Skin" in text for text in told(panel))


def test_the_sheet_is_asked_for(open_desk, panel, qtbot):
    with qtbot.waitSignal(panel.sheet_asked) as asked:
        press(panel, "Save sheet…")
    assert asked.args == ["texture"]


def test_a_locked_component_keeps_its_value_until_another_texture_is_chosen(open_desk, panel):
    first = panel.findChildren(SliderRow)[0]
    first.setFocus()
    type_number(first, "0.5")
    kept = texture(open_desk).coefficients[0]
    QTest.keyClick(first, Qt.Key.Key_K)
    press(panel, "Randomise")
    press(panel, "Reset all")
    assert texture(open_desk).coefficients[0] == kept != 0.0
    assert not any(texture(open_desk).coefficients[1:])
    choose(panel, "FLAME texture")
    assert not open_desk.document.locks
    open_desk.undo()
    assert open_desk.document.locks == {("texture", 0)}


def test_a_picture_of_ones_own_is_chosen_and_comes_back_by_undo(panel, open_desk, tmp_path, monkeypatch):
    path = str(tmp_path / "mine.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    choose(panel, "Picture of your own")
    button = next(b for b in panel.findChildren(QPushButton) if b.accessibleName() == "Choose texture")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (texture(open_desk).key, texture(open_desk).picture.path) == (PICTURE, path)
    choose(panel, "Open head")
    assert texture(open_desk).key == "open head"
    assert texture(open_desk).picture.path == path
    assert not button.isVisible()
    for _ in range(3):  # the keyboard passed two other textures on its way
        open_desk.history.stack.undo()
    assert texture(open_desk).key == PICTURE
    assert button.text() == "mine.png"
