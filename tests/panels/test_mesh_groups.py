"""Teeth and hidden parts, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel

from studio.document.commands import use_model
from studio.document.document import Document
from studio.flame.params import Params
from studio.panels.look_panel import LookPanel
from studio.undo import History
from studio.widgets.group import Group
from tests.flame.plain_head import plain_head
from tests.panels.conftest import Desk
from tests.panels.hands import LEFT, press

MARK = QPoint(6, 8)


@pytest.fixture
def open_panel(shown):
    def show(model):
        document = Document(model)
        desk = Desk(document, History(document))
        panel = shown(LookPanel(document, desk.push), height=1200)
        next(g for g in panel.findChildren(Group) if g.title == "Hide parts").set_unfolded(True)
        return desk, panel

    return show


def box(panel, text):
    QTest.qWait(1)  # boxes that were just made are laid out, and old ones are gone
    return next(box for box in panel.findChildren(QCheckBox) if box.text() == text)


def click(panel, text):
    QTest.mouseClick(box(panel, text), LEFT, pos=MARK)


def notes(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_teeth_come_and_go_with_undo(open_panel):
    model = plain_head()
    desk, panel = open_panel(model)
    click(panel, "Teeth")
    assert desk.document.model.vertex_count == model.vertex_count + 120
    assert desk.steps == ["Teeth"]
    assert box(panel, "Upper teeth").isVisible()
    click(panel, "Lower teeth")
    assert desk.document.model.variant.without == {"lower_teeth"}
    click(panel, "Teeth")
    assert desk.document.model is model
    for _ in range(3):
        desk.undo()
    assert desk.document.model is model
    assert not box(panel, "Teeth").isChecked()


def test_parts_are_hidden_and_shown_one_by_one(open_panel, head_model):
    desk, panel = open_panel(head_model)
    click(panel, "Lashes")
    click(panel, "Neck")
    assert desk.steps == ["Hide lashes", "Hide neck"]
    assert desk.document.model.variant.without == {"lashes", "neck"}
    click(panel, "Lashes")
    assert desk.steps[-1] == "Show lashes"
    assert box(panel, "Neck").isChecked()
    press(panel, "Show all parts")
    assert desk.document.model is head_model
    desk.undo()
    assert box(panel, "Neck").isChecked()


def test_the_pose_stays(open_panel):
    model = plain_head()
    desk, panel = open_panel(model)
    wanted = Params.neutral(model).replace(
        jaw_pose=(0.2, 0.0, 0.0), expr=np.ones(model.expression_count), eyelids=(0.5, 1.0)
    )
    desk.document.set(takes=(desk.document.take.edited(0.0, wanted),))
    click(panel, "Teeth")
    assert desk.document.params == wanted


def test_who_has_teeth_is_told_so(open_panel, head_model):
    _, panel = open_panel(head_model)
    assert not box(panel, "Teeth").isEnabled()
    assert f"{head_model.name} has teeth of its own." in notes(panel)


def test_a_model_without_regions_says_where_they_come_from(open_panel, tiny_model):
    _, panel = open_panel(tiny_model)
    assert any("FLAME_masks.pkl" in note for note in notes(panel))


def test_the_last_part_cannot_be_hidden(open_panel, tiny_model):
    everything = {"ball": np.arange(tiny_model.vertex_count, dtype=np.int32)}
    desk, panel = open_panel(replace(tiny_model, regions=everything))
    click(panel, "Ball")
    assert not box(panel, "Ball").isChecked()
    assert desk.steps == []
    assert any("nothing of tiny is left" in note for note in notes(panel))


def test_another_model_offers_its_own_parts(open_panel, head_model):
    desk, panel = open_panel(plain_head())
    desk.push(use_model(desk.document, head_model, (Document(head_model).take,)))
    assert box(panel, "Tongue").isVisible()
    assert not box(panel, "Teeth").isEnabled()
