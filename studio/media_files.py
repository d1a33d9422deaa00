"""The pictures and sounds of a session: carried along, left in files of their own, or found again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from studio.document.media import Media
from studio.document.media_commands import (
    all_media,
    embed_media,
    is_where_it_was,
    locate_media,
    missing_media,
    refer_media,
)
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.window import StudioWindow

_NONE = "The document has no pictures or sounds."


class MediaFiles:
    """What the File menu does to the pictures and sounds of the document of ``window``."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window

    def embed(self) -> None:
        """Carry all along in the session's file."""
        document = self._window.document
        if not all_media(document):
            self._window.notify(_NONE)
            return
        try:
            command = embed_media(document)
        except StudioError as error:
            self._window.warn(f"Nothing was embedded: {error}")
            return
        self._window.push(command)
        self._window.notify("Pictures and sounds are carried along when you save.")

    def refer(self) -> None:
        """Leave all in files of their own; those whose file is gone are written to a folder."""
        document = self._window.document
        embedded = [media for media in all_media(document) if media.is_embedded]
        if not embedded:
            self._window.notify("No pictures or sounds are embedded." if all_media(document) else _NONE)
            return
        written: dict[Media, str] = {}
        gone = [media for media in embedded if not is_where_it_was(media)]
        if gone:
            folder = self._folder(f"Where to write {gone[0].name}" + (" and others" if gone[1:] else ""))
            if folder is None:
                return
            try:
                written = {media: _write(media, folder) for media in gone}
            except StudioError as error:
                self._window.warn(str(error))
                return
        self._window.push(refer_media(document, written))

    def locate(self) -> None:
        """Ask where missing files are now; others of them in the same folder are found along."""
        document = self._window.document
        missing = missing_media(document)
        if not missing:
            self._window.notify("No pictures or sounds are missing.")
            return
        places: dict[str, str] = {}
        for media in missing:
            if media.path in places:
                continue
            chosen = self._ask(media)
            if chosen is None:
                break
            places[media.path] = str(chosen)
            for other in missing:
                beside = chosen.parent / other.name
                if other.path not in places and beside.is_file():
                    places[other.path] = str(beside)
        if places:
            self._window.push(locate_media(document, places))

    def _ask(self, media: Media) -> Path | None:
        folder = str(self._window.settings.folder)
        name, _ = QFileDialog.getOpenFileName(self._window, f"Where is {media.name}?", folder)
        return Path(name) if name else None

    def _folder(self, title: str) -> Path | None:
        name = QFileDialog.getExistingDirectory(self._window, title, str(self._window.settings.folder))
        return Path(name) if name else None


def _write(media: Media, folder: Path) -> str:
    """Where in ``folder`` the content of ``media`` was written, under a name that nothing had.

    Raises:
        StudioError: it cannot be written.

    """
    name, number = Path(media.name), 1
    path = folder / name
    while path.exists():
        number += 1
        path = folder / f"{name.stem} {number}{name.suffix}"
    write_atomically(path, lambda stream: stream.write(media.content or b""))
    return str(path)
