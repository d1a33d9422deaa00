"""The form of a pose: its name, its tags, and the parts of the head that it touches."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.controls.face_parts import PARTS, TITLES, Part
from studio.controls.preset_file import LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from studio.controls.presets import Preset
from studio.widgets.chip_flow import ChipFlow
from studio.widgets.form_row import FormRow

_WIDTH = 380


class PoseForm(QDialog):
    """Asks for what a pose is called; parts are asked for a new one only."""

    done_with = Signal(object)  # the Preset that it was given, with what was typed

    def __init__(self, preset: Preset, is_new: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save pose" if is_new else "Pose")
        self._preset = preset
        self._name = QLineEdit(preset.name, maxLength=LONGEST_NAME)
        self._name.selectAll()
        self._tags = QLineEdit(", ".join(preset.tags), maxLength=MOST_TAGS * (LONGEST_TAG + 2))
        self._tags.setPlaceholderText("happy, teeth, portrait")
        self._author = QLineEdit(preset.author, maxLength=LONGEST_NAME)
        self._note = QLineEdit(preset.note.replace("\n", " "), maxLength=LONGEST_NOTE)
        self._parts: ChipFlow | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        fields = (("Name", self._name), ("Tags", self._tags), ("By", self._author), ("Note", self._note))
        for title, field in fields:
            layout.addWidget(FormRow(title, field))
        if is_new:
            label = QLabel("Parts of the head that it changes:")
            label.setProperty("role", "secondary")
            layout.addWidget(label)
            self._parts = ChipFlow(
                [TITLES[part] for part in PARTS], "Parts that the pose changes", exclusive=False
            )
            self._parts.choose([PARTS.index(part) for part in preset.parts])
            self._parts.changed.connect(self._check)
            layout.addWidget(self._parts)
        self._buttons = QDialogButtonBox()
        self._buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self._save = self._buttons.addButton("Save", QDialogButtonBox.ButtonRole.AcceptRole)
        self._save.setDefault(True)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        layout.addSpacing(4)
        layout.addWidget(self._buttons)
        self._name.textChanged.connect(self._check)
        self.setMinimumWidth(_WIDTH)
        self._check()

    def _check(self) -> None:
        touched = self._parts is None or bool(self._parts.chosen)
        self._save.setEnabled(bool(self._name.text().strip()) and touched)

    def _chosen_parts(self) -> tuple[Part, ...]:
        if self._parts is None:
            return self._preset.parts
        return tuple(PARTS[number] for number in self._parts.chosen)

    def _accept(self) -> None:
        tags = (tag.strip()[:LONGEST_TAG] for tag in self._tags.text().split(","))
        self.done_with.emit(
            self._preset.replace(
                name=self._name.text().strip(),
                tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:MOST_TAGS],
                author=self._author.text().strip(),
                note=self._note.text().strip(),
                parts=self._chosen_parts(),
            )
        )
        self.accept()
