"""The exports that wait, run or have ended, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.export.queued import Queued
from studio.theme import icon, size_icons
from studio.widgets.elided_label import ElidedLabel
from studio.widgets.group import Group
from studio.widgets.plain_tip import plain_tip

_ICON = 14
_BAR = 4  # pixels


class _Row(QWidget):
    """One export: its file, how it goes, and buttons for what its state allows."""

    def __init__(self, number: int, ask: Callable[[str, int], None]) -> None:
        super().__init__()
        self._number, self._ask = number, ask
        self._name = ElidedLabel()
        self._words = ElidedLabel()
        self._words.setProperty("role", "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._name, 1)
        self._buttons: dict[str, QToolButton] = {}
        for key, picture, tip in (
            ("up", "chevron-up", "Export {} earlier"),
            ("down", "chevron-down", "Export {} later"),
            ("retry", "reset", "Export {} again"),
            ("folder", "folder", "Show {} in its folder"),
            ("cancel", "cancel", "Cancel {}"),
            ("remove", "cancel", "Take {} off the list"),
        ):
            button = QToolButton()
            button.setIcon(icon(picture, "secondary"))
            size_icons(button, _ICON)
            button.setProperty("tip", tip)
            button.clicked.connect(partial(self._on_clicked, key))
            self._buttons[key] = button
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)

    def show_entry(self, entry: Queued, first: bool, last: bool) -> None:
        """Show ``entry``, the ``first`` or ``last`` of those that wait."""
        name = entry.path.name
        self._name.setText(name)
        self._name.setToolTip(plain_tip(str(entry.path)))
        self._words.setText(entry.words)
        running = entry.state in ("running", "stopping")
        self._bar.setVisible(running)
        self._bar.setRange(0, max(entry.total, 1))
        self._bar.setValue(entry.done)
        self._bar.setAccessibleName(name)
        waiting = entry.state == "waiting"
        offered = {
            "up": waiting and not first,
            "down": waiting and not last,
            "retry": entry.state in ("failed", "cancelled"),
            "folder": entry.state == "done",
            "cancel": waiting or entry.state == "running",
            "remove": entry.ended,
        }
        for key, button in self._buttons.items():
            button.setVisible(offered[key])
            tip = str(button.property("tip")).format(name)
            button.setToolTip(plain_tip(tip))
            button.setAccessibleName(tip)
        self.setAccessibleName(f"{name}: {entry.words}")

    def _on_clicked(self, key: str) -> None:
        self._ask(key, self._number)


class QueueBox(Group):
    """A row for each export; hidden while there is none."""

    asked = Signal(str, int)  # cancel, remove, retry, up, down or folder; the export's number
    clear_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Queue")
        self._rows: dict[int, _Row] = {}
        self._order: list[int] = []
        self._clear = self.add_action("Clear", self.clear_asked.emit, "Take what has ended off the list")
        self.hide()

    def show_entries(self, entries: tuple[Queued, ...]) -> None:
        """Show ``entries`` in their order."""
        order = [entry.number for entry in entries]
        if order != self._order:
            self._arrange(order)
        waiting = [entry.number for entry in entries if entry.state == "waiting"]
        for entry in entries:
            number = entry.number
            self._rows[number].show_entry(entry, number in waiting[:1], number in waiting[-1:])
        self._clear.setVisible(any(entry.ended for entry in entries))
        self.setVisible(bool(entries))

    def _arrange(self, order: list[int]) -> None:
        for number in set(self._rows) - set(order):
            gone = self._rows.pop(number)
            gone.hide()
            gone.deleteLater()
        for number in order:
            if number not in self._rows:
                self._rows[number] = _Row(number, self.asked.emit)
            self.add(self._rows[number])  # a row that is there already goes to the end
        self._order = order
