"""The list of layers under the mouse and the keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton

from studio.document.commands import replace_take
from studio.document.layer_commands import use_layer
from studio.panels.layers_panel import MERGE_TIP, LayersPanel
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from tests.panels.hands import LEFT, drag, press, row


@pytest.fixture
def desk(playing_desk):
    layers = (
        Layer("Smile", {"expr/4": Curve.of([0, 10], [0.0, 0.5])}, blend="add"),
        Layer("Jaw", {"jaw_pose": Curve.of([0], [[0.2, 0.0, 0.0]], turns=True)}),
    )
    document = playing_desk.document
    document.set(takes=replace_take(document, replace(document.take, layers=layers, active_layer=1)))
    return playing_desk


@pytest.fixture
def panel(desk, shown):
    return shown(LayersPanel(desk.document, desk.push))


def rows(panel):
    """From the top down."""
    return sorted((found for found in panel._rows), key=lambda found: found.y())


def button(panel, name):
    found = [one for one in panel.findChildren(QToolButton) if one.accessibleName() == name]
    assert len(found) == 1, [one.accessibleName() for one in panel.findChildren(QToolButton)]
    return found[0]


def layers(desk):
    return [layer.name for layer in desk.document.take.layers]


def test_the_highest_layer_is_on_top_and_the_active_one_is_marked(panel):
    assert [found.state.name for found in rows(panel)] == ["Jaw", "Smile"]
    assert [found.state.told for found in rows(panel)] == ["replace", "add"]
    assert [found.state.active for found in rows(panel)] == [True, False]
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert "1 key on 1 channel" in texts


def test_a_click_makes_a_layer_active(desk, panel):
    QTest.mouseClick(rows(panel)[1], LEFT)
    assert desk.document.take.active_layer == 0
    assert desk.steps[-1] == "Use Smile"
    rows(panel)[0].setFocus()
    QTest.keyClick(rows(panel)[0], Qt.Key.Key_Space)
    assert desk.document.take.active_layer == 1


def test_a_double_click_renames_in_place(desk, panel):
    first = rows(panel)[0]
    QTest.mouseDClick(first, LEFT, pos=first.rect().center())
    editor = first.findChild(QLineEdit)
    assert editor.isVisible()
    QTest.keyClicks(editor, "Chin")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert layers(desk) == ["Smile", "Chin"]
    assert desk.steps[-1] == "Rename Jaw"
    QTest.keyClick(first, Qt.Key.Key_F2)
    QTest.keyClicks(editor, "Other")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert layers(desk) == ["Smile", "Chin"]
    assert not editor.isVisible()


def test_the_weight_is_dragged_in_one_step(desk, panel):
    steps = len(desk.steps)
    drag(row(panel, "Weight"), 0.8, 0.4)
    assert desk.document.take.layers[1].weight == pytest.approx(0.4, abs=0.02)
    assert desk.steps[steps:] == ["Weight of Jaw"]
    assert rows(panel)[0].state.told.startswith("replace 4")
    desk.undo()
    assert desk.document.take.layers[1].weight == 1.0


def test_the_blend_is_chosen(desk, panel):
    chips = {chip.text(): chip for chip in panel.findChildren(QPushButton) if chip.isCheckable()}
    QTest.mouseClick(chips["Add"], LEFT)
    assert desk.document.take.layers[1].blend == "add"
    assert desk.steps[-1] == "Blend of Jaw"


def test_mute_and_solo(desk, panel):
    QTest.mouseClick(button(panel, "Mute Smile"), LEFT)
    assert [layer.muted for layer in desk.document.take.layers] == [True, False]
    assert rows(panel)[0].state.solo
    QTest.mouseClick(button(panel, "Solo Smile"), LEFT)
    assert [layer.muted for layer in desk.document.take.layers] == [False, True]
    QTest.mouseClick(button(panel, "Solo Smile"), LEFT)
    assert not any(layer.muted for layer in desk.document.take.layers)


def test_layers_are_added_copied_moved_and_deleted(desk, panel):
    QTest.mouseClick(button(panel, "Add layer"), LEFT)
    assert layers(desk) == ["Smile", "Jaw", "Keys"]
    QTest.mouseClick(button(panel, "Move layer down"), LEFT)
    assert layers(desk) == ["Smile", "Keys", "Jaw"]
    assert [found.state.name for found in rows(panel)] == ["Jaw", "Keys", "Smile"]
    QTest.mouseClick(button(panel, "Move layer up"), LEFT)
    QTest.mouseClick(button(panel, "Duplicate layer"), LEFT)
    assert layers(desk) == ["Smile", "Jaw", "Keys", "Keys 2"]
    for _ in range(4):
        QTest.mouseClick(button(panel, "Delete layer"), LEFT)
    assert layers(desk) == []
    assert not button(panel, "Delete layer").isEnabled()
    assert not rows(panel)
    desk.undo()
    assert len(rows(panel)) == 1


def test_a_layer_is_merged_into_the_one_below(desk, panel):
    before = desk.document.take.baked()
    desk.push(use_layer(desk.document, 0))
    assert not button(panel, MERGE_TIP).isEnabled()
    desk.push(use_layer(desk.document, 1))
    QTest.mouseClick(button(panel, MERGE_TIP), LEFT)
    assert layers(desk) == ["Smile"]
    np.testing.assert_allclose(desk.document.take.baked().expr, before.expr, atol=2e-6)
    np.testing.assert_allclose(desk.document.take.baked().jaw_pose, before.jaw_pose, atol=2e-6)
    desk.undo()
    assert layers(desk) == ["Smile", "Jaw"]


def test_bake_lays_layers_into_the_clip(desk, panel):
    before = desk.document.take.baked()
    press(panel, "Bake")
    assert layers(desk) == []
    assert desk.document.take.clip == before
    assert desk.steps[-1] == "Bake layers"


def test_a_name_from_a_stranger_is_no_html_in_hints(desk, panel):
    document = desk.document
    named = replace(document.take.layers[0], name='<img src="file:///x">')
    document.set(takes=replace_take(document, replace(document.take, layers=(named,), active_layer=0)))
    tips = [found.toolTip() for found in panel.findChildren(QToolButton) if "img" in found.toolTip()]
    assert len(tips) == 2
    assert not any("<img" in tip for tip in tips)
