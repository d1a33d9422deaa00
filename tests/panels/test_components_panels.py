from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from studio.document.commands import use_model
from studio.document.document import new_take
from studio.panels.expression_panel import ExpressionPanel
from studio.panels.shape_panel import ShapePanel
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import LEFT, drag, place, press, row, rows, type_number


def test_a_drag_is_one_step_named_after_its_row(desk, shown):
    panel = shown(ShapePanel(desk.document, desk.push))
    drag(row(panel, "Shape 2"), 0.5, 1.0, 2.0)
    assert desk.steps == ["Shape 2"]
    assert desk.document.params.shape[1] == pytest.approx(2.0, abs=0.05)
    desk.undo()
    assert not desk.document.params.shape.any()
    assert row(panel, "Shape 2").value == 0.0


def test_two_drags_are_two_steps(desk, shown):
    panel = shown(ShapePanel(desk.document, desk.push))
    drag(row(panel, "Shape 1"), 1.0, 2.0)
    drag(row(panel, "Shape 1"), 1.0, -1.0)
    assert desk.steps == ["Shape 1", "Shape 1"]


def test_a_typed_number_is_a_step_and_exact(desk, shown):
    panel = shown(ShapePanel(desk.document, desk.push))
    type_number(row(panel, "Shape 3"), "4.25")
    type_number(row(panel, "Shape 3"), "-1")
    assert desk.steps == ["Shape 3", "Shape 3"]
    desk.undo()
    assert desk.document.params.shape[2] == 4.25
    assert row(panel, "Shape 3").value == 4.25


def test_double_click_is_one_step_back_to_neutral(desk, shown):
    panel = shown(ShapePanel(desk.document, desk.push))
    type_number(row(panel, "Shape 1"), "2")
    target = row(panel, "Shape 1")
    QTest.mouseClick(target, LEFT, pos=place(target, 1.0))
    QTest.mouseDClick(target, LEFT, pos=place(target, 1.0))
    assert desk.document.params.shape[0] == 0.0
    assert len(desk.steps) == 2
    desk.undo()
    assert desk.document.params.shape[0] == 2.0


def test_a_large_model_does_not_build_all_its_rows(large_desk, shown):
    shape = shown(ShapePanel(large_desk.document, large_desk.push))
    expression = shown(ExpressionPanel(large_desk.document, large_desk.push))
    built = len(shape.findChildren(SliderRow)) + len(expression.findChildren(SliderRow))
    assert built < 70


def test_every_component_is_reachable_by_its_number(large_desk, shown):
    panel = shown(ShapePanel(large_desk.document, large_desk.push))
    QTest.keyClicks(panel.findChild(QLineEdit), "300")
    QTest.keyClick(panel.findChild(QLineEdit), Qt.Key.Key_Return)
    QApplication.processEvents()
    target = row(panel, "Shape 300")
    assert panel.focusWidget() is target
    assert rows(panel, "Shape 1") == []
    QTest.keyClick(target, Qt.Key.Key_Right)
    assert large_desk.document.params.shape[299] > 0
    assert large_desk.steps == ["Shape 300"]


def test_every_component_is_reachable_by_scrolling(large_desk, shown):
    panel = shown(ShapePanel(large_desk.document, large_desk.push))
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    type_number(row(panel, "Shape 300"), "1")
    assert large_desk.document.params.shape[299] == 1.0


def test_named_expressions_are_words_in_groups_of_the_face(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    assert [group.title for group in panel.findChildren(Group)] == ["Brows", "Eyes", "Jaw", "Mouth"]
    drag(row(panel, "Smile left"), 0.5)
    assert named_desk.steps == ["Mouth smile left"]
    assert named_desk.document.params.expr[4] == pytest.approx(0.5, abs=0.02)


def test_the_range_is_the_models(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    drag(row(panel, "Blink left"), 0.5, -4.0)
    assert named_desk.document.params.expr[1] == 0.0


def test_unnamed_expressions_are_counted(large_desk, shown):
    panel = shown(ExpressionPanel(large_desk.document, large_desk.push))
    assert panel.findChildren(Group) == []
    assert row(panel, "Expression 1").isVisible()


def test_a_groups_reset_leaves_the_others(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    drag(row(panel, "Smile left"), 0.5)
    drag(row(panel, "Blink left"), 0.5)
    press(panel, "Reset mouth")
    expr = named_desk.document.params.expr
    assert (expr[4], expr[1] > 0) == (0.0, True)
    assert row(panel, "Smile left").value == 0.0
    assert named_desk.steps[-1] == "Reset mouth"


def test_reset_all(desk, shown):
    panel = shown(ShapePanel(desk.document, desk.push))
    type_number(row(panel, "Shape 1"), "2")
    press(panel, "Reset all")
    assert not desk.document.params.shape.any()
    assert desk.steps[-1] == "Reset shape"


def test_randomise_draws_at_the_strength_in_one_step(large_desk, shown):
    panel = shown(ShapePanel(large_desk.document, large_desk.push))
    type_number(row(panel, "Strength"), "0.5")
    press(panel, "Randomise")
    assert large_desk.steps == ["Randomise shape"]
    assert np.std(large_desk.document.params.shape) == pytest.approx(0.5, abs=0.15)
    assert row(panel, "Shape 1").value == pytest.approx(large_desk.document.params.shape[0], abs=1e-3)
    first = large_desk.document.params.shape.copy()
    press(panel, "Randomise")
    assert (large_desk.document.params.shape != first).any()


def test_randomised_expressions_stay_within_their_range(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    type_number(row(panel, "Strength"), "2")
    for _ in range(5):
        press(panel, "Randomise")
        expr = named_desk.document.params.expr
        assert expr.min() >= 0.0
        assert expr.max() <= 1.0


def test_a_group_randomises_only_itself(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    for _ in range(10):
        press(panel, "Randomise mouth")
    assert not named_desk.document.params.expr[:4].any()
    assert named_desk.steps[-1] == "Randomise mouth"


def test_rows_follow_the_clip(playing_desk, shown):
    panel = shown(ExpressionPanel(playing_desk.document, playing_desk.push))
    playing_desk.document.set(position=25.0)
    assert row(panel, "Smile left").value == pytest.approx(0.5)


def test_a_hidden_panel_catches_up_when_it_is_seen(playing_desk, shown):
    panel = shown(ExpressionPanel(playing_desk.document, playing_desk.push))
    panel.hide()
    playing_desk.document.set(position=50.0)
    panel.show()
    assert row(panel, "Smile left").value == pytest.approx(1.0)


def test_switching_the_model_makes_its_rows(desk, large_model, shown, qtbot):
    panel = shown(ShapePanel(desk.document, desk.push))
    desk.push(use_model(desk.document, large_model, (new_take(large_model),)))
    qtbot.waitUntil(lambda: len(rows(panel, "Shape 12")) == 1)
    desk.undo()
    qtbot.waitUntil(lambda: len(rows(panel, "Shape 6")) == 1)
    assert rows(panel, "Shape 12") == []


def test_the_model_switched_while_hidden(desk, large_model, shown, qtbot):
    panel = shown(ShapePanel(desk.document, desk.push))
    panel.hide()
    desk.push(use_model(desk.document, large_model, (new_take(large_model),)))
    panel.show()
    qtbot.waitUntil(lambda: len(rows(panel, "Shape 12")) == 1)


def test_a_model_without_expressions_says_so_once(desk, shown):
    model = desk.document.model
    bare = replace(
        model,
        expressiondirs=model.expressiondirs[..., :0],
        expression_names=(),
        expression_ranges=model.expression_ranges[:0],
        correctives=(),
    )
    desk.push(use_model(desk.document, bare, (new_take(bare),)))
    panel = shown(ExpressionPanel(desk.document, desk.push))
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]
    assert said == [f"{model.name} has no expression components."]
    assert not panel.findChild(QLineEdit).isEnabled()
    assert not any(button.isEnabled() for button in panel.findChildren(QPushButton))


def test_search_finds_words_and_says_when_there_is_nothing(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    search = panel.findChild(QLineEdit)
    QTest.keyClicks(search, "smile")
    QApplication.processEvents()
    assert row(panel, "Smile right").isVisible()
    assert rows(panel, "Blink left") == []
    search.clear()
    QTest.keyClicks(search, "ears")
    QApplication.processEvents()
    told = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("ears" in text for text in told)
    search.clear()
    QApplication.processEvents()
    assert row(panel, "Blink left").isVisible()


def test_a_folded_group_costs_nothing_and_unfolds(named_desk, shown):
    panel = shown(ExpressionPanel(named_desk.document, named_desk.push))
    group = panel.findChildren(Group)[0]
    heading = group.childAt(QPoint(4, 4))
    QTest.mouseClick(heading, LEFT)
    assert rows(panel, "Inner up") == []
    QTest.mouseClick(heading, LEFT)
    QApplication.processEvents()
    assert row(panel, "Inner up").isVisible()
