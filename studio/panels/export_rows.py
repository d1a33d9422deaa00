"""Rows that the boxes of the Export panel share."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QCheckBox, QComboBox

_SAMPLES = ((1, "None"), (4, "4 samples"), (9, "9 samples"), (16, "16 samples"))


def format_box(titles: Iterable[tuple[str, str]]) -> QComboBox:
    """A list of formats, each by its key and its title."""
    box = QComboBox()
    for key, title in titles:
        box.addItem(title, key)
    return box


def samples_box(chosen: int) -> QComboBox:
    """A list of how many samples a pixel has."""
    box = QComboBox()
    for number, title in _SAMPLES:
        box.addItem(title, number)
    box.setCurrentIndex(box.findData(chosen))
    return box


def transparent_box(formats: QComboBox, able: Iterable[str]) -> QCheckBox:
    """A check box that is offered only for the formats ``able`` to be transparent."""
    check = QCheckBox("Transparent background")
    can = frozenset(able)

    def fit() -> None:
        check.setEnabled(formats.currentData() in can)

    formats.currentIndexChanged.connect(lambda _index: fit())
    fit()
    return check


def is_on(check: QCheckBox) -> bool:
    """Whether ``check`` is offered and checked."""
    return check.isEnabled() and check.isChecked()
