"""The field in which the number of a row is typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from studio.widgets.slider_scale import SliderScale

_BEGUN = ("", "+", "-", ".", ",")  # may still become a number


class NumberEditor(QLineEdit):
    """Turns to the warning colour, and tells the range, while what is typed cannot be taken as it is."""

    def __init__(self, scale: SliderScale, parent: QWidget) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setProperty("role", "number")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(f"{scale.label}, number")
        self.textChanged.connect(self._judge)

    def _judge(self, text: str) -> None:
        wrong = text.strip() not in _BEGUN and not self._scale.takes(text)
        if wrong == bool(self.property("wrong")):
            return
        self.setProperty("wrong", wrong)
        self.setAccessibleDescription(self._scale.range_text if wrong else "")
        self.style().unpolish(self)
        self.style().polish(self)
        if wrong:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self._scale.range_text, self)
        else:
            QToolTip.hideText()
