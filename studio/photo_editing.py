"""Working on the photo by hand: its editor over the canvas, and the files of points and masks."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from studio.canvas.photo_layer import image_of
from studio.canvas.photo_reader import ReadPhoto
from studio.document.media import Media
from studio.document.photo_mask import OF_HEAD, Mask, as_media, mask_size
from studio.document.photo_points import COUNT, Points, of_places
from studio.document.reference_commands import Box, FaceSeen, choose_face, set_mask, set_points
from studio.fitting.reading.points import points_of, save_points
from studio.flame.folders import model_folders, user_folder
from studio.flame.model import HeadModel
from studio.flame.open_head import OPEN_HEAD
from studio.panels.photo_editor import Mode, PhotoEditor
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.clip_opening import Use
    from studio.photo_showing import PhotoShowing
    from studio.window import StudioWindow

_POINTS = "Landmarks (*.json *.npy *.npz *.pts *.txt *.csv *.mat *.pkl);;All files (*)"
_SAVED = "iBUG points (*.pts);;MMPose (*.json);;NumPy array (*.npy)"
_MASKS = "Masks (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.npy *.npz);;All files (*)"
_NOT_READ = "The photo is not read yet; try again in a moment."
_BEGIN = "Place the points"


class PhotoEditing(QObject):
    """Keeps the editor in step with the document, and does what takes files and time."""

    def __init__(self, window: StudioWindow, showing: PhotoShowing) -> None:
        super().__init__(window)
        self._window, self._document, self._showing = window, window.document, showing
        self._editor: PhotoEditor | None = None
        self.faces: tuple[FaceSeen, ...] = ()
        self._faces_of: ReadPhoto | None = None
        self._photo_shown: ReadPhoto | None = None
        self._mask_shown: Media | None = None
        window.document.changed.connect(self._on_changed)
        showing.photo_read.connect(self._on_photo)

    @property
    def editor(self) -> PhotoEditor | None:
        """The editor, while it is open."""
        return self._editor if self._editor is not None and self._editor.isVisible() else None

    def edit(self, mode: Mode) -> None:
        """Work on the photo in place of the head."""
        photo = self._photo()
        if photo is None:
            return
        if mode == "points" and len(self._document.reference.points) != COUNT:
            begun = self.begun()
            if not begun:
                return
            self._window.push(set_points(self._document, _BEGIN, begun, "the mean head"))
        editor = self._made()
        was_open = editor.isVisible()
        editor.setGeometry(self._window.canvas.rect())
        self._show(photo)
        editor.set_mode(mode)
        editor.show()
        editor.raise_()
        if mode == "face":
            editor.view.show_whole()
        elif not was_open:
            editor.show_face()
        editor.view.setFocus()

    def leave(self) -> None:
        """Go back to the head."""
        if self._editor is not None and self._editor.isVisible():
            self._editor.hide()
            self._window.canvas.view.setFocus()

    def begun(self) -> Points:
        """Where the points begin: those of the mean head in the chosen face; none where that is not known."""
        photo = self._photo()
        if photo is None:
            return ()
        from studio.fitting.reading.mean_face import mean_points

        box = self._document.reference.box or _middle(photo.size)
        try:
            places = mean_points(self._document.model, (box[0], box[1], box[2], box[3]), photo.size)
        except StudioError as error:
            self._window.warn(str(error))
            return ()
        return of_places((float(x), float(y)) for x, y in places)

    def know_faces(self, photo: ReadPhoto, faces: tuple[FaceSeen, ...]) -> None:
        """``faces`` were found in ``photo``."""
        self.faces, self._faces_of = faces, photo
        if self._editor is not None:
            self._editor.show_faces(faces)

    def find(self) -> None:
        """Look for faces, and choose the first one where none is chosen."""
        photo = self._photo()
        if photo is not None:
            model = self._document.model
            self._window.files.run_aside(lambda: self._found_in(photo, model), photo.photo.name)

    def _found_in(self, photo: ReadPhoto, model: HeadModel) -> Use:
        return partial(self._on_found, photo, *faces_on(photo, model))

    def _on_found(self, photo: ReadPhoto, faces: tuple[FaceSeen, ...], notices: tuple[str, ...]) -> None:
        if photo is not self._showing.photo:
            return
        for notice in notices:
            self._window.warn(notice)
        self.know_faces(photo, faces)
        if faces and not self._document.reference.box:
            self._window.push(choose_face(self._document, faces[0]))
        self.tell_faces()
        if self.editor is None:
            self.edit("face")

    def tell_faces(self) -> None:
        """Say what was found, and offer what to do about it."""
        name, count = self._document.reference.picture.name, len(self.faces)
        notices = self._window.notices
        if not count:
            text = f"No face was found in {name}; drag a box around one."
            notices.show_warning(text, ("Drag a box", partial(self.edit, "face")))
        elif count > 1:
            text = f"{count} faces were found in {name}; the largest is chosen."
            notices.show_info(text, ("Choose another", partial(self.edit, "face")))

    def load_points(self) -> None:
        """Take points from a file that the user chooses."""
        photo, path = self._photo(), self._asked("Load points", _POINTS)
        if photo is not None and path is not None:
            reference, model = self._document.reference, self._document.model
            box = reference.box
            around = (box[0], box[1], box[2], box[3]) if len(box) == 4 else None

            boxes = tuple(face.box for face in self.faces)

            def read() -> Use:
                found = points_of(path, photo.size, model, around, boxes)
                return partial(self._use_points, photo, path.name, *found)

            self._window.files.run_aside(read, path.name)

    def _use_points(self, photo: ReadPhoto, name: str, points: Points, notices: tuple[str, ...]) -> None:
        if photo is not self._showing.photo:
            return
        self._window.push(set_points(self._document, f"Load points from {name}", points, name))
        for notice in notices:
            self._window.notify(notice)

    def save_points(self) -> None:
        """Save the points where the user says."""
        points = self._document.reference.points
        if not points:
            self._window.notify("There are no points to save; place or load them first.")
            return
        folder = self._window.settings.folder
        name, _ = QFileDialog.getSaveFileName(self._window, "Save points", str(folder / "points.pts"), _SAVED)
        if not name:
            return
        try:
            save_points(Path(name), points)
        except StudioError as error:
            self._window.warn(str(error))
            return
        self._window.notify(f"The points are in {Path(name).name}.")

    def load_mask(self) -> None:
        """Take a mask from a file that the user chooses."""
        photo, path = self._photo(), self._asked("Load mask", _MASKS)
        if photo is None or path is None:
            return

        def read() -> Use:
            mask, notices = _read_mask(path, photo.size)
            media = as_media(mask, f"{path.stem}.png")
            return partial(self._use_mask, photo, f"Load the mask {path.name}", media, notices)

        self._window.files.run_aside(read, path.name)

    def mask_from_head(self) -> None:
        """Mark where the skin of the head is seen, from the photo's camera."""
        photo, result = self._photo(), self._window.result
        if photo is None or result is None:
            return
        model, vertices, camera = result.model, result.surface.vertices, self._showing.camera

        def read() -> Use:
            from studio.fitting.reading.skin import skin_region

            region = skin_region(model, vertices, camera, photo.photo.pixels)
            mask = _small(np.rint(255.0 * region).astype(np.uint8), photo.size)
            return partial(self._use_mask, photo, "Mask from the head", as_media(mask, OF_HEAD), ())

        self._window.files.run_aside(read, "The skin of the head")

    def clear_mask(self) -> None:
        """Have no mask."""
        if self._document.reference.mask:
            self._window.push(set_mask(self._document, "Clear the mask", Media()))

    def _use_mask(self, photo: ReadPhoto, name: str, media: Media, notices: tuple[str, ...]) -> None:
        if photo is not self._showing.photo:
            return
        self._window.push(set_mask(self._document, name, media))
        for notice in notices:
            self._window.notify(notice)

    def _asked(self, title: str, kinds: str) -> Path | None:
        if self._showing.photo is None:
            return None
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(settings.folder), kinds)
        if not name:
            return None
        settings.folder = Path(name).parent
        return Path(name)

    def _photo(self) -> ReadPhoto | None:
        photo = self._showing.photo
        if photo is None:
            has = bool(self._document.reference)
            self._window.notify(_NOT_READ if has else "There is no photo; open one first.")
        return photo

    def _made(self) -> PhotoEditor:
        if self._editor is None:
            window = self._window
            self._editor = PhotoEditor(self._document, window.push, self.begun, window.canvas)
            self._editor.hide()
            self._editor.asked.connect(lambda name: window.actions_by_id[name].trigger())
            self._editor.mask_cleared.connect(self.clear_mask)
            self._editor.closed.connect(self.leave)
            window.canvas.installEventFilter(self)
        return self._editor

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Cover the canvas at any size."""
        if event.type() == QEvent.Type.Resize and self._editor is not None:
            self._editor.setGeometry(self._window.canvas.rect())
        return super().eventFilter(watched, event)

    def _show(self, photo: ReadPhoto) -> None:
        editor = self._editor
        if editor is None:
            return
        if photo is not self._photo_shown:
            self._photo_shown = photo
            editor.show_photo(image_of(photo.shown), photo.size, partial(_closer, photo))
        editor.show_faces(self.faces if self._faces_of is photo else ())
        self._mask_shown = None
        self._show_mask(photo)
        editor.show_reference()

    def _show_mask(self, photo: ReadPhoto) -> None:
        editor, media = self._editor, self._document.reference.mask
        if editor is None or media == self._mask_shown:
            return
        painted = self._mask_shown is not None and bool(media) and media == as_media(editor.brush.mask)
        self._mask_shown = media
        if not painted:
            editor.show_mask(self._mask_of(media, photo), photo.size)

    def _mask_of(self, media: Media, photo: ReadPhoto) -> Mask | None:
        if not media:
            return None
        source = media.content if media.content is not None else Path(media.path)
        try:
            return _read_mask(source, photo.size, media.name)[0]
        except StudioError as error:
            if media.content is None:
                self._window.warn(str(error))
            return None

    def _on_changed(self, names: frozenset[str]) -> None:
        if "reference" not in names or self.editor is None:
            return
        photo = self._showing.photo
        if photo is None:
            if not self._document.reference:
                self.leave()
            return
        if photo is not self._photo_shown:
            self._show(photo)
            return
        self._show_mask(photo)
        self.editor.show_reference()

    def _on_photo(self, photo: ReadPhoto) -> None:
        if self.editor is not None:
            self._show(photo)


def faces_on(photo: ReadPhoto, model: HeadModel) -> tuple[tuple[FaceSeen, ...], tuple[str, ...]]:
    """The faces on ``photo``, and sentences on what was not as it should be; on any thread."""
    from studio.fitting.reading.seen_faces import seen_faces

    folders = [*model_folders(None if model.source == OPEN_HEAD else model.source), user_folder()]
    return seen_faces(photo.photo, photo.media, model, folders)


def _middle(size: tuple[int, int]) -> Box:
    side = 0.5 * min(size)
    left, top = (size[0] - side) / 2.0, (size[1] - side) / 2.0
    return left, top, left + side, top + side


def _closer(photo: ReadPhoto, part: QRectF) -> QImage:
    """A ``part`` of the photo itself; what is outside of it is dark."""
    left, top = int(np.floor(part.left())), int(np.floor(part.top()))
    side = max(int(np.ceil(part.width())), 1)
    pixels = photo.photo.pixels
    shown = np.zeros((side, side, 3), np.uint8)
    rows = slice(max(top, 0), min(top + side, pixels.shape[0]))
    columns = slice(max(left, 0), min(left + side, pixels.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        shown[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = pixels[
            rows, columns
        ]
    return image_of(shown)


def _read_mask(source: Path | bytes, size: tuple[int, int], name: str = "") -> tuple[Mask, tuple[str, ...]]:
    """The mask, as large as painted ones are, and notices."""
    from studio.fitting.reading.masks import read_mask

    found = read_mask(source, mask_size(*size), name)
    return np.rint(255.0 * found.values).astype(np.uint8), found.notices


def _small(mask: Mask, size: tuple[int, int]) -> Mask:
    """``mask`` as large as painted ones are."""
    from PIL import Image

    wanted = mask_size(*size)
    if (mask.shape[1], mask.shape[0]) == wanted:
        return mask
    return np.array(Image.fromarray(mask).resize(wanted, Image.Resampling.BILINEAR))
