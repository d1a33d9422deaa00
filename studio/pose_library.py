"""What the Library panel and the Pose menu ask of the window: saving, sharing and taking in poses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.controls.face_parts import POSE
from studio.controls.preset_file import ENDING, write_preset
from studio.controls.preset_folders import Stored, user_poses
from studio.controls.presets import Preset, preset_of
from studio.document.control_state import controls_of
from studio.panels.library_panel import LibraryPanel
from studio.pose_shelf import PoseShelf
from studio.storage.errors import StudioError
from studio.thumbnails import Thumbnails, thumbnail_folder
from studio.widgets.plain_tip import plain_tip

if TYPE_CHECKING:
    from studio.panels.blend_box import FaceChooser
    from studio.panels.pose_form import PoseForm
    from studio.window import StudioWindow

_FILES = f"Poses (*{ENDING})"
_FACES = f"Sessions, clips and poses (*.flame *.npz *.json *{ENDING});;All files (*)"
_FIRST_NAME = "My pose"


class PoseLibrary:
    """The poses of one window."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        self.shelf = PoseShelf(user_poses())
        self.thumbnails = Thumbnails(thumbnail_folder(), window.engine.choice.threads)
        self._panel: LibraryPanel | None = None
        self._form: PoseForm | None = None

    def make_panel(self) -> LibraryPanel:
        """The panel, connected."""
        window = self._window
        panel = self._panel = LibraryPanel(window.document, window.push, self.shelf, self.thumbnails)
        panel.told.connect(window.notify)
        panel.problem.connect(window.warn)
        panel.save_asked.connect(self.save)
        panel.edit_asked.connect(self._edit)
        panel.share_asked.connect(self._share)
        panel.reveal_asked.connect(self._reveal)
        panel.delete_asked.connect(self._delete)
        panel.face_asked.connect(self._ask_face)
        window.head_shown.connect(self.thumbnails.start)
        window.head_shown.connect(self.thumbnails.stand_aside)
        return panel

    @property
    def _library(self) -> LibraryPanel:
        assert self._panel is not None
        return self._panel

    def show(self) -> None:
        """Bring the library to the front, the keys in its search field."""
        self._window.workspace.show_dock("Library")
        QTimer.singleShot(0, self._library.focus)  # it is built once it is seen

    def randomise(self) -> None:
        """Draw another face."""
        self._library.randomise()

    def save(self) -> None:
        """Ask what the face on the canvas is to be called, and keep it in the library."""
        document = self._window.document
        self.shelf.refresh()
        params, model = document.params, document.model
        draft = Preset(self.shelf.free_name(_FIRST_NAME), POSE)

        def keep(asked: Preset) -> None:
            try:
                preset = preset_of(model, params, asked.name, asked.parts, controls_of(document))
                stored = self.shelf.save(
                    preset.replace(tags=asked.tags, author=asked.author, note=asked.note)
                )
            except StudioError as error:
                self._window.warn(str(error))
                return
            self._window.notify(f"{stored.preset.name} is in the library.")
            self._show(stored)

        self._ask(draft, True).done_with.connect(keep)

    def take_in(self, path: Path) -> None:
        """Add the pose file at ``path`` to the library."""
        try:
            stored, is_new = self.shelf.take_in(path)
        except StudioError as error:
            self._window.warn(str(error))
            return
        name = stored.preset.name
        self._window.notify(
            f"{name} is in the library now." if is_new else f"{name} is in the library already."
        )
        self._show(stored)

    def _show(self, stored: Stored) -> None:
        """Bring ``stored`` up in the library."""
        self._window.workspace.show_dock("Library")
        QTimer.singleShot(0, lambda: self._library.show_entry(stored))

    def use(self, stored: Stored) -> None:
        """Put ``stored`` on the face, as the library is set to do it."""
        self._window.workspace.show_dock("Library")
        QTimer.singleShot(0, lambda: self._library.apply(stored))

    def close(self) -> None:
        """Stop drawing."""
        self.thumbnails.stop()

    def _ask(self, preset: Preset, is_new: bool) -> PoseForm:
        from studio.panels.pose_form import PoseForm

        self._form = PoseForm(preset, is_new, self._window)
        self._form.open()
        return self._form

    def _edit(self, stored: Stored) -> None:
        def keep(preset: Preset) -> None:
            try:
                self._show(self.shelf.replace(stored, preset))
            except StudioError as error:
                self._window.warn(str(error))

        self._ask(stored.preset, False).done_with.connect(keep)

    def _share(self, stored: Stored) -> None:
        path = self._window.exports.ask("Share pose", stored.preset.name, ENDING, _FILES)
        if path is None:
            return
        try:
            write_preset(path, stored.preset)
        except StudioError as error:
            self._window.warn(str(error))
            return
        self._window.notify(f"Saved {path}.")

    def _reveal(self, stored: Stored) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(stored.path.parent)))

    def _delete(self, stored: Stored) -> None:
        name = stored.preset.name
        if self.shelf.delete(stored):
            self._window.notify(f"{name} was moved to the bin.")
            return
        question = f"This system has no bin. Delete {name} for good?"
        answer = QMessageBox.question(self._window, "Delete pose", plain_tip(question))
        if answer != QMessageBox.StandardButton.Yes:
            return
        try:
            self.shelf.erase(stored)
        except StudioError as error:
            self._window.warn(str(error))

    def _ask_face(self, chooser: FaceChooser) -> None:
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Face to blend", str(settings.folder), _FACES)
        if not name:
            return
        settings.folder = Path(name).parent
        self._window.files.open_face(Path(name), lambda face: chooser.take_face(Path(name).name, face))
