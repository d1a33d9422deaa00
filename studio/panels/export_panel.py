"""Export: pictures, turntable, film, mesh and parameters of what is on the screen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from studio.export.options import (
    FILM_FORMATS,
    MESH_FORMATS,
    PICTURE_FORMATS,
    FilmOptions,
    PictureOptions,
    TurntableOptions,
)
from studio.panels.bars import icon_button, side_by_side
from studio.panels.panel import Panel
from studio.panels.size_chooser import SizeChooser
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_FORMAT_TITLES = {
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "mp4": "MP4 film",
    "gif": "GIF",
    "frames": "PNG frames",
    "obj": "OBJ",
    "ply": "PLY",
}
_WITHOUT_ALPHA = ("jpeg", "mp4")
_SAMPLES = ((1, "None"), (4, "4 samples"), (9, "9 samples"), (16, "16 samples"))
_PICTURE, _TURNTABLE, _FILM = PictureOptions(), TurntableOptions(), FilmOptions()
_SECONDS = SliderScale("Length", 1.0, 20.0, _TURNTABLE.seconds, 1, "s", hard_low=0.2, hard_high=120.0)
_RATE = SliderScale("Rate", 10.0, 60.0, _TURNTABLE.fps, 0, "fps", hard_low=1.0, hard_high=120.0)


def _formats(names: tuple[str, ...]) -> QComboBox:
    box = QComboBox()
    for name in names:
        box.addItem(_FORMAT_TITLES[name], name)
    return box


def _samples(chosen: int) -> QComboBox:
    box = QComboBox()
    for number, title in _SAMPLES:
        box.addItem(title, number)
    box.setCurrentIndex(box.findData(chosen))
    return box


def _transparent(formats: QComboBox) -> QCheckBox:
    """A check box that is offered only for formats that can be transparent."""
    check = QCheckBox("Transparent background")

    def fit() -> None:
        check.setEnabled(formats.currentData() not in _WITHOUT_ALPHA)

    formats.currentIndexChanged.connect(lambda _index: fit())
    fit()
    return check


class ExportPanel(Panel):
    """Options, and buttons that ask for an export; files are chosen and jobs run elsewhere."""

    shows = frozenset({"takes", "active"})

    picture_asked = Signal(object)  # PictureOptions
    copy_asked = Signal(object)  # PictureOptions
    turntable_asked = Signal(object)  # TurntableOptions
    film_asked = Signal(object)  # FilmOptions
    mesh_asked = Signal(str)  # one of MESH_FORMATS
    parameters_asked = Signal()

    def build(self) -> None:
        """One group for each kind of file."""
        scroll = ScrollPanel()
        for group in (self._picture(), self._turntable(), self._film(), self._data()):
            scroll.add(group)
        self._layout.addWidget(scroll, 1)

    def _picture(self) -> Group:
        self._picture_size = SizeChooser(_PICTURE.size)
        self._picture_format = _formats(PICTURE_FORMATS)
        self._picture_samples = _samples(_PICTURE.samples)
        self._picture_transparent = _transparent(self._picture_format)
        group = Group("Picture")
        group.add(FormRow("Size", self._picture_size))
        group.add(FormRow("Format", self._picture_format))
        group.add(FormRow("Antialiasing", self._picture_samples))
        group.add(self._picture_transparent)
        group.add(
            side_by_side(
                icon_button("Save picture…", "camera", lambda: self.picture_asked.emit(self.picture_options)),
                icon_button("Copy", "copy", lambda: self.copy_asked.emit(self.picture_options)),
            )
        )
        return group

    def _turntable(self) -> Group:
        self._seconds, self._rate = SliderRow(_SECONDS), SliderRow(_RATE)
        self._turntable_size = SizeChooser(_TURNTABLE.size, step=2)
        self._turntable_format = _formats(FILM_FORMATS)
        self._turntable_transparent = _transparent(self._turntable_format)
        group = Group("Turntable")
        group.add(self._seconds)
        group.add(self._rate)
        group.add(FormRow("Size", self._turntable_size))
        group.add(FormRow("Format", self._turntable_format))
        group.add(self._turntable_transparent)
        group.add(
            icon_button(
                "Save turntable…", "turntable", lambda: self.turntable_asked.emit(self.turntable_options)
            )
        )
        return group

    def _film(self) -> Group:
        self._film_size = SizeChooser(_FILM.size, step=2)
        self._film_format = _formats(FILM_FORMATS)
        self._film_hint = QLabel(wordWrap=True)
        self._film_hint.setProperty("role", "secondary")
        self._film_button = icon_button("Save film…", "film", lambda: self.film_asked.emit(self.film_options))
        group = Group("Film")
        group.add(FormRow("Size", self._film_size))
        group.add(FormRow("Format", self._film_format))
        group.add(self._film_hint)
        group.add(self._film_button)
        return group

    def _data(self) -> Group:
        self._mesh_format = _formats(MESH_FORMATS)
        group = Group("Mesh and parameters")
        group.add(FormRow("Mesh format", self._mesh_format))
        group.add(
            icon_button("Save mesh…", "mesh", lambda: self.mesh_asked.emit(self._mesh_format.currentData()))
        )
        group.add(icon_button("Save parameters…", "parameters", self.parameters_asked.emit))
        return group

    @property
    def picture_options(self) -> PictureOptions:
        """What is chosen for a picture."""
        if not self._built:
            return _PICTURE
        check = self._picture_transparent
        return PictureOptions(
            size=self._picture_size.chosen,
            samples=self._picture_samples.currentData(),
            transparent=check.isEnabled() and check.isChecked(),
            format=self._picture_format.currentData(),
        )

    @property
    def mesh_format(self) -> str:
        """What is chosen for a mesh."""
        return str(self._mesh_format.currentData()) if self._built else MESH_FORMATS[0]

    @property
    def turntable_options(self) -> TurntableOptions:
        """What is chosen for a turntable."""
        if not self._built:
            return _TURNTABLE
        check = self._turntable_transparent
        return TurntableOptions(
            seconds=self._seconds.value,
            fps=self._rate.value,
            size=self._turntable_size.chosen,
            transparent=check.isEnabled() and check.isChecked(),
            format=self._turntable_format.currentData(),
        )

    @property
    def film_options(self) -> FilmOptions:
        """What is chosen for a film."""
        if not self._built:
            return _FILM
        return FilmOptions(size=self._film_size.chosen, format=self._film_format.currentData())

    def show_document(self, _names: frozenset[str]) -> None:
        """Offer a film where the take has more than one frame."""
        clip = self._document.take.clip
        can_film = len(clip) > 1
        self._film_button.setEnabled(can_film)
        name = self._document.take.name
        told = f"{name}: {len(clip)} frames, {clip.duration:.1f} s at {clip.fps:g} fps, as seen."
        self._film_hint.setText(told if can_film else "Open a clip to save it as a film.")
