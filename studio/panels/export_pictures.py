"""The Export panel's box for still pictures."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.export.options import PictureOptions
from studio.panels.bars import icon_button, side_by_side
from studio.panels.export_rows import format_box, is_on, samples_box, transparent_box
from studio.panels.size_chooser import SizeChooser
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group

_FORMATS = (("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WebP"))
_USUAL = PictureOptions()


class PictureBox(Group):
    """What a picture is like, and buttons that ask for one."""

    save_asked = Signal(object)  # PictureOptions
    copy_asked = Signal(object)  # PictureOptions

    def __init__(self) -> None:
        super().__init__("Picture")
        self._size = SizeChooser(_USUAL.size)
        self._format = format_box(_FORMATS)
        self._samples = samples_box(_USUAL.samples)
        self._transparent = transparent_box(self._format, ("png", "webp"))
        self.add(FormRow("Size", self._size))
        self.add(FormRow("Format", self._format))
        self.add(FormRow("Antialiasing", self._samples))
        self.add(self._transparent)
        self.add(
            side_by_side(
                icon_button("Save picture…", "camera", lambda: self.save_asked.emit(self.options)),
                icon_button("Copy", "copy", lambda: self.copy_asked.emit(self.options)),
            )
        )

    @property
    def options(self) -> PictureOptions:
        """What is chosen."""
        return PictureOptions(
            size=self._size.chosen,
            samples=self._samples.currentData(),
            transparent=is_on(self._transparent),
            format=self._format.currentData(),
        )
