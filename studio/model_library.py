"""What the Models dialog shows: the model folders, looked through on a thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.flame.library import missing, model_folders, scan
from studio.threads import start_thread

if TYPE_CHECKING:
    from studio.flame.describe import Description
    from studio.jobs.job import Job
    from studio.panels.models_dialog import ModelsDialog
    from studio.window import StudioWindow


class ModelLibrary(QObject):
    """Shows what lies in the model folders."""

    _scanned = Signal(object)  # list[Description]
    _failed = Signal(str)  # one sentence

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ModelsDialog | None = None
        self._thread: threading.Thread | None = None
        self._found: list[Description] = []
        self._scanned.connect(self._on_scanned)
        self._failed.connect(window.warn)
        window.document.changed.connect(self._on_document)
        window.jobs.done.connect(self._on_job)

    def show(self) -> None:
        """Open the dialog and look through the folders."""
        if self._dialog is None:
            from studio.panels.models_dialog import ModelsDialog

            self._dialog = ModelsDialog(self._window)
            self._dialog.model_chosen.connect(self._window.files.open_model)
            self._dialog.convert_asked.connect(self._window.exports.model)
            self._dialog.rescan_asked.connect(self._scan)
        self._dialog.show()
        self._dialog.raise_()
        self._scan()

    def wait(self) -> None:
        """Join the scanning thread."""
        if self._thread is not None:
            self._thread.join()

    def _scan(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        assert self._dialog is not None
        self._dialog.show_scanning()
        self._thread = start_thread(self, self._read_folders, "library")

    def _read_folders(self) -> None:
        found: list[Description] = []
        try:
            found = scan(model_folders())
        except Exception as error:  # noqa: BLE001 - the dialog must not wait for a thread that ended
            reason = str(error) or type(error).__name__
            self._failed.emit(f"The model folders could not be read ({reason}); check their permissions.")
        self._scanned.emit(found)

    def _on_scanned(self, found: list[Description]) -> None:
        self._found = found
        self._fill()

    def _on_job(self, _job: Job, result: object) -> None:
        """Show a model that was converted into one of the folders."""
        from studio.export.conversion import Conversion

        if isinstance(result, Conversion) and self._dialog is not None and self._dialog.isVisible():
            self._scan()

    def _on_document(self, names: frozenset[str]) -> None:
        if "model" in names and self._dialog is not None and self._dialog.isVisible():
            self._fill()

    def _fill(self) -> None:
        assert self._dialog is not None
        document, files = self._window.document, self._window.files
        self._dialog.show_library(
            document.model, files.models, self._found, missing(self._found), model_folders()
        )
