"""The window's part in operations on clips: dialog, preview, and the step that comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint

from studio.jobs.job import Job
from studio.operations.names import TITLES

if TYPE_CHECKING:
    from studio.clip_trials import ClipTrials, Trial, TrialJob, Tried
    from studio.panels.clip_dialog import Asked, ClipDialog
    from studio.window import StudioWindow

_FIRST = next(iter(TITLES))
_BESIDE = QPoint(8, 76)  # in the window: over the panels at the left, so that the head stays in sight
_RECALCULATED = frozenset(("takes", "active", "model", "playback"))


class ClipOperations(QObject):
    """Opens the dialog, shows what would come of an operation in place of the take, and does it."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ClipDialog | None = None
        self._trials: ClipTrials | None = None
        self._wanted: Trial | None = None  # the newest that was asked for
        self._found: Tried | None = None  # what came of it
        self._running: TrialJob | None = None
        window.jobs.done.connect(self._on_done)
        window.document.changed.connect(self._on_document)

    def show(self, name: str = "") -> None:
        """Open the dialog with the operation ``name``, or with the one it had."""
        first = self._dialog is None
        dialog = self._made()
        was_open = dialog.isVisible()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        if first:
            dialog.move(self._window.mapToGlobal(_BESIDE))
        if name or first or not was_open:
            dialog.offer(name or _FIRST if first else name or dialog.now().operation.id)

    def close(self) -> None:
        """Leave the take as it is."""
        if self._dialog is not None:
            self._dialog.reject()
        if self._trials is not None:
            self._trials.stop()

    def _made(self) -> ClipDialog:
        if self._dialog is None:
            from studio.clip_trials import ClipTrials
            from studio.panels.clip_dialog import ClipDialog

            window = self._window
            self._trials = ClipTrials(window.engine.choice, self)
            self._trials.tried.connect(self._on_tried)
            self._dialog = ClipDialog(window.document, window)
            self._dialog.asked.connect(self._ask)
            self._dialog.apply_asked.connect(self._apply)
            self._dialog.side_chosen.connect(lambda _: self._show_preview())
            self._dialog.left.connect(self._leave)
        return self._dialog

    def _trial(self, asked: Asked) -> Trial:
        from studio.clip_trials import Trial

        document = self._window.document
        return Trial(asked.operation, asked.given, asked.span, document.take, document.takes, document.model)

    def _ask(self, asked: Asked) -> None:
        dialog, trials = self._dialog, self._trials
        assert dialog is not None
        assert trials is not None
        self._wanted, self._found = self._trial(asked), None
        if asked.operation.long:
            self._window.document.preview.clear(self)
            dialog.show_waiting()
        else:
            dialog.show_busy()
            trials.ask(self._wanted)

    def _on_tried(self, tried: Tried) -> None:
        dialog = self._dialog
        if dialog is None or not dialog.isVisible() or tried.trial is not self._wanted:
            return
        self._found = tried
        if tried.outcome is None:
            dialog.show_problem(tried.problem)
        else:
            dialog.show_result(tried.lines, tried.curves)
        if tried.jitter is None:
            self._show_preview()

    def _show_preview(self) -> None:
        document, found, dialog = self._window.document, self._found, self._dialog
        assert dialog is not None
        if found is not None and found.made is not None and dialog.shows_after:
            document.preview.show(self, document.model, found.made.take)
        else:
            document.preview.clear(self)

    def _on_document(self, names: frozenset[str]) -> None:
        if self._dialog is not None and self._dialog.isVisible() and names & _RECALCULATED:
            self._dialog.ask_anew()

    def _leave(self) -> None:
        self._wanted = self._found = None
        self._window.document.preview.clear(self)
        if self._trials is not None:
            self._trials.stop()

    def _apply(self, asked: Asked) -> None:
        found, dialog = self._found, self._dialog
        assert dialog is not None
        trial = self._trial(asked)
        ready = (
            found is not None
            and found.outcome is not None
            and found.trial.take is trial.take
            and found.trial.operation is trial.operation
            and (found.trial.given, found.trial.span) == (trial.given, trial.span)
        )
        if not ready and not self._start(trial):
            return
        dialog.accept()
        if ready:
            assert found is not None
            self._finish(found)

    def _start(self, trial: Trial) -> bool:
        """Do ``trial`` as a job; False where another one is running."""
        from studio.clip_trials import TrialJob

        job = TrialJob(trial, self._window.engine.choice)
        if not self._window.jobs.start(job):
            self._window.notify("Another job is running; wait for it or cancel it in the status line.")
            return False
        self._running = job
        return True

    def _on_done(self, job: Job, result: Any) -> None:
        if job is not self._running:
            return
        trial, self._running = job.trial, None
        if self._window.document.take is not trial.take:
            self._window.warn(
                f"{trial.operation.title} was given up: the take was changed meanwhile. Apply it once more."
            )
            return
        self._finish(result)

    def _finish(self, tried: Tried) -> None:
        """Make the step of ``tried``, whose take is at hand: keys are not moved again."""
        from studio.operations.takes import step_of

        window, trial = self._window, tried.trial
        assert tried.outcome is not None
        window.push(
            step_of(window.document, trial.operation, tried.outcome, trial.given, trial.span, tried.made)
        )
        window.notify(" ".join((f"{trial.operation.title}:", *tried.told)))
