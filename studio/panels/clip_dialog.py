"""Operations on the clip of the take: settings, what comes of them, and whether it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.document.document import Document
from studio.operations.row import Operation
from studio.operations.running import Range
from studio.operations.table import OPERATIONS, operation_called
from studio.operations.takes import BAKING
from studio.panels.clip_form import ClipForm, Surroundings
from studio.theme import scaled
from studio.widgets.before_after import BeforeAfter, Comparison
from studio.widgets.form_row import FormRow
from studio.widgets.segmented import Segmented

_WIDTH = 400
_LINES = 3  # of what comes of it that have room at any time
_SOON = 120  # milliseconds after a change, in which another one may follow
_WHOLE, _PLAYED = 0, 1
_AFTER = 1
_BENEATH = "Works on the clip of the take; keys and what sliders changed stay on top of it."
_BAKES = "Keys and what sliders changed go into the clip first, so that they pass over with it."


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be done."""

    operation: Operation
    given: dict[str, Any]
    span: Range | None


class ClipDialog(QDialog):
    """One operation at a time, beside the window that shows what comes of it.

    It tells what is asked for and shows what it is told; nothing is changed by it.
    """

    asked = Signal(object)  # Asked, when a setting or the operation is another
    side_chosen = Signal(bool)  # whether the result is seen, or the take as it was
    apply_asked = Signal(object)  # Asked
    left = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Operations on the clip")
        self._document = document
        self._operation = OPERATIONS[0]
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(lambda: self.asked.emit(self.now()))
        self._which = QComboBox()
        for row in OPERATIONS:
            if row.in_window:
                self._which.addItem(row.title, row.id)
        self._which.currentIndexChanged.connect(lambda _: self.offer(self._which.currentData()))
        self._tip = _secondary()
        self._form = ClipForm()
        self._form.changed.connect(self._ask_soon)
        self._range = Segmented(
            ("Whole take", "Frames played"), ("All frames", "Those between the marks of the timeline")
        )
        self._range.set_current(_WHOLE)
        self._range.chosen.connect(lambda _: self._ask_soon())
        self._range_row = FormRow("Frames", self._range)
        self._side = Segmented(("Before", "After"), ("The take as it is", "What would come of it"))
        self._side.set_current(_AFTER)
        self._side.chosen.connect(lambda side: self.side_chosen.emit(side == _AFTER))
        self._side_row = FormRow("Show", self._side)
        self._curves = BeforeAfter()
        self._told = QLabel(wordWrap=True)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setAccessibleName("What comes of it")
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note = _secondary()
        self._apply = QPushButton("Apply")
        self._apply.setDefault(True)
        self._apply.clicked.connect(lambda: self.apply_asked.emit(self.now()))
        self._lay_out()

    def _lay_out(self) -> None:
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for narrow in (self._form, self._tip, self._told, self._note):  # words would make it wider
            narrow.setFixedWidth(scaled(_WIDTH))
        self._told.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing())
        layout.addWidget(FormRow("Operation", self._which))
        for widget in (self._tip, self._form, self._range_row, self._side_row, self._curves, self._told):
            layout.addWidget(widget)
        layout.addWidget(self._note)
        layout.addLayout(buttons)

    def offer(self, name: str) -> None:
        """Show the operation ``name`` with its usual settings, and ask for it."""
        self._operation = operation_called(name)
        self._which.blockSignals(True)
        self._which.setCurrentIndex(self._which.findData(name))
        self._which.blockSignals(False)
        row = self._operation
        self._tip.setText(f"{row.tip}.")
        self._form.offer(row, self._surroundings())
        self._range_row.setVisible(row.reach in ("frames", "part"))
        self._note.setText(_BAKES if row.id in BAKING else _BENEATH)
        self._curves.show_curves(None)
        self._told.clear()
        self._side.set_current(_AFTER)
        for widget in (self._side_row, self._curves):
            widget.setVisible(not row.long)
        self.ask_anew()

    def ask_anew(self) -> None:
        """Ask for what is set, as the take is now."""
        self._soon.stop()
        self.asked.emit(self.now())

    def now(self) -> Asked:
        """What is set."""
        row = self._operation
        played = row.reach == "only" or (row.reach != "whole" and self._range.current == _PLAYED)
        span = self._document.play_range if played else None
        if span is not None:
            last = len(self._document.take.clip) - 1
            span = min(span[0], last), min(span[1], last)
        return Asked(row, self._form.values(), span)

    @property
    def shows_after(self) -> bool:
        """Whether the result is to be seen."""
        return self._side.current == _AFTER

    def show_busy(self) -> None:
        """Say that it is being computed."""
        self._told.setText("Computing…")

    def show_waiting(self) -> None:
        """Say that it is computed when it is applied."""
        self._curves.show_curves(None)
        self._told.setText("Takes a while: it is computed when you apply it, with its progress below.")
        self._apply.setEnabled(True)

    def show_result(self, lines: Sequence[str], curves: Comparison | None) -> None:
        """Tell what comes of it."""
        self._told.setText("\n".join(lines))
        self._curves.show_curves(curves)
        self._apply.setEnabled(True)

    def show_problem(self, text: str) -> None:
        """Say why nothing comes of it."""
        self._told.setText(text)
        self._curves.show_curves(None)
        self._apply.setEnabled(False)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave as by Cancel."""
        super().closeEvent(event)
        self.reject()

    def done(self, result: int) -> None:
        """Close, and say so once."""
        was_open = self.isVisible()
        super().done(result)
        if was_open:
            self._soon.stop()
            self.left.emit()

    def _ask_soon(self) -> None:
        self._soon.start()

    def _surroundings(self) -> Surroundings:
        document = self._document
        take = document.take
        others = {entry.name: len(entry) for entry in reversed(document.takes) if entry is not take}
        others = dict(reversed(others.items()))  # of two of one name it is the first that is found by it
        return Surroundings(
            document.model, others, len(take.clip), round(document.position), take.clip.duration
        )


def _secondary() -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", "secondary")
    return label
