"""The Export panel's box for parameters."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.panels.bars import icon_button, side_by_side
from studio.panels.export_rows import format_box
from studio.sequence.writers import ClipLayout
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group

_TITLES: dict[ClipLayout, str] = {
    "npz": "npz",
    "frames": "npz for each frame",
    "json": "JSON (oxigaf-flame)",
    "csv": "CSV",
    "vertices": "Vertices (npy)",
}


class ParametersBox(Group):
    """Which layout, and buttons that ask for the whole take or this frame."""

    save_asked = Signal(str)  # this frame, in a layout of studio.sequence.writers
    clip_asked = Signal(str)  # the take

    def __init__(self) -> None:
        super().__init__("Parameters")
        self._format = format_box(_TITLES.items())
        self.add(FormRow("Clip format", self._format))
        self.add(
            side_by_side(
                icon_button("Save clip…", "clip", lambda: self.clip_asked.emit(self.layout_chosen)),
                icon_button(
                    "Save parameters…", "parameters", lambda: self.save_asked.emit(self.layout_chosen)
                ),
            )
        )

    @property
    def layout_chosen(self) -> str:
        """What is chosen."""
        return str(self._format.currentData())
