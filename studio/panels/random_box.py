"""Randomise: how far, and which parts of the head."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.controls.face_parts import FACE, PARTS, TITLES, Part
from studio.document.document import Document
from studio.document.randomising import randomise_face
from studio.panels.bars import icon_button
from studio.panels.panel import Push
from studio.storage.errors import StudioError
from studio.widgets.chip_flow import ChipFlow
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_STRENGTH = SliderScale(
    "Strength", 0.0, 150.0, neutral=70.0, decimals=0, unit="%", tip="How far a random face goes from neutral"
)
_AT_FIRST = (*FACE, "gaze")


class RandomBox(QWidget):
    """Draws parts of the head anew, each press another face; what is locked stays."""

    problem = Signal(str)

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__()
        self._document = document
        self._push = push
        self._strength = SliderRow(_STRENGTH)
        self._strength.set_value(_STRENGTH.neutral)
        self._strength.setAccessibleName("Randomise strength")
        self._parts = ChipFlow([TITLES[part] for part in PARTS], "Parts that are drawn", exclusive=False)
        self._parts.choose([PARTS.index(part) for part in PARTS if part in _AT_FIRST])
        button = icon_button("Randomise", "randomise", self.randomise, "Another face at each press")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._strength, self._parts, button):
            layout.addWidget(widget)

    @cached_property
    def _rng(self) -> np.random.Generator:
        """Made at the first press: loading NumPy's generators takes longer than building the box."""
        return np.random.default_rng()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that are drawn."""
        return tuple(PARTS[number] for number in self._parts.chosen)

    def randomise(self) -> None:
        """Draw another face."""
        if not self.parts:
            self.problem.emit("No part is chosen; switch on at least one.")
            return
        try:
            self._push(randomise_face(self._document, self.parts, self._strength.value / 100.0, self._rng))
        except StudioError as error:
            self.problem.emit(str(error))
