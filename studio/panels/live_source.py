"""Where a performance comes from: a phone, a webcam or a film."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from studio.live.settings import SOURCES, LiveSettings
from studio.live.telling import LISTENING
from studio.panels.bars import icon_button
from studio.widgets.elided_label import ElidedLabel
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.segmented import Segmented
from studio.widgets.spin_boxes import SpinBox

_ANYONE = "Whoever sends first"
_LISTENERS = ("This machine only", "All machines")


class SourceGroup(Group):
    """The source and what it needs; it asks for changes and shows what it is told."""

    changed = Signal(dict)  # of fields of LiveSettings
    subject_chosen = Signal(str)  # empty: whoever sends first
    film_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Source")
        self._sources = Segmented(
            ("Phone", "Webcam", "Film"),
            (
                "Face units that Live Link Face, or a program like it, sends over the network",
                "A camera of this machine, by MediaPipe",
                "A film of a face, by MediaPipe",
            ),
        )
        self._sources.chosen.connect(lambda index: self.changed.emit({"source": SOURCES[index]}))
        self.add(self._sources)
        self._rows = {"udp": self._phone(), "webcam": self._webcam(), "video": self._film()}
        for rows in self._rows.values():
            for row in rows:
                self.add(row)

    def _phone(self) -> tuple[QWidget, ...]:
        self._port = SpinBox()
        self._port.setRange(1, 65535)
        self._port.setKeyboardTracking(False)
        self._port.setToolTip("The number that the app sends to")
        self._port.valueChanged.connect(lambda port: self.changed.emit({"port": port}))
        self._listening = QComboBox()
        self._listening.addItems(_LISTENERS)
        self._listening.setToolTip("Who may send")
        self._listening.activated.connect(lambda index: self.changed.emit({"everywhere": index == 1}))
        self._subject = QComboBox()
        self._subject.addItem(_ANYONE)
        self._subject.setToolTip("Whose face the head follows")
        self._subject.activated.connect(
            lambda index: self.subject_chosen.emit(self._subject.itemText(index) if index else "")
        )
        self._meaning = QLabel(wordWrap=True)
        self._meaning.setProperty("role", "secondary")
        rows = (FormRow("Port", self._port), FormRow("Listen to", self._listening), self._meaning)
        return (*rows, FormRow("Follow", self._subject))

    def _webcam(self) -> tuple[QWidget, ...]:
        self._number = SpinBox()
        self._number.setRange(1, 100)
        self._number.setToolTip("Which of the webcams, in the order of the system")
        self._number.valueChanged.connect(lambda number: self.changed.emit({"webcam": number - 1}))
        return (FormRow("Webcam", self._number),)

    def _film(self) -> tuple[QWidget, ...]:
        self._name = ElidedLabel()
        self._choose = icon_button("Choose film…", "film", self.film_asked.emit, "Choose a film of a face")
        return (FormRow("Film", self._name), self._choose)

    def show_settings(self, settings: LiveSettings) -> None:
        """Show what is chosen, and only what belongs to it."""
        self._sources.set_current(SOURCES.index(settings.source))
        for name, rows in self._rows.items():
            for row in rows:
                row.setVisible(name == settings.source)
        for box, value in ((self._port, settings.port), (self._number, settings.webcam + 1)):
            with QSignalBlocker(box):
                box.setValue(value)
        self._listening.setCurrentIndex(int(settings.everywhere))
        self._meaning.setText(LISTENING[settings.everywhere])
        self._name.setText(Path(settings.video).name or "None chosen")

    def show_subjects(self, subjects: tuple[str, ...]) -> None:
        """Offer all who send."""
        wanted = [_ANYONE, *subjects]
        if [self._subject.itemText(index) for index in range(self._subject.count())] == wanted:
            return
        chosen = self._subject.currentText()
        self._subject.clear()
        self._subject.addItems(wanted)
        self._subject.setCurrentIndex(max(self._subject.findText(chosen, Qt.MatchFlag.MatchExactly), 0))

    def set_running(self, running: bool) -> None:
        """Let the source be another one only while nothing comes."""
        for widget in (self._sources, self._port, self._listening, self._number, self._choose):
            widget.setEnabled(not running)
