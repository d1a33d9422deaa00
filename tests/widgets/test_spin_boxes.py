"""Fields for numbers, as they look beside other fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

from studio.theme import apply_theme
from studio.widgets.spin_boxes import DoubleSpinBox, SpinBox


@pytest.fixture(autouse=True)
def _dark(qapp):
    apply_theme(qapp, "dark", 100)


def ink(widget: QWidget) -> list[int]:
    """The columns in which something bright is, without the arrows at the right and the border."""
    image = widget.grab().toImage()
    ground = image.pixelColor(image.width() // 2, 3).lightness()
    rows = range(5, image.height() - 5)
    return [
        column
        for column in range(2, image.width() - 26)
        if any(image.pixelColor(column, row).lightness() > ground + 60 for row in rows)
    ]


def sized(qtbot, widget: QWidget, width: int = 160) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(QSize(width, widget.sizeHint().height()))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.mark.parametrize("kind", [SpinBox, DoubleSpinBox])
def test_numbers_begin_where_the_text_of_a_combo_does(qtbot, kind):
    combo = QComboBox()
    combo.addItem("H0")
    box = kind(prefix="H", maximum=90_000, value=0)
    begin = ink(sized(qtbot, combo))[0]
    assert abs(ink(sized(qtbot, box))[0] - begin) <= 1


def test_the_largest_number_is_seen_whole(qtbot):
    box = SpinBox(prefix="H", maximum=90_000, value=90_000, suffix=" pxH")
    width = box.sizeHint().width()
    whole = ink(sized(qtbot, box, 300))
    assert ink(sized(qtbot, box, width)) == whole


def test_a_number_is_typed_and_stepped(qtbot):
    box = sized(qtbot, SpinBox(minimum=1, maximum=500, value=20))
    box.selectAll()
    qtbot.keyClicks(box, "250")
    box.stepUp()
    assert box.value() == 251
