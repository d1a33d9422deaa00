"""Chips that flow over as many rows as they need; one of them is chosen, or any."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLayout, QLayoutItem, QPushButton, QWidget

_GAP = 4


class Flow(QLayout):
    """Items side by side, and on the next row where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Put ``item`` behind the others."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """The item at ``index``, if there is one."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Take the item at ``index`` out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all rows."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802 - Qt's name
        """Lay the items into ``area``."""
        super().setGeometry(area)
        self._place(area, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The least: rows are as long as there is room."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, area: QRect, move: bool) -> int:
        """Lay the items into ``area``; how high they are together."""
        x, y, row = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():  # its chip is hidden
                continue
            size = item.sizeHint()
            if x > area.x() and x + size.width() > area.right() + 1:
                x, y, row = area.x(), y + row + _GAP, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + _GAP
            row = max(row, size.height())
        return y + row - area.y()


class ChipFlow(QWidget):
    """Chips called ``titles``; arrow keys move between them.

    Of an ``exclusive`` one always one chip is chosen; otherwise each is switched by itself.
    """

    changed = Signal()  # by the user

    def __init__(
        self,
        titles: Sequence[str],
        what: str,
        exclusive: bool,
        tips: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(what)
        self._group = QButtonGroup(self, exclusive=exclusive)
        layout = Flow(self)
        for index, title in enumerate(titles):
            chip = QPushButton(title)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setAutoDefault(False)  # Return in a dialog is for its own button
            chip.setChecked(not exclusive or index == 0)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.setAccessibleDescription(what)
            if index < len(tips):
                chip.setToolTip(tips[index])
            self._group.addButton(chip, index)
            layout.addWidget(chip)
        self._group.idClicked.connect(lambda _: self.changed.emit())

    @property
    def chosen(self) -> tuple[int, ...]:
        """The numbers of the chips that are on."""
        return tuple(self._group.id(chip) for chip in self._group.buttons() if chip.isChecked())

    @property
    def chips(self) -> tuple[QPushButton, ...]:
        """The chips, in order."""
        return tuple(chip for chip in self._group.buttons() if isinstance(chip, QPushButton))

    def choose(self, numbers: Collection[int]) -> None:
        """Switch the chips ``numbers`` on and all others off."""
        for chip in self._group.buttons():
            chip.setChecked(self._group.id(chip) in numbers)

    def offer(self, numbers: Collection[int]) -> None:
        """Show the chips ``numbers`` alone."""
        for chip in self._group.buttons():
            chip.setVisible(self._group.id(chip) in numbers)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right go to the neighbour, and choose it where one is always chosen."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        focused = self.focusWidget()
        here = self._group.id(focused) if isinstance(focused, QPushButton) else -1
        chip = None if step is None or here < 0 else self._group.button(here + step)
        if chip is None:
            super().keyPressEvent(event)
            return
        chip.setFocus(Qt.FocusReason.TabFocusReason)
        if self._group.exclusive():
            chip.click()
