"""The table of measurements: numbers, differences, and only what the model allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from studio.document.document import Document
from studio.flame.measures import MEASURES, Measured
from studio.panels.measure_group import MeasureGroup


@pytest.fixture
def group(qtbot, head_model):
    made = MeasureGroup(Document(head_model), lambda command: None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def told(group, title):
    """The numbers in the row called ``title``; None where it is not seen."""
    labels = group.findChildren(QLabel)
    at = next(index for index, label in enumerate(labels) if label.text() == title)
    return [label.text() for label in labels[at + 1 : at + 4]] if labels[at].isVisible() else None


def sizes(**values):
    return Measured(values, ())


def test_numbers_and_by_how_much_they_are_more(group):
    whole = {measure.key: 10.0 for measure in MEASURES}
    now = sizes(**{**whole, "mouth_width": 51.26, "jaw_angle": 12.0})
    group.show_measured(now, sizes(**{**whole, "mouth_width": 50.0}), None)
    assert told(group, "Mouth width") == ["51.3 mm", "+1.3", "·"]
    assert told(group, "Jaw angle") == ["12.0°", "+2.0", "·"]
    group.show_measured(now, now, sizes(**{**whole, "mouth_width": 51.30}))
    assert told(group, "Mouth width") == ["51.3 mm", "0.0", "0.0"]


def test_what_the_model_does_not_allow_is_not_seen_until_it_does(group):
    group.show_measured(sizes(jaw_angle=3.0), None, None)
    assert told(group, "Jaw angle") is not None
    assert told(group, "Mouth width") is None
    group.show_measured(sizes(jaw_angle=3.0, mouth_width=50.0), None, None)
    assert told(group, "Mouth width") == ["50.0 mm", "·", "·"]


def test_every_row_says_how_it_is_defined(group):
    tips = {label.toolTip() for label in group.findChildren(QLabel)}
    assert {measure.tip for measure in MEASURES} <= tips


def test_a_model_without_landmarks_is_told(qtbot, head_model):
    made = MeasureGroup(Document(replace(head_model, landmarks=None)), lambda command: None)
    qtbot.addWidget(made)
    made.show()
    made.show_drawn()
    assert any("no landmarks" in label.text() for label in made.findChildren(QLabel) if label.isVisible())
