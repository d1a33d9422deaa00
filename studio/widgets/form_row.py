"""A label with a control beside it, in line with the slider rows."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

_LABEL_SHARE, _CONTROL_SHARE = 36, 64


class FormRow(QWidget):
    """``title`` at the left of ``control``."""

    def __init__(self, title: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(title)
        label.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(title)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(label, _LABEL_SHARE)
        layout.addWidget(control, _CONTROL_SHARE)
