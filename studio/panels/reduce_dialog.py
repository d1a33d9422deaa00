"""How near the keys are to keep to a clip that is reduced to them, and what of it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from studio.sequence.curves import Interpolation
from studio.sequence.reducing import GROUPS, Group, Wish
from studio.theme import scaled
from studio.widgets.form_row import FormRow
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_MILLIMETRES = 1000.0
_TOLERANCE = SliderScale(
    "Tolerance",
    0.05,
    5.0,
    neutral=0.5,
    decimals=2,
    unit="mm",
    unit_at_label=True,
    hard_low=0.01,
    hard_high=20.0,
    bend=2.0,
    tip="How far any point of the mesh may be from where the clip has it, at any frame",
)
_KINDS: tuple[Interpolation, ...] = ("smooth", "linear")
_KIND_TIPS = ("Fewest keys", "Straight from key to key")
_TITLES: dict[Group, str] = {"face": "Face", "jaw": "Jaw", "eyes": "Eyes and lids", "head": "Head and neck"}
_WORDS = (
    "The clip becomes keys in a layer of its own, as few as keep every point of the mesh within the "
    "tolerance at every frame. Parts that are not ticked stay frames."
)


class ReduceDialog(QDialog):
    """Asks what is wished for."""

    asked = Signal(object)  # Wish

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reduce to keys")
        self.setMinimumWidth(scaled(380))
        words = QLabel(_WORDS, wordWrap=True)
        words.setProperty("role", "secondary")
        self._tolerance = SliderRow(_TOLERANCE)
        self._tolerance.set_value(_TOLERANCE.neutral)
        self._kind = Segmented(("Smooth", "Linear"), _KIND_TIPS)
        self._kind.set_current(0)
        self._groups = {group: QCheckBox(_TITLES[group]) for group in GROUPS}
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._go = self._buttons.addButton("Reduce", QDialogButtonBox.ButtonRole.AcceptRole)
        self._go.setDefault(True)
        self._buttons.accepted.connect(self._ask)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for widget in (words, self._tolerance, FormRow("Segments", self._kind)):
            column.addWidget(widget)
        for box in self._groups.values():
            box.setChecked(True)
            box.toggled.connect(self._allow)
            column.addWidget(box)
        column.addWidget(self._buttons)

    @property
    def wish(self) -> Wish:
        """What is chosen."""
        groups = tuple(group for group, box in self._groups.items() if box.isChecked())
        return Wish(self._tolerance.value / _MILLIMETRES, _KINDS[self._kind.current], groups)

    def _allow(self) -> None:
        self._go.setEnabled(bool(self.wish.groups))

    def _ask(self) -> None:
        self.accept()
        self.asked.emit(self.wish)
