"""Photos read on a thread, so that a large one does not hold up the window."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studio.document.media import Media, read_media, refuse_elsewhere
from studio.fitting.reading.photos import Photo, open_photo
from studio.render.media_pictures import media_picture
from studio.storage.errors import StudioError

SHOWN_SIDE = 2560  # pixels of the longer side of what is shown; fits read the photo themselves


@dataclass(frozen=True, eq=False)
class ReadPhoto:
    """A photo that was read, and what of it is shown."""

    media: Media
    photo: Photo
    shown: NDArray[np.uint8]  # (h, w, 3) the whole of it, at most 2560 pixels a side
    backdrop: Media  # the same, as the backdrop of a look
    frame: int = 0  # of a film

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the photo itself."""
        return self.photo.size


def read(media: Media, frame: int = 0) -> ReadPhoto:
    """The photo that ``media`` is, or a ``frame`` of a film.

    Raises:
        StudioError: it is missing, on another computer, or no photo.

    """
    from PIL import Image

    refuse_elsewhere(media)
    source = media.content if media.content is not None else _file(media)
    photo = _frame_of(source, frame) if frame and isinstance(source, Path) else open_photo(source, media.name)
    image = Image.fromarray(photo.pixels)
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    stream = io.BytesIO()
    image.save(stream, "BMP")  # written and read at once, where PNG takes a while
    name = f"{media.name}#{frame}" if frame else media.name
    backdrop = Media(name, stream.getvalue())
    media_picture(backdrop)  # it is remembered there, and drawn without a wait
    return ReadPhoto(media, photo, np.asarray(image), backdrop, frame)


def _frame_of(film: Path, frame: int) -> Photo:
    from studio.fitting.video.film import frame_at

    return Photo(film.name, frame_at(film, frame))


def _file(media: Media) -> Path | bytes:
    if not media.is_missing:
        return Path(media.path)
    return read_media(media)  # raises what is to be told


class PhotoReader(QObject):
    """Reads the newest photo that was asked for; those that were replaced meanwhile are left out."""

    ready = Signal(object)  # ReadPhoto
    failed = Signal(object, str)  # Media, one sentence

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wanted: tuple[Media, int] | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="photos")

    def ask(self, media: Media, frame: int = 0) -> None:
        """Read the photo that ``media`` is, or a ``frame`` of a film."""
        with self._wake:
            self._wanted = media, frame
            self._wake.notify()
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Finish the work in hand and join the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _next(self) -> tuple[Media, int] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._stopping else wanted

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                photo = read(*wanted)
            except StudioError as error:
                self.failed.emit(wanted[0], str(error))
            except Exception as error:  # noqa: BLE001 - the thread must outlive any one photo
                media, _ = wanted
                self.failed.emit(media, f"{media.name} could not be read ({error}); choose another photo.")
            else:
                self.ready.emit(photo)
