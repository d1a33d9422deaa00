"""The Export panel's box for parameters."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.panels.bars import icon_button
from studio.widgets.group import Group


class ParametersBox(Group):
    """A button that asks for the parameters of this frame."""

    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Parameters")
        self.add(icon_button("Save parameters…", "parameters", self.save_asked.emit))
