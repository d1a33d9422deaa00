"""The Export panel's box for takes as moving meshes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel

from studio.document.document import Document
from studio.export.animation_options import ANIMATION_FORMATS, AnimationOptions
from studio.export.gltf.options import GltfOptions
from studio.panels.bars import icon_button
from studio.panels.export_rows import format_box
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.spin_boxes import SpinBox

_USUAL = GltfOptions()
_TARGETS = (
    ("moving", "Components that move"),
    ("components", "All components"),
    ("first", "The first components"),
    ("units", "ARKit units"),
)
_FIRST = 20  # components, where nobody says
_IDENTITY = (("baked", "Baked in"), ("targets", "Morph targets"))
_HINTS = {
    "glb": "Morph targets, joints, texture and animation in one file.",
    "usdc": "The mesh of every frame in one file; needs the package usd-core.",
    "usda": "The mesh of every frame as text, for short takes; needs the package usd-core.",
    "mdd": "The vertices of every frame, to go beside an OBJ of the head.",
    "pc2": "The vertices of every frame, to go beside an OBJ of the head.",
    "obj": "A folder with a mesh for each frame, vertices always in the model's order.",
    "ply": "A folder with a mesh for each frame, vertices always in the model's order.",
}


def _box(text: str, tip: str, on: bool) -> QCheckBox:
    check = QCheckBox(text)
    check.setToolTip(tip)
    check.setChecked(on)
    return check


class AnimationBox(Group):
    """What becomes of the take in the file, and a button that asks for it."""

    save_asked = Signal(object)  # AnimationOptions

    def __init__(self) -> None:
        super().__init__("Animation")
        self._format = format_box((entry.key, entry.title) for entry in ANIMATION_FORMATS)
        self._targets, self._identity = format_box(_TARGETS), format_box(_IDENTITY)
        self._count = SpinBox(minimum=1, maximum=_FIRST, value=_FIRST)
        self._frames = format_box((("played", "Those played"), ("whole", "All of the take")))
        self._rest = _box(
            "What units cannot say",
            "As morph targets of its own; without them the face is off, by millimetres that are told",
            _USUAL.rest == "targets",
        )
        self._correctives = _box(
            "Pose correctives",
            "As morph targets; without them the jaw's and neck's skin is off, by millimetres that are told",
            _USUAL.correctives == "targets",
        )
        self._offsets = _box(
            "Vertex offsets that change",
            "As a morph target for each frame, in short takes",
            _USUAL.offsets == "targets",
        )
        self._normals = _box(
            "Normals of targets", "Light follows the expression; the file is larger", _USUAL.target_normals
        )
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "secondary")
        self._count_row = FormRow("How many", self._count)
        self._only_glb = [
            FormRow("Expression", self._targets),
            self._count_row,
            self._rest,
            FormRow("Identity", self._identity),
            self._correctives,
            self._offsets,
            self._normals,
        ]
        self.add(FormRow("Format", self._format))
        self.add(FormRow("Frames", self._frames))
        for widget in (*self._only_glb, self._hint):
            self.add(widget)
        self.add(icon_button("Save animation…", "animation", lambda: self.save_asked.emit(self.options)))
        for choice in (self._format, self._targets):
            choice.currentIndexChanged.connect(lambda _index: self._fit())
        self._fit()

    @property
    def options(self) -> AnimationOptions:
        """What is chosen."""
        return AnimationOptions(
            format=self._format.currentData(),
            whole=self._frames.currentData() == "whole",
            gltf=GltfOptions(
                targets="components" if self._chosen == "first" else self._chosen,
                count=self._count.value() if self._chosen == "first" else None,
                rest="targets" if self._rest.isChecked() else "none",
                identity=self._identity.currentData(),
                correctives="targets" if self._correctives.isChecked() else "none",
                offsets="targets" if self._offsets.isChecked() else "none",
                target_normals=self._normals.isChecked(),
            ),
        )

    @property
    def _chosen(self) -> Any:
        return self._targets.currentData()

    def show_document(self, document: Document) -> None:
        """Say how many frames there are."""
        first, last = document.play_range
        self._count.setMaximum(max(document.model.expression_count, 1))
        self._frames.setItemText(0, f"Those played · {first} to {last}")
        self._frames.setItemText(1, f"All of the take · {len(document.take)}")
        self._frames.setEnabled(len(document.take) > 1)

    def _fit(self) -> None:
        """Show what matters for the format."""
        key = self._format.currentData()
        for widget in self._only_glb:
            widget.setVisible(key == "glb")
        self._count_row.setVisible(key == "glb" and self._chosen == "first")
        self._rest.setVisible(key == "glb" and self._chosen == "units")
        self._hint.setText(_HINTS[key])
