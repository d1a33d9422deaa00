"""A label with a control beside it, in line with the slider rows."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

_LABEL_SHARE, _CONTROL_SHARE = 36, 64
_LETTERS = 6  # of a list that can always be read


def keep_narrow(box: QComboBox) -> None:
    """Let ``box`` be narrower than its longest text, which is cut where a panel has no room for it."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LETTERS)


class FormRow(QWidget):
    """``title`` at the left of ``control``."""

    def __init__(self, title: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(title)
        label.setBuddy(control)
        if isinstance(control, QComboBox):
            keep_narrow(control)
        if not control.accessibleName():
            control.setAccessibleName(title)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(label, _LABEL_SHARE)
        layout.addWidget(control, _CONTROL_SHARE)
