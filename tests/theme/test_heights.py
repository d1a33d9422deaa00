"""Fields that stand beside each other in a row are of one height."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from studio.theme import apply_theme
from studio.widgets.spin_boxes import DoubleSpinBox, SpinBox


@pytest.mark.parametrize(("size", "apart"), [(100, 0), (110, 0), (125, 1), (150, 1)])
def test_fields_are_of_one_height(qapp: QApplication, size: int, apart: int) -> None:
    """To the pixel at the usual size of text; a larger font's arrows round otherwise than its letters."""
    apply_theme(qapp, "dark", size)
    try:
        combo = QComboBox()
        combo.addItem("HD")
        fields = (SpinBox(), DoubleSpinBox(), combo, QLineEdit())
        heights = [field.sizeHint().height() for field in fields]
        assert max(heights) - min(heights) <= apart
    finally:
        apply_theme(qapp, "dark", 100)
