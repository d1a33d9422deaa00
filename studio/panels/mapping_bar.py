"""A user's own mapping of the units: choosing a file, seeing which one is in use, dropping it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from studio.document.document import Document
from studio.document.faces import drop_mapping
from studio.panels.panel import Push
from studio.theme import icon
from studio.widgets.plain_tip import plain_tip


class MappingBar(QWidget):
    """The button that asks for a mapping; with one in use, its name and a button that drops it."""

    asked = Signal()

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__()
        self._document, self._push = document, push
        self._name = QLabel()
        self._name.setProperty("role", "secondary")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choose = QPushButton("Mapping…")
        self._choose.setToolTip(
            "Take the units from a file of your own (npz, csv or json): a row of components for each"
        )
        self._choose.clicked.connect(self.asked)
        self._drop = QPushButton()
        self._drop.setIcon(icon("cancel"))
        self._drop.setToolTip("Go back to the units of the model")
        self._drop.setAccessibleName("Drop mapping")
        self._drop.clicked.connect(lambda: self._push(drop_mapping(self._document)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._name, 1)
        layout.addWidget(self._drop)
        layout.addWidget(self._choose)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says."""
        state = self._document.controls
        used = state.mapping is not None
        self._name.setText(f"Units from {state.mapping_name}" if used else "Units of the model")
        self._name.setToolTip(plain_tip(state.mapping_name))
        self._drop.setVisible(used)
