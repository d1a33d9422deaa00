"""A field for amounts of any size, from millionths to thousands, which arrows and the wheel multiply."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.theme import fix_height
from studio.widgets.gesture import next_gesture

_STEP = 10.0**0.1  # of one press: ten of them are a decade
_FIRST = 1e-3  # what up makes of 0


class AmountField(QLineEdit):
    """Shows a number from 0 to ``most`` in as few digits as tell it; Esc takes back what is being typed."""

    amount_changed = Signal(float, int)  # the new one, and the gesture it belongs to

    def __init__(self, what: str, most: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most, self._amount, self._gesture = most, 0.0, 0
        self.setAccessibleName(what)
        self.setToolTip("Type a number, or change it by the arrow keys")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        fix_height(self, 24)
        self.editingFinished.connect(self._take)
        self.set_amount(0.0)

    @property
    def amount(self) -> float:
        """What it stands at."""
        return self._amount

    def set_amount(self, amount: float) -> None:
        """Show ``amount``."""
        self._amount = amount
        text = f"{amount:.4g}"
        if self.text() != text and not (self.hasFocus() and self.isModified()):
            self.setText(text)

    def _take(self) -> None:
        self.setModified(False)
        try:
            amount = float(self.text().replace(",", "."))
        except ValueError:
            amount = self._amount
        amount = min(max(amount, 0.0), self._most) if math.isfinite(amount) else self._amount
        self._change(amount, next_gesture())

    def _multiply(self, steps: float) -> None:
        self._take()
        amount = self._amount * _STEP**steps if self._amount else (_FIRST if steps > 0 else 0.0)
        amount = 0.0 if amount < 1e-9 else min(amount, self._most)
        self._gesture = self._gesture or next_gesture()
        self._change(float(f"{amount:.4g}"), self._gesture)

    def _change(self, amount: float, gesture: int) -> None:
        changed = f"{amount:.4g}" != f"{self._amount:.4g}"
        if changed:
            self._amount = amount
        self.setText(f"{self._amount:.4g}")
        if changed:
            self.amount_changed.emit(amount, gesture)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down multiply and divide; Esc takes back what was typed."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self._multiply(step)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(f"{self._amount:.4g}")
            self.setModified(False)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Multiply, while it has the focus."""
        if not self.hasFocus():
            event.ignore()
            return
        self._multiply(event.angleDelta().y() / 120.0)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """End the gesture of the arrow keys."""
        super().focusOutEvent(event)
        self._gesture = 0
