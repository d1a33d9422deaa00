"""The chooser of landmark sets: what the model has, and what it would need for the others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from studio.flame.landmark_sets import NEEDS, SET_NAMES, TITLES, SetName, offered_sets, shown_set
from studio.flame.model import HeadModel

_ARROW = 24  # pixels of the popup beside its text


class LandmarkSetBox(QComboBox):
    """Names every set; those that the model does not have are disabled and say why."""

    chosen = Signal(str)  # SetName, by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip("Which landmarks are shown")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def offer(self, model: HeadModel) -> None:
        """Fill in the sets for ``model``."""
        offered, entries = offered_sets(model), self.model()
        assert isinstance(entries, QStandardItemModel)
        self.clear()
        for row, name in enumerate(SET_NAMES):
            missing = name not in offered
            self.addItem(f"{TITLES[name]} ({NEEDS[name]})" if missing else TITLES[name], name)
            if missing:
                entries.item(row).setEnabled(False)
                self.setItemData(row, f"{model.name} does not have it", Qt.ItemDataRole.ToolTipRole)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + _ARROW)

    def show_set(self, model: HeadModel, wanted: SetName, enabled: bool) -> None:
        """Show the set that is drawn on ``model`` where ``wanted`` is asked for."""
        marks = shown_set(model, wanted)
        self.setCurrentIndex(-1 if marks is None else self.findData(marks.name))
        self.setEnabled(enabled and marks is not None)
