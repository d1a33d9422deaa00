"""The photo on the canvas, seen from where it was taken: behind the head, over it, beside it, or compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QImage

from studio.canvas.photo_difference import Difference, DifferenceMaker, Differing
from studio.canvas.photo_inset import PhotoInset
from studio.canvas.photo_layer import Laid, PhotoLayer, Way, image_of
from studio.canvas.photo_reader import PhotoReader, ReadPhoto
from studio.canvas.wipe_handle import WipeHandle
from studio.document.camera import Camera
from studio.document.look import Backdrop
from studio.document.photo_camera import PhotoCamera, focal_of_lens
from studio.document.photo_guess import guessed_camera
from studio.document.reference import Reference
from studio.document.reference_commands import set_reference
from studio.flame.neutral import rest
from studio.render.backdrop import backdrop_picture
from studio.widgets.gesture import next_gesture

if TYPE_CHECKING:
    from studio.window import StudioWindow

_CURSOR = frozenset({"position", "takes", "active", "reference"})
_REST = 120  # milliseconds without a change after which the difference is made anew
_WAYS: dict[str, Way] = {"behind": "nothing", "over": "over", "wipe": "wipe", "difference": "difference"}


@dataclass(frozen=True, eq=False)
class _Placed:
    """The photo as it lies on a canvas of one size."""

    key: tuple[ReadPhoto, tuple[int, int]]
    image: QImage
    place: QRect  # in the screen's own pixels


class PhotoShowing(QObject):
    """Shows the document's photo while the head is seen from where it was taken, else as an inset."""

    photo_read = Signal(object)  # ReadPhoto: the document's photo is known
    difference_told = Signal(float)  # its mean inside the head's outline, 0..1

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._canvas = window, window.document, window.canvas
        self.layer, self.inset = PhotoLayer(window.canvas), PhotoInset(window.canvas)
        self.layer.setGeometry(window.canvas.rect())
        self.layer.stackUnder(window.canvas.lowest_cover)
        self.handle = WipeHandle(window.canvas)
        self.handle.setAccessibleName("Line between head and photo")
        self.handle.setToolTip(
            "Drag, or use the arrow keys: the head is left of the line, the photo right of it"
        )
        self._photo: ReadPhoto | None = None
        self._asked: object = None
        self._frame: ReadPhoto | None = None  # the frame of a film that is under the cursor
        self._small = QImage()
        self._guess: tuple[tuple[object, ...], PhotoCamera] = ((), PhotoCamera())
        self._placed: _Placed | None = None
        self._through = self._was_shown = False
        self._gesture: int | None = None
        self._reader = PhotoReader(self)
        self._reader.ready.connect(self.take)
        self._reader.failed.connect(self._on_failed)
        self._maker = DifferenceMaker(lambda: window.canvas.renderer, self)
        self._maker.made.connect(self._on_made)
        self._maker.failed.connect(window.warn)
        self._soon = QTimer(self, singleShot=True, interval=_REST)
        self._soon.timeout.connect(self._ask_difference)
        self._frame_soon = QTimer(self, singleShot=True, interval=_REST)
        self._frame_soon.timeout.connect(self._ask_frame)
        self.inset.clicked.connect(self.look_through)
        self.handle.grasped.connect(self._begin)
        self.handle.asked.connect(self._move_line)
        window.document.changed.connect(self.follow)
        window.document.preview.changed.connect(self._show)
        window.canvas.view_changed.connect(self._on_view)
        window.canvas.installEventFilter(self)

    @property
    def photo(self) -> ReadPhoto | None:
        """The document's photo, once it is read."""
        photo = self._photo
        return photo if photo is not None and photo.media == self._document.reference.picture else None

    @property
    def seen(self) -> ReadPhoto | None:
        """What is drawn: the photo, or the frame of a film."""
        photo = self.photo
        return None if photo is None else self._drawn(photo)

    @property
    def camera(self) -> PhotoCamera:
        """The photo's: the fitted one, or a guess; none without a photo."""
        reference, photo = self._document.reference, self.photo
        if reference.camera or photo is None:
            return reference.camera
        model = self._document.model
        key = (reference.points, reference.box, reference.lens, photo, model.digest)
        if self._guess[0] != key:
            guess = guessed_camera(reference, photo.size, rest(model).landmarks, _focal(reference, photo))
            self._guess = key, guess
        return self._guess[1]

    @property
    def is_through(self) -> bool:
        """Whether the head is seen from where the photo was taken."""
        return self._through

    def take(self, photo: ReadPhoto) -> None:
        """Show ``photo`` as soon as the document has it."""
        if photo.frame:
            self._frame = photo
            self._show()
            return
        self._photo, self._placed = photo, None
        self._small = self.inset.reduced(image_of(photo.shown))
        self._asked = photo.media
        if self.photo is not None:
            if self._is_wanted(exactly=False):
                self.look_through()
            self._show()
            self.photo_read.emit(photo)

    @property
    def _fits(self) -> bool:
        """Whether a fit under way has a camera of its own, which leaves the document's alone."""
        return self._document.preview.camera(self._document.model) is not None

    def look_through(self) -> None:
        """See the head from where the photo was taken."""
        wanted = self._wanted()
        if wanted is not None:
            self._document.set(camera=wanted)
            self._show()

    def close(self) -> None:
        """Join the threads."""
        self._reader.stop()
        self._maker.stop()

    def _at_cursor(self) -> int:
        """The number of the frame under the cursor, where the take was fitted to a film; else 0."""
        take, frame = self._document.take, round(self._document.position)
        return frame if frame < len(take.fit_errors) else 0

    def _ask_frame(self) -> None:
        photo, frame = self.photo, self._at_cursor()
        if photo is None or self._drawn(photo).frame == frame:
            return
        if frame:
            self._reader.ask(photo.media, frame)
        else:
            self._show()

    def _drawn(self, photo: ReadPhoto) -> ReadPhoto:
        """The frame of the film, where it is read, else its first one, or the photo."""
        frame = self._frame
        if frame is None or frame.media != photo.media or not self._at_cursor():
            return photo
        return frame

    def _wanted(self) -> Camera | None:
        camera = self.camera
        return camera.orbit(self._canvas.aspect) if camera else None

    def _is_wanted(self, exactly: bool = True) -> bool:
        """Whether the camera is the photo's; not ``exactly``: on a canvas of any shape."""
        wanted, camera = self._wanted(), self._document.camera
        if wanted is None:
            return False
        if not exactly:
            wanted = wanted.replace(field_of_view=camera.field_of_view)
        return _is_close(wanted, camera)

    def follow(self, names: frozenset[str]) -> None:
        """Show what is different: the fields ``names`` of the document."""
        if names & _CURSOR and (self._document.take.fit_errors or self._frame is not None):
            self._frame_soon.start()
        if "reference" in names:
            picture = self._document.reference.picture
            if picture and self.photo is None and picture != self._asked and not picture.is_missing:
                self._asked = picture
                self._reader.ask(picture)
        if names & {"reference", "camera", "model"}:
            if "reference" in names and self._through and "camera" not in names and self._wanted():
                self.look_through()  # a face chosen anew moves the guess
            self._show()

    def _on_failed(self, _media: object, problem: str) -> None:
        self._window.warn(problem)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in place, and keep looking through the photo, on a canvas of another size."""
        if event.type() == QEvent.Type.Resize:
            self.layer.setGeometry(self._canvas.rect())
            if self._through and not self._fits and not self._is_wanted():
                self.look_through()
            self._show()
        return super().eventFilter(watched, event)

    def _on_view(self) -> None:
        if self.layer.laid.way == "difference":
            self._soon.start()

    def _show(self) -> None:
        """Show everything as document, camera and canvas are now."""
        reference, photo = self._document.reference, self.photo
        shown = photo is not None and reference.showing != "off"
        self._through = shown and (self._fits or self._is_wanted())
        if photo is None or not shown:
            if not self._was_shown:
                return
            self._was_shown = False
            self._canvas.set_backing(None)
            self.layer.lay(Laid())
            self.inset.show_photo(QImage())
            self.handle.hide()
            return
        self._was_shown = True
        if not self._through:
            self._canvas.set_backing(None)
            self.layer.lay(Laid())
            self.handle.hide()
            self.inset.show_photo(self._small)
            return
        drawn = self._drawn(photo)
        self._canvas.set_backing(self._backing(drawn))
        self.inset.show_photo(QImage())
        self._lay(drawn)

    def _backing(self, photo: ReadPhoto) -> Backdrop:
        return Backdrop("picture", picture=photo.backdrop, fit="fit")

    def _lay(self, photo: ReadPhoto) -> None:
        reference = self._document.reference
        way = _WAYS[reference.showing]
        before = self.layer.laid
        placed = self._place(photo)
        share = reference.opacity if way == "over" else reference.wipe
        keeps = way == before.way == "difference" and placed.place == before.place
        difference, mean = (before.difference, before.mean) if keeps else (QImage(), math.nan)
        self.layer.lay(Laid(way, placed.image, placed.place, share, difference, mean))
        if way == "wipe":
            self.handle.place(share)
        self.handle.setVisible(way == "wipe")
        if way == "difference":
            self._soon.start()

    def _place(self, photo: ReadPhoto) -> _Placed:
        size = self._canvas.physical_size
        if self._placed is None or self._placed.key[0] is not photo or self._placed.key[1] != size:
            look = self._document.look.replace(backdrop=self._backing(photo))
            pixels = backdrop_picture(look, size)
            place = fitted(photo.shown.shape[1], photo.shown.shape[0], size)
            assert pixels is not None, "it was read before"
            rows = slice(place.y(), place.y() + place.height())
            part = pixels[rows, place.x() : place.x() + place.width()]
            self._placed = _Placed((photo, size), image_of(part), place)
        return self._placed

    def _begin(self) -> None:
        self._gesture = next_gesture()

    def _move_line(self, share: float) -> None:
        self._window.push(set_reference(self._document, "Wipe", self._gesture, wipe=share))

    def _ask_difference(self) -> None:
        laid = self.layer.laid
        if laid.way != "difference" or self._placed is None:
            return
        shot = self._canvas.shot(self._canvas.physical_size, samples=1, transparent=True)
        if shot is None:
            return
        image = laid.photo.convertToFormat(QImage.Format.Format_RGB888)
        self._maker.ask(Differing(shot, _pixels(image), laid.place.x(), laid.place.y()))

    def _on_made(self, difference: Difference) -> None:
        laid = self.layer.laid
        if laid.way == "difference" and difference.colours.shape[1::-1] == laid.place.size().toTuple():
            image = image_of(difference.colours)
            self.layer.lay(Laid(laid.way, laid.photo, laid.place, laid.share, image, difference.mean))
            self.difference_told.emit(difference.mean)


def fitted(width: int, height: int, size: tuple[int, int]) -> QRect:
    """Where a picture of ``width`` x ``height`` lies, whole, in the middle of one of ``size``."""
    scale = min(size[0] / width, size[1] / height)
    wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
    return QRect((size[0] - wide) // 2, (size[1] - high) // 2, wide, high)


def _focal(reference: Reference, photo: ReadPhoto) -> float:
    """In pixels: as the user says, else as the file does; 0 where neither knows."""
    if reference.lens:
        return focal_of_lens(reference.lens, *photo.size)
    return photo.photo.focal or 0.0


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """(H, W, 3) of an image of that format."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def _is_close(one: Camera, other: Camera) -> bool:
    """Whether both show the same, but for rounding."""
    pairs = zip(
        (*one.target, one.distance, one.azimuth, one.elevation, one.field_of_view),
        (*other.target, other.distance, other.azimuth, other.elevation, other.field_of_view),
        strict=True,
    )
    return one.orthographic == other.orthographic and all(
        math.isclose(first, second, rel_tol=1e-7, abs_tol=1e-9) for first, second in pairs
    )
