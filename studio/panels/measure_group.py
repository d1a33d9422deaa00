"""Measurements of the head shown, beside those of its neutral and of the head it is compared with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from studio.document.comparing import set_comparison
from studio.document.document import Document
from studio.flame.measures import MEASURES, Measure, Measured
from studio.panels.panel import Push
from studio.widgets.elided_label import ElidedLabel
from studio.widgets.group import Group

_COLUMNS = ("", "Now", "± neutral", "± B")
_HEAD_TIPS = (
    "",
    "On the head that is shown",
    "More than on the same head at rest",
    "More than on B",
)
_NO_LANDMARKS = "The model has no landmarks, so only what needs none is measured."
_NONE = "·"


class MeasureGroup(Group):
    """A table of numbers; told by :meth:`show_measured`."""

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__("Measurements")
        self._document, self._push = document, push
        self._drawn = QCheckBox("Draw on the head")
        self._drawn.setToolTip("Draw widths and heights on the canvas and in pictures")
        self._drawn.clicked.connect(
            lambda checked: push(set_comparison(document, "Measurements", dimensions=checked))
        )
        self.add(self._drawn)
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        for column, (title, tip) in enumerate(zip(_COLUMNS, _HEAD_TIPS, strict=True)):
            self._cell(0, column, title, tip, secondary=True)
        self._cells = {measure.key: self._row(row + 1, measure) for row, measure in enumerate(MEASURES)}
        self.add(table)
        self._note = QLabel(_NO_LANDMARKS, wordWrap=True)
        self._note.setProperty("role", "secondary")
        self.add(self._note)

    def _row(self, row: int, measure: Measure) -> tuple[QLabel, ...]:
        title = self._cell(row, 0, measure.title, measure.tip)
        numbers = [self._cell(row, column, _NONE, measure.tip, column > 1) for column in range(1, 4)]
        return title, *numbers

    def _cell(self, row: int, column: int, text: str, tip: str, secondary: bool = False) -> QLabel:
        label = QLabel() if column else ElidedLabel()
        label.setText(text)
        label.setToolTip(tip)
        if secondary:
            label.setProperty("role", "secondary")
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)
        return label

    def show_drawn(self) -> None:
        """Show whether lines are drawn, and what the model lacks."""
        self._drawn.setChecked(self._document.comparison.dimensions)
        self._note.setVisible(self._document.model.landmarks is None)

    def show_measured(
        self, measured: Measured | None, neutral: Measured | None, beside: Measured | None
    ) -> None:
        """Show the measurements of the head, and by how much they are more than those of others."""
        for measure in MEASURES:
            cells = self._cells[measure.key]
            value = _value(measured, measure)
            texts = (
                _NONE if value is None else f"{value:.1f} {measure.unit}".replace(" °", "°"),
                _more(value, _value(neutral, measure)),
                _more(value, _value(beside, measure)),
            )
            for cell, text in zip(cells[1:], texts, strict=True):
                if cell.text() != text:
                    cell.setText(text)
            known = measured is None or value is not None
            if known == cells[0].isHidden():
                for cell in cells:
                    cell.setVisible(known)


def _value(measured: Measured | None, measure: Measure) -> float | None:
    return None if measured is None else measured.values.get(measure.key)


def _more(value: float | None, other: float | None) -> str:
    if value is None or other is None:
        return _NONE
    text = f"{value - other:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text
