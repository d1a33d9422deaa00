"""Choosing a picture for the look: a button with its name, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from studio.document.look import Look
from studio.document.media import Media, refuse_elsewhere
from studio.panels.look_section import LookSection, note, on_button, read_field, say
from studio.storage.errors import StudioError
from studio.storage.paths import file_size
from studio.widgets.plain_tip import plain_tip

_CHOOSE = "Choose picture…"
_KINDS = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp)"


class PictureChooser(QWidget):
    """A button that asks for a picture file; the picture stays where it is."""

    chosen = Signal(object)  # Media

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self._button = QPushButton(_CHOOSE)
        self._button.setAccessibleName(f"Choose {what}")
        self._button.clicked.connect(self.choose)
        self._note = note()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._button)
        layout.addWidget(self._note)

    def choose(self) -> None:
        """Ask for a file."""
        name, _ = QFileDialog.getOpenFileName(self, f"Choose {self._what}", "", _KINDS)
        if name:
            self.chosen.emit(Media(name))

    def show_picture(self, picture: Media) -> None:
        """Show which picture is in use."""
        self._button.setText(on_button(picture.name) if picture else _CHOOSE)
        self._button.setToolTip(plain_tip(picture.path))
        say(self._note, _missing(picture))


def _missing(picture: Media) -> str:
    if not picture or picture.content is not None:
        return ""
    try:
        refuse_elsewhere(picture)
        file_size(Path(picture.path))
    except StudioError as error:
        return str(error)
    return ""


def add_picture(section: LookSection, path: str, what: str, name: str, when: Callable[[Look], bool]) -> None:
    """Let ``section`` ask for ``what``, the picture at ``path`` of the look, in a step called ``name``."""
    chooser = PictureChooser(what)
    chooser.chosen.connect(lambda picture: section.set_field(name, path, picture))
    section.add(chooser, lambda look: chooser.show_picture(read_field(look, path)), when)
