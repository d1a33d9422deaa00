"""Choosing a picture's size: a few usual ones, or any."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.export.options import LARGEST_SIDE, Size
from studio.widgets.form_row import keep_narrow
from studio.widgets.spin_boxes import SpinBox

SIZES: tuple[tuple[str, Size], ...] = (
    ("HD · 1280 \N{MULTIPLICATION SIGN} 720", (1280, 720)),
    ("Full HD · 1920 \N{MULTIPLICATION SIGN} 1080", (1920, 1080)),
    ("4K · 3840 \N{MULTIPLICATION SIGN} 2160", (3840, 2160)),
    ("8K · 7680 \N{MULTIPLICATION SIGN} 4320", (7680, 4320)),
    ("Portrait · 1080 \N{MULTIPLICATION SIGN} 1350", (1080, 1350)),
    ("Tall · 1080 \N{MULTIPLICATION SIGN} 1920", (1080, 1920)),
    ("Square · 1024 \N{MULTIPLICATION SIGN} 1024", (1024, 1024)),
    ("Square · 2048 \N{MULTIPLICATION SIGN} 2048", (2048, 2048)),
)
_CUSTOM = "Custom"
_SMALLEST_SIDE = 16


class SizeChooser(QWidget):
    """A list of sizes, with number fields for a size of one's own."""

    def __init__(self, size: Size, step: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QComboBox()
        self._box.setAccessibleName("Size")
        keep_narrow(self._box)
        for title, preset in SIZES:
            self._box.addItem(title, preset)
        self._box.addItem(_CUSTOM)
        self._width = self._number("Width", size[0], step)
        self._height = self._number("Height", size[1], step)
        self._own = QWidget()
        own = QHBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(4)
        own.addWidget(self._width, 1)
        own.addWidget(QLabel("\N{MULTIPLICATION SIGN}"))
        own.addWidget(self._height, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._box)
        layout.addWidget(self._own)
        known = [preset for _, preset in SIZES]
        self._box.setCurrentIndex(known.index(size) if size in known else len(known))
        self._own.setVisible(size not in known)
        self._box.activated.connect(self._on_chosen)

    def _number(self, name: str, value: int, step: int) -> SpinBox:
        box = SpinBox()
        box.setRange(_SMALLEST_SIDE, LARGEST_SIDE)
        box.setSingleStep(step)
        box.setValue(value)
        box.setAccessibleName(name)
        box.setToolTip(f"{name} in pixels")
        return box

    @property
    def chosen(self) -> Size:
        """The size chosen, width and height in pixels."""
        preset = self._box.currentData()
        return (self._width.value(), self._height.value()) if preset is None else tuple(preset)

    def _on_chosen(self, _index: int) -> None:
        preset = self._box.currentData()
        if preset is not None:
            self._width.setValue(preset[0])
            self._height.setValue(preset[1])
        self._own.setVisible(preset is None)
