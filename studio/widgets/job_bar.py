"""A thin bar for the status line: what is running, how far it is, how long it takes, cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from studio.jobs.pace import Pace
from studio.theme import icon, reduced_motion, size_icons

_SHOWN = 0.2  # seconds between two changes that are seen: each puts the whole window on the screen anew


def _unknown() -> int:
    """The range of a bar that cannot tell how far it is: it moves, or stays empty with reduced motion."""
    return 1 if reduced_motion() else 0


class JobBar(QWidget):
    """Progress of one job; hidden while none is running."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pace = Pace()
        self._next_shown = 0.0
        self._what = QLabel()
        self._left = QLabel()
        self._waiting = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 4)
        self._cancel = QToolButton()
        self._cancel.setIcon(icon("cancel"))
        size_icons(self._cancel, 12)
        self._cancel.setToolTip("Cancel")
        self._cancel.setAccessibleName("Cancel the running job")
        self._cancel.clicked.connect(self._on_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._what, self._bar, self._left, self._cancel, self._waiting):
            layout.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """What is running, how long it takes, and what waits."""
        parts = self._what.text(), self._left.text(), self._waiting.text()
        return " ".join(filter(None, parts))

    def start(self, what: str) -> None:
        """Show that ``what`` has begun."""
        self._pace, self._next_shown = Pace(), 0.0
        self._what.setText(what)
        self._left.setText("")
        self._bar.setRange(0, _unknown())
        self._cancel.setEnabled(True)
        self._bar.setAccessibleName(what)
        self.show()

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Show ``done`` of ``total`` steps; a total of 0: not known."""
        self._pace.step(done, total)
        now = time.monotonic()
        if not self._cancel.isEnabled() or (now < self._next_shown and done < total):
            return
        self._next_shown = now + _SHOWN
        self._what.setText(what)
        self._bar.setRange(0, total or _unknown())
        self._bar.setValue(done)
        self._left.setText(self._pace.left)

    def show_waiting(self, count: int) -> None:
        """Show that ``count`` other jobs wait for this one."""
        self._waiting.setText(f"{count} waiting" if count else "")

    def finish(self) -> None:
        """Hide."""
        self.hide()

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._what.setText("Stopping…")
        self._left.setText("")
        self.cancel_asked.emit()
