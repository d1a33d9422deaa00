"""The Export panel's box for meshes."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.export.options import MESH_FORMATS
from studio.panels.bars import icon_button
from studio.panels.export_rows import format_box
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group

_TITLES = {"obj": "OBJ", "ply": "PLY"}


class MeshBox(Group):
    """Which kind of mesh, and a button that asks for it."""

    save_asked = Signal(str)  # one of MESH_FORMATS

    def __init__(self) -> None:
        super().__init__("Mesh")
        self._format = format_box((key, _TITLES[key]) for key in MESH_FORMATS)
        self.add(FormRow("Mesh format", self._format))
        self.add(icon_button("Save mesh…", "mesh", lambda: self.save_asked.emit(self.format)))

    @property
    def format(self) -> str:
        """What is chosen."""
        return str(self._format.currentData())
