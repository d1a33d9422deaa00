"""A row of chips of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Segmented(QWidget):
    """Chips side by side; one is chosen, arrow keys move between them."""

    chosen = Signal(int)  # by the user

    def __init__(
        self, titles: Sequence[str], tips: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for index, title in enumerate(titles):
            chip = QPushButton(title)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            if index < len(tips):
                chip.setToolTip(tips[index])
            self._group.addButton(chip, index)
            layout.addWidget(chip)
        self._group.idClicked.connect(self.chosen)

    @property
    def current(self) -> int:
        """The chosen chip, -1 for none."""
        return self._group.checkedId()

    def set_current(self, index: int) -> None:
        """Show chip ``index`` as chosen; any number without a chip: none."""
        chip = self._group.button(index)
        if chip is not None:
            chip.setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        chip = None if step is None else self._group.button(self.current + step)
        if chip is None:
            super().keyPressEvent(event)
            return
        chip.setFocus()
        chip.click()
