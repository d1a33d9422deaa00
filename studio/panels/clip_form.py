"""The settings of an operation on clips as fields, made from its row of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.flame.model import HeadModel
from studio.operations.numbers import numbers_of
from studio.operations.row import Operation, Parameter
from studio.sequence.operations.parts import PARTS
from studio.widgets.form_row import FormRow
from studio.widgets.spin_boxes import DoubleSpinBox, SpinBox

_RATES = ("23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60", "120")
_COLUMNS = 4  # of the parts of a clip
_FILES = "Vertices (*.npy *.obj *.ply);;All files (*)"
_NEUTRAL = "neutral"
_HIGHEST = 2_147_483_647  # that a field of whole numbers can hold


@dataclass(frozen=True)
class Surroundings:
    """What the fields offer beside numbers."""

    model: HeadModel
    takes: Mapping[str, int]  # what other takes are called, and their frames
    frames: int
    frame: int  # at the time cursor
    seconds: float

    @property
    def other(self) -> str:
        """The other take that most likely is meant: the first that moves; "" where there is none."""
        moving = (name for name, frames in self.takes.items() if frames > 1)
        return next(moving, next(iter(self.takes), ""))


class ClipForm(QWidget):
    """Fields for the settings of one operation; those that other choices rule out are hidden."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: dict[str, Callable[[], Any]] = {}
        self._rows: dict[str, QWidget] = {}
        self._operation: Operation | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def offer(self, operation: Operation, around: Surroundings) -> None:
        """Show the settings of ``operation``, each as it usually is."""
        self._reading, self._operation = {}, operation
        for row in self._rows.values():
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        for entry in operation.parameters:
            field, read = _field(_begun(operation, entry, around), around, self._on_changed)
            row = _row(entry, field)
            field.setToolTip(entry.tip)
            field.setAccessibleName(entry.title)
            field.installEventFilter(self)
            self._layout.addWidget(row)
            self._rows[entry.name], self._reading[entry.name] = row, read
        self._show_asked()

    def values(self) -> dict[str, Any]:
        """The settings as they stand."""
        return {name: read() for name, read in self._reading.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the wheel alter only the field that has the keys."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        self._show_asked()
        self.changed.emit()

    def _show_asked(self) -> None:
        assert self._operation is not None
        now = self.values()
        for entry in self._operation.parameters:
            asked = entry.when is None or now[entry.when[0]] in entry.when[1]
            self._rows[entry.name].setVisible(asked)


def _row(entry: Parameter, field: QWidget) -> QWidget:
    """``field`` with its title: at its left, or above what needs the whole width."""
    if entry.kind == "switch":
        return FormRow("", field)
    if entry.kind != "parts":
        return FormRow(entry.title, field)
    row = QWidget()
    layout = QVBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(QLabel(entry.title))
    layout.addWidget(field)
    return row


def _begun(operation: Operation, entry: Parameter, around: Surroundings) -> Parameter:
    """``entry`` with what is usual on this take."""
    if entry.name == "frame":
        return replace(entry, default=max(around.frame, 1), high=max(around.frames - 1, 1))
    if entry.name == "seconds":
        return replace(entry, default=max(around.seconds, entry.low))
    if entry.name == "other":
        return replace(entry, default=around.other)
    if entry.name == "fade":
        shortest = around.frames
        if operation.id == "join":
            shortest = min(shortest, around.takes.get(around.other, shortest))
        return replace(entry, default=max(min(entry.default, shortest // 2), int(entry.low)))
    return entry


def _field(
    entry: Parameter, around: Surroundings, changed: Callable[[], None]
) -> tuple[QWidget, Callable[[], Any]]:
    """A field for ``entry``, and what reads its value."""
    match entry.kind:
        case "number":
            return _number(entry, changed)
        case "whole":
            return _whole(entry, changed)
        case "switch":
            box = QCheckBox(entry.title)
            box.setChecked(entry.default)
            box.toggled.connect(lambda _: changed())
            return box, box.isChecked
        case "choice":
            return _list(entry.choices, entry.default, changed)
        case "parts":
            return _parts(changed)
        case "clip":
            neutral = [(_NEUTRAL, "Neutral head")] if entry.default == _NEUTRAL else []
            return _list([*neutral, *((name, name) for name in around.takes)], entry.default, changed)
        case "channel":
            numbers = numbers_of(around.model)
            told = [(n.key, f"{n.title} ({n.unit})" if n.unit else n.title) for n in numbers]
            return _list(told, entry.default, changed)
        case "rate":
            return _rate(entry, changed)
        case _:
            return _file(entry, changed)


def _number(entry: Parameter, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    box = DoubleSpinBox()
    box.setDecimals(entry.decimals)
    box.setRange(entry.low, entry.high)
    box.setSingleStep(10.0**-entry.decimals if entry.high <= 1.0 else 0.1)
    box.setSuffix(f" {entry.unit}" if entry.unit else "")
    box.setKeyboardTracking(False)
    box.setValue(entry.default)
    box.valueChanged.connect(lambda _: changed())
    return box, box.value


def _whole(entry: Parameter, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    box = SpinBox()
    box.setRange(int(entry.low), int(min(entry.high, _HIGHEST)))
    box.setSuffix(f" {entry.unit}" if entry.unit else "")
    box.setKeyboardTracking(False)
    if entry.name == "window":
        box.setSingleStep(2)
    box.setValue(entry.default)
    box.valueChanged.connect(lambda _: changed())
    return box, box.value


def _list(
    choices: Sequence[tuple[str, str]], default: str, changed: Callable[[], None]
) -> tuple[QWidget, Callable[[], Any]]:
    box = QComboBox()
    for value, title in choices:
        box.addItem(title, value)
    box.setCurrentIndex(max(box.findData(default), 0))
    box.currentIndexChanged.connect(lambda _: changed())
    return box, lambda: box.currentData() or ""


def _parts(changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(4)
    boxes = [QCheckBox(part.capitalize()) for part in PARTS]
    for place, box in enumerate(boxes):
        box.setChecked(True)
        box.toggled.connect(lambda _: changed())
        grid.addWidget(box, place // _COLUMNS, place % _COLUMNS)
    return holder, lambda: [part for part, box in zip(PARTS, boxes, strict=True) if box.isChecked()]


def _rate(entry: Parameter, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    box = QComboBox()
    box.setEditable(True)
    box.addItems(_RATES)
    box.setCurrentText(entry.default)
    box.currentTextChanged.connect(lambda _: changed())
    return box, box.currentText


def _file(entry: Parameter, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    holder = QWidget()
    line, choose = QLineEdit(), QPushButton("Choose…")
    line.setAccessibleName(entry.title)
    line.setPlaceholderText("None")
    choose.setAccessibleName(f"Choose {entry.title.lower()}")

    def ask() -> None:
        answer, _ = QFileDialog.getOpenFileName(holder, entry.title, line.text(), _FILES)
        if answer:
            line.setText(answer)
            changed()

    line.editingFinished.connect(changed)
    choose.clicked.connect(ask)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(line, 1)
    layout.addWidget(choose)
    return holder, line.text
