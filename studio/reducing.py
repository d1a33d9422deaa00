"""The window's part in reducing a clip to keys: dialog, job, and the step that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from studio.document.layer_commands import reduced_clip
from studio.document.take import Take
from studio.jobs.job import Job

if TYPE_CHECKING:
    from studio.sequence.reducing import Wish
    from studio.window import StudioWindow

_BUSY = "Another job is running; wait for it or cancel it in the status line."
_STILL = "A still has nothing to reduce; open a clip first."
_CHANGED = "The take was changed meanwhile, so its clip was not reduced; reduce it once more."


class Reducing(QObject):
    """Asks how near keys are to keep, and makes the clip of the active take keys."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._running: tuple[Job, Take] | None = None
        window.jobs.done.connect(self._on_done)

    def ask(self) -> None:
        """Open the dialog."""
        if len(self._window.document.take.clip) < 2:
            self._window.notify(_STILL)
            return
        from studio.panels.reduce_dialog import ReduceDialog

        dialog = ReduceDialog(self._window)
        dialog.asked.connect(self.start)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, wish: Wish) -> None:
        """Reduce the clip of the active take as ``wish`` says."""
        from studio.backends import create_with_fallback
        from studio.jobs.reducing import ReduceJob

        choice, document = self._window.engine.choice, self._window.document
        model, take = document.model, document.take

        def make() -> Any:
            return create_with_fallback(choice.name, model, choice.device, choice.threads)[0]

        job = ReduceJob(take.clip, model, make, wish)
        if self._window.jobs.start(job):
            self._running = job, take
        else:
            self._window.notify(_BUSY)

    def _on_done(self, job: Job, result: Any) -> None:
        if self._running is None or job is not self._running[0]:
            return
        take, self._running = self._running[1], None
        document = self._window.document
        if document.take.clip is not take.clip:
            self._window.warn(_CHANGED)
            return
        self._window.push(reduced_clip(document, result))
        self._window.notify(
            f"{result.key_count:,} keys in place of {len(take.clip):,} frames; no point of the mesh is more "
            f"than {1000.0 * result.error:.2f} mm off."
        )
