"""Blend: from one face to another, by a slider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from studio.controls.presets import Preset, posed
from studio.document.control_state import controls_of
from studio.document.document import Document
from studio.document.randomising import blend
from studio.flame.params import Params
from studio.panels.panel import Push
from studio.panels.pose_applying import Mark
from studio.storage.errors import StudioError
from studio.widgets.form_row import FormRow
from studio.widgets.gesture import next_gesture
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale
from studio.widgets.spin_boxes import SpinBox

_AMOUNT = SliderScale("Blend", 0.0, 100.0, decimals=0, unit="%", tip="0 % is the first face, 100 % the other")
_NOW, _POSE, _TAKE, _FILE = "now", "pose", "take", "file"
_ASK = "From a file…"


@dataclass(frozen=True, eq=False)
class _Choice:
    """Where a face comes from."""

    kind: str
    take: int = 0
    face: Params | None = None  # of a file


class FaceChooser(QWidget):
    """A face: the one on the canvas, a pose, a frame of a take, or one from a file."""

    chosen = Signal()
    file_asked = Signal()

    def __init__(self, title: str, document: Document, first: str) -> None:
        super().__init__()
        self._document = document
        self._box = QComboBox()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.activated.connect(self._on_activated)
        self._frame = SpinBox()
        self._frame.setAccessibleName(f"{title} frame")
        self._frame.valueChanged.connect(lambda _: self.chosen.emit())
        self._frame_row = FormRow("Frame", self._frame)
        self._from_file: tuple[str, Params] | None = None
        self._last = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(FormRow(title, self._box))
        layout.addWidget(self._frame_row)
        self.offer()
        self._box.setCurrentIndex(0 if first == _NOW else 1)
        self._show_frame()

    def offer(self) -> None:
        """List what there is to choose, the choice kept where it is still there."""
        kept = self._box.currentText()
        self._box.clear()
        self._box.addItem("Face now", _Choice(_NOW))
        self._box.addItem("Chosen pose", _Choice(_POSE))
        for index, take in enumerate(self._document.takes):
            self._box.addItem(f"Take {index + 1}: {take.name}", _Choice(_TAKE, index))
        if self._from_file is not None:
            self._box.addItem(self._from_file[0], _Choice(_FILE, face=self._from_file[1]))
        self._box.addItem(_ASK, None)
        self._box.setCurrentIndex(max(self._box.findText(kept), 0))
        self._last = self._box.currentIndex()
        self._show_frame()

    def take_face(self, name: str, face: Params) -> None:
        """Choose ``face``, which was read from the file ``name``."""
        self._from_file = name, face
        self.offer()
        self._box.setCurrentText(name)
        self._last = self._box.currentIndex()
        self._show_frame()
        self.chosen.emit()

    def forget_file(self) -> None:
        """Drop the face of a file, which another model cannot show."""
        self._from_file = None
        self.offer()

    def face(self, now: Params, pose: Preset | None) -> Params:
        """The face that is chosen.

        Args:
            now: the face on the canvas.
            pose: the pose chosen in the library.

        Raises:
            StudioError: there is none.

        """
        choice = self._box.currentData()
        if choice.kind == _FILE:
            assert choice.face is not None
            return choice.face
        if choice.kind == _TAKE:
            return self._document.takes[choice.take].params(float(self._frame.value()))
        if choice.kind == _POSE:
            if pose is None:
                raise StudioError("No pose is chosen; click one in the library first.")
            return posed(pose, self._document.model, now, controls=controls_of(self._document))
        return now

    def _on_activated(self, index: int) -> None:
        if self._box.itemData(index) is None:
            self._box.setCurrentIndex(self._last)
            self.file_asked.emit()
            return
        self._last = index
        self._show_frame()
        self.chosen.emit()

    def _show_frame(self) -> None:
        choice = self._box.currentData()
        count = len(self._document.takes[choice.take].clip) if choice and choice.kind == _TAKE else 1
        self._frame_row.setVisible(count > 1)
        self._frame.blockSignals(True)
        self._frame.setRange(0, count - 1)
        if choice and choice.kind == _TAKE and choice.take == self._document.active:
            self._frame.setValue(round(self._document.position))
        self._frame.blockSignals(False)


class BlendBox(QWidget):
    """Two faces and a slider between them; moving it on is one step."""

    problem = Signal(str)
    file_asked = Signal(object)  # FaceChooser that wants a face from a file

    def __init__(self, document: Document, push: Push, pose: Callable[[], Preset | None]) -> None:
        super().__init__()
        self._document = document
        self._push = push
        self._pose = pose
        self._mark = Mark(document)
        self._ends: tuple[Params, Params] | None = None
        self._gesture = 0
        self._moving = False
        self._choosers = FaceChooser("From", document, _NOW), FaceChooser("To", document, _POSE)
        self._amount = SliderRow(_AMOUNT)
        self._amount.value_changed.connect(lambda value, _gesture: self._blend(value / 100.0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for chooser in self._choosers:
            chooser.chosen.connect(self._begin_anew)
            chooser.file_asked.connect(lambda chooser=chooser: self.file_asked.emit(chooser))
            layout.addWidget(chooser)
        layout.addWidget(self._amount)

    def show_document(self, names: frozenset[str]) -> None:
        """Offer the takes that there are; another model has no use for the faces of files."""
        if self._moving:
            return
        if "model" in names:
            for chooser in self._choosers:
                chooser.forget_file()
        elif "takes" in names:
            for chooser in self._choosers:
                chooser.offer()
        if not self._mark.holds:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._mark.clear()
        self._ends = None
        self._amount.set_value(_AMOUNT.neutral)

    def _blend(self, amount: float) -> None:
        if self._ends is None or not self._mark.holds:
            now, pose = self._document.params, self._pose()
            try:
                first, second = (chooser.face(now, pose) for chooser in self._choosers)
            except StudioError as error:
                self._begin_anew()
                self.problem.emit(str(error))
                return
            self._ends, self._gesture = (first, second), next_gesture()
        self._moving = True
        try:
            self._push(blend(self._document, *self._ends, amount, self._gesture))
        finally:
            self._moving = False
        self._mark.set()
