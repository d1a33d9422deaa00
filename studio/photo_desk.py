"""What the actions of the photo do: opening it, looking through it, and working on it by hand."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from studio.document.commands import set_look
from studio.document.look import Backdrop
from studio.document.media import Media
from studio.document.reference import Showing
from studio.document.reference_commands import FaceSeen, remove_photo, show_photo, use_photo

if TYPE_CHECKING:
    from studio.canvas.photo_reader import ReadPhoto
    from studio.clip_opening import Use
    from studio.panels.photo_group import PhotoGroup
    from studio.photo_editing import PhotoEditing
    from studio.photo_showing import PhotoShowing
    from studio.window import StudioWindow

_KINDS = "Photos (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"
_NONE = "There is no photo; drop one on the window, or open one in the File menu."


class PhotoDesk(QObject):
    """The photo of the document of ``window``; what shows it is loaded with the first one."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window, self._document = window, window.document
        window.document.changed.connect(self._on_changed)

    @cached_property
    def showing(self) -> PhotoShowing:
        """What shows the photo on the canvas."""
        from studio.photo_showing import PhotoShowing

        return PhotoShowing(self._window)

    @cached_property
    def editing(self) -> PhotoEditing:
        """What works on the photo by hand."""
        from studio.photo_editing import PhotoEditing

        return PhotoEditing(self._window, self.showing)

    def _on_changed(self, names: frozenset[str]) -> None:
        if "reference" in names and "showing" not in self.__dict__:
            self.showing.follow(names)

    def connect_group(self, group: PhotoGroup) -> None:
        """Do what the group of a panel asks for."""
        group.asked.connect(lambda name: self._window.actions_by_id[name].trigger())

    def ask(self) -> None:
        """Let the user choose a photo."""
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Open photo", str(settings.folder), _KINDS)
        if name:
            settings.folder = Path(name).parent
            self._window.files.open([Path(name)])

    def read(self, path: Path) -> Use:
        """Read the photo at ``path``, on any thread; taking it is for the window's.

        Raises:
            StudioError: it cannot be read.

        """
        from studio.canvas.photo_reader import read
        from studio.photo_editing import faces_on

        photo = read(Media(str(path.absolute())))
        return partial(self._use, path, photo, *faces_on(photo, self._document.model))

    def _use(
        self, path: Path, photo: ReadPhoto, faces: tuple[FaceSeen, ...], notices: tuple[str, ...]
    ) -> None:
        window = self._window
        self.showing.take(photo)
        self.editing.know_faces(photo, faces)
        window.push(use_photo(self._document, photo.media, path, faces[0] if faces else None))
        step = window.history.stack.index()
        window.settings.remember_recent(path)
        self.showing.look_through()
        for notice in (*photo.photo.notices, *notices):
            window.notify(notice)
        window.notices.show_info(
            f"{path.name} is the photo to fit the head to.",
            ("Use it as the background instead", partial(self._as_backdrop, photo.media, step)),
        )
        self.editing.tell_faces()
        dock = window.workspace.docks.get("Fit")
        if dock is not None:
            dock.show()
            dock.raise_()

    def _as_backdrop(self, picture: Media, step: int) -> None:
        """Put the picture behind the head for good, in place of fitting to it; ``step`` opened it."""
        if self._document.reference.picture == picture:
            if self._window.history.stack.index() == step:
                self._window.history.stack.undo()
            else:  # what was done since stays
                self._window.push(remove_photo(self._document))
        backdrop = Backdrop("picture", picture=picture)
        look = self._document.look.replace(backdrop=backdrop)
        self._window.push(set_look(self._document, "Background picture", look))

    def show(self, showing: Showing) -> None:
        """Show the photo in another way; from elsewhere, look through it too."""
        if not self._has_photo():
            self._window.workspace.show_checks()  # the menu has ticked it already
            return
        self._window.push(show_photo(self._document, showing))
        if showing != "off":
            self.showing.look_through()

    def look_through(self) -> None:
        """See the head from where the photo was taken."""
        if self._has_photo():
            self.showing.look_through()

    def remove(self) -> None:
        """Have no photo."""
        if self._has_photo():
            self._window.push(remove_photo(self._document))

    def close(self) -> None:
        """End with the window."""
        if "showing" in self.__dict__:
            self.showing.close()

    def _has_photo(self) -> bool:
        has = bool(self._document.reference)
        if not has:
            self._window.notify(_NONE)
        return has
