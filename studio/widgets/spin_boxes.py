"""Fields for numbers with arrows, whose text begins where that of other fields does."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

INSET = 6  # pixels on the left: a style sheet's padding makes such a field wider and does not move its text


class SpinBox(QSpinBox):
    """A field for whole numbers; ``properties`` are Qt's own."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)


class DoubleSpinBox(QDoubleSpinBox):
    """A field for numbers with decimals; ``properties`` are Qt's own."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)
