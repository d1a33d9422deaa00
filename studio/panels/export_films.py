"""The Export panel's boxes for films of the take and for turntables, which share format and size."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from studio.document.document import Document
from studio.export.film_formats import FORMATS, FilmFormat, format_called
from studio.export.options import FilmOptions, TurntableOptions
from studio.export.pictures import QUALITY
from studio.panels.bars import icon_button
from studio.panels.export_rows import format_box, is_on, samples_box, transparent_box
from studio.panels.size_chooser import SizeChooser
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_FILM, _TURN = FilmOptions(), TurntableOptions()
_RATES = (23.976, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0, 59.94, 60.0)
_QUALITIES = ((100, "Best"), (QUALITY, "High"), (75, "Medium"), (50, "Small file"))
_SECONDS = SliderScale("Length", 1.0, 20.0, _TURN.seconds, 1, "s", hard_low=0.2, hard_high=120.0)
_RATE = SliderScale("Rate", 10.0, 60.0, _TURN.fps, 0, "fps", hard_low=1.0, hard_high=120.0)


class FilmBox(Group):
    """What films are like, and a button that asks for one of the take."""

    save_asked = Signal(object)  # FilmOptions

    def __init__(self) -> None:
        super().__init__("Film")
        self._format = format_box((entry.key, entry.title) for entry in FORMATS)
        self._size = SizeChooser(_FILM.size)
        self._samples = samples_box(_FILM.samples)
        self._quality = QComboBox()
        for number, title in _QUALITIES:
            self._quality.addItem(title, number)
        self._quality.setCurrentIndex(self._quality.findData(QUALITY))
        self._transparent = transparent_box(self._format, (f.key for f in FORMATS if f.transparent))
        self._rate = QComboBox()
        self._rate.addItem("The take's", None)
        for fps in _RATES:
            self._rate.addItem(f"{fps:g} fps", fps)
        self._frames = QComboBox()
        self._frames.addItem("Those played", False)
        self._frames.addItem("All of the take", True)
        self._sound = QCheckBox("With sound")
        self._sound.setChecked(True)
        self._has_sound = False
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "secondary")
        self._button = icon_button("Save film…", "film", lambda: self.save_asked.emit(self.options))
        self.add(FormRow("Format", self._format))
        self.add(FormRow("Size", self._size))
        self.add(FormRow("Antialiasing", self._samples))
        self.add(FormRow("Quality", self._quality))
        self.add(FormRow("Rate", self._rate))
        self.add(FormRow("Frames", self._frames))
        self.add(self._transparent)
        self.add(self._sound)
        self.add(self._hint)
        self.add(self._button)
        self._format.currentIndexChanged.connect(lambda _index: self._fit())
        self._fit()

    @property
    def shape(self) -> FilmFormat:
        """The format chosen."""
        return format_called(self._format.currentData())

    @property
    def options(self) -> FilmOptions:
        """What is chosen for a film of the take."""
        return FilmOptions(
            size=self._size.chosen,
            samples=self._samples.currentData(),
            format=self._format.currentData(),
            transparent=is_on(self._transparent),
            fps=self._rate.currentData(),
            whole=self._frames.currentData(),
            sound=self._sound.isChecked(),
            quality=self._quality.currentData() if self.shape.lossy else QUALITY,
        )

    def show_document(self, document: Document) -> None:
        """Offer a film where the take has more than one frame."""
        take = document.take
        count, fps = len(take), take.fps
        first, last = document.play_range
        self._button.setEnabled(count > 1)
        self._has_sound = bool(document.sound)
        self._rate.setItemText(0, f"The take's · {fps:g} fps")
        self._frames.setItemText(0, f"Those played · {first} to {last}")
        self._frames.setItemText(1, f"All of the take · {count}")
        told = f"{take.name}: {count} frames, {count / fps:.1f} s at {fps:g} fps, as seen."
        self._hint.setText(told if count > 1 else "Open a clip to save it as a film.")
        self._fit()

    def _fit(self) -> None:
        """Offer what the format can hold."""
        shape = self.shape
        self._quality.setEnabled(shape.lossy)
        self._sound.setVisible(self._has_sound)
        self._sound.setEnabled(bool(shape.sound))
        can = f"The sound of the timeline, as {shape.sound}"
        self._sound.setToolTip(can if shape.sound else f"{shape.title} carries no sound")


class TurntableBox(Group):
    """How long a turntable is, and a button that asks for one."""

    save_asked = Signal(object)  # TurntableOptions

    def __init__(self, films: FilmBox) -> None:
        super().__init__("Turntable")
        self._films = films
        self._seconds, self._rate = SliderRow(_SECONDS), SliderRow(_RATE)
        self._playing = QCheckBox("Play the take while turning")
        self.add(self._seconds)
        self.add(self._rate)
        self.add(self._playing)
        hint = QLabel("In the format and size of films.", wordWrap=True)
        hint.setProperty("role", "secondary")
        self.add(hint)
        self.add(icon_button("Save turntable…", "turntable", lambda: self.save_asked.emit(self.options)))

    @property
    def options(self) -> TurntableOptions:
        """What is chosen."""
        film = self._films.options
        return TurntableOptions(
            seconds=self._seconds.value,
            fps=self._rate.value,
            size=film.size,
            samples=film.samples,
            transparent=film.transparent,
            format=film.format,
            playing=is_on(self._playing),
            quality=film.quality,
        )

    def show_document(self, document: Document) -> None:
        """Offer to play where there is something to play."""
        self._playing.setEnabled(len(document.take) > 1)
