"""Onion skin: how many neighbouring frames are seen, how far apart, how strongly."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLabel

from studio.document.comparing import set_onion
from studio.document.document import Document
from studio.document.look import Onion
from studio.panels.panel import Push
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_USUAL = Onion()
_MOST = 5.0
_ROWS: tuple[tuple[str, SliderScale], ...] = (
    (
        "before",
        SliderScale("Before", 0.0, _MOST, _USUAL.before, 0, tip="Ghosts of earlier frames, warm"),
    ),
    (
        "after",
        SliderScale("After", 0.0, _MOST, _USUAL.after, 0, tip="Ghosts of later frames, cool and dashed"),
    ),
    (
        "step",
        SliderScale(
            "Step",
            1.0,
            25.0,
            _USUAL.step,
            0,
            hard_low=1.0,
            hard_high=1000.0,
            tip="Frames between ghosts",
        ),
    ),
    ("strength", SliderScale("Strength", 0.0, 1.0, _USUAL.strength, hard_low=0.0, hard_high=1.0)),
)
_WHOLE = ("before", "after", "step")
_STILL = "Ghosts are seen in takes of more than one frame."


class OnionGroup(Group):
    """Settings of the look's ghosts; shows them by :meth:`show_onion`."""

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__("Onion skin")
        self._document, self._push = document, push
        self._shown = QCheckBox("Neighbouring frames")
        self._shown.setToolTip("Show neighbouring frames as ghosts around the head")
        self._shown.clicked.connect(lambda checked: push(set_onion(document, "Onion skin", shown=checked)))
        self.add(self._shown)
        self._rows: dict[str, SliderRow] = {}
        for field, scale in _ROWS:
            row = SliderRow(scale)
            row.value_changed.connect(
                lambda value, gesture, f=field, n=scale.label: self._set(f, n, value, gesture)
            )
            self._rows[field] = row
            self.add(row)
        self._note = QLabel(_STILL, wordWrap=True)
        self._note.setProperty("role", "secondary")
        self.add(self._note)

    def _set(self, field: str, label: str, value: float, gesture: int | None) -> None:
        amount = round(value) if field in _WHOLE else value
        name = f"Onion skin {label.lower()}"
        self._push(set_onion(self._document, name, gesture, **{field: amount}))

    def show_onion(self) -> None:
        """Show the document's settings, and what a still lacks."""
        onion = self._document.look.onion
        self._shown.setChecked(onion.shown)
        for field, row in self._rows.items():
            row.set_value(float(getattr(onion, field)))
            row.setEnabled(onion.shown)
        self._note.setVisible(len(self._document.take) < 2)
