"""The window's part in fitting to a scan: its file, its dialog, the job, and the step that comes of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from studio.document.scan_commands import use_scan_fit
from studio.jobs.job import Job, Progress
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.fitting.scans.result import ScanFit, ScanProblem
    from studio.fitting.scans.scan import Picks, Placement, Scan
    from studio.flame.params import Params
    from studio.panels.scan_dialog import ScanDialog
    from studio.window import StudioWindow

SCANS = "Scans (*.obj *.ply *.stl *.xyz);;All files (*)"
_PICKS = "Landmarks (*.json *.npy *.txt);;All files (*)"
_BUSY = "Another job is running; wait for it or cancel it in the status line."
_EVERY = 3  # iterations between two heads that are shown


class ScanDesk(QObject):
    """Fits the head to scans that the user opens or drops."""

    _under_way = Signal(object, object)  # vertices in the scan's unit and axes, faces

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ScanDialog | None = None
        self._scan: Scan | None = None
        self._job: Job | None = None
        self._fit: ScanFit | None = None
        self._count = 0
        window.jobs.done.connect(self._on_done)
        window.jobs.progressed.connect(self._on_progressed)
        window.jobs.failed.connect(self._on_failed)
        window.jobs.ended.connect(self._on_ended)
        self._under_way.connect(self._show_head)

    @property
    def dialog(self) -> ScanDialog | None:
        """Where landmarks are picked, while it is open."""
        return self._dialog

    def ask(self) -> None:
        """Let the user choose a scan."""
        folder = str(self._window.settings.folder)
        name, _ = QFileDialog.getOpenFileName(self._window, "Fit to scan", folder, SCANS)
        if name:
            self._window.settings.folder = Path(name).parent
            self._window.files.open_scan(Path(name))

    def use(self, scan: Scan, shown: Scan) -> None:
        """Open the dialog on ``scan``; ``shown`` is its drawable form."""
        from studio.panels.scan_dialog import ScanDialog

        if self._job is not None:
            self._window.notify(_BUSY)
            return
        if self._dialog is not None:
            self._dialog.close()
        self._scan, self._fit = scan, None
        corresponds = len(scan.points) == self._window.document.model.vertex_count
        dialog = ScanDialog(scan, shown, corresponds, self._window)
        dialog.fit_asked.connect(self.start)
        dialog.cancel_asked.connect(self._window.jobs.cancel)
        dialog.use_asked.connect(self.use_fit)
        dialog.load_asked.connect(self._ask_picks)
        dialog.save_asked.connect(self._ask_where)
        dialog.finished.connect(partial(self._forget, dialog))
        self._dialog = dialog
        dialog.open()

    def start(self, picks: Picks, offset: bool) -> None:
        """Fit the head to the scan by ``picks``."""
        from studio.fitting.scans.result import ScanProblem
        from studio.fitting.scans.scan_job import ScanJob

        document, scan = self._window.document, self._scan
        if scan is None or self._dialog is None:
            return
        problem = ScanProblem(document.model, scan, picks, document.locks, document.params, offset)
        self._count = 0
        job = ScanJob(_freely(problem), self._watch)
        if not self._window.jobs.start(job):
            self._dialog.tell(_BUSY)
            return
        self._job, self._fit = job, None
        self._dialog.show_busy(True)

    def use_fit(self, beside: bool) -> None:
        """Take the fitted head over; with ``beside`` the scan's surface becomes a take to compare with."""
        fit, scan = self._fit, self._scan
        if fit is None or scan is None:
            return
        surface = _surface(self._window.document.model, fit) if beside else None
        self._window.push(use_scan_fit(self._window.document, fit.params, Path(scan.name).stem, surface))
        if self._dialog is not None:
            self._dialog.accept()
        self._window.notify(f"The head is fitted to {scan.name}. {fit_told(fit)}")

    def _watch(self, params: Params, placement: Placement) -> None:
        """Show the head under way; called on the job's thread."""
        from studio.fitting.scans.surface import posed_vertices

        self._count += 1
        if self._count % _EVERY == 1:
            model = self._window.document.model
            vertices = placement.back(posed_vertices(model, params))
            self._under_way.emit(vertices, model.faces)

    def _show_head(self, vertices: Any, faces: Any) -> None:
        if self._dialog is not None and self._job is not None:
            self._dialog.show_head(vertices, faces)

    def _on_progressed(self, progress: Progress) -> None:
        if self._dialog is not None and self._job is not None:
            self._dialog.show_progress(progress.done, progress.total, progress.what)

    def _on_done(self, job: Job, result: Any) -> None:
        if job is not self._job or self._dialog is None:
            return
        self._fit = result
        model = self._window.document.model
        told = " ".join((*result.notices, fit_told(result)))
        self._dialog.show_busy(False)
        self._dialog.show_fit(result, result.placement.back(result.vertices), model.faces, told)

    def _on_failed(self, problem: str) -> None:
        if self._dialog is not None and self._job is not None:
            self._job = None
            self._dialog.show_busy(False)
            self._dialog.tell(problem)

    def _on_ended(self) -> None:
        if self._job is not None:
            self._job = None
            if self._dialog is not None:
                self._dialog.show_busy(False)

    def _forget(self, dialog: ScanDialog, _result: int) -> None:
        if self._job is not None:
            self._window.jobs.cancel()
        if self._dialog is dialog:
            self._dialog = None
        dialog.deleteLater()

    def _ask_picks(self) -> None:
        from studio.fitting.scans.picks import read_picks

        name, _ = QFileDialog.getOpenFileName(
            self._dialog, "Landmarks", str(self._window.settings.folder), _PICKS
        )
        if name and self._dialog is not None and self._scan is not None:
            try:
                self._dialog.set_picks(read_picks(Path(name), self._scan))
            except StudioError as error:
                self._dialog.tell(str(error))

    def _ask_where(self, picks: Picks) -> None:
        from studio.fitting.scans.picks import write_picks

        start = self._window.settings.folder / "landmarks.json"
        name, _ = QFileDialog.getSaveFileName(self._dialog, "Save landmarks", str(start), _PICKS)
        if name and self._dialog is not None:
            try:
                write_picks(Path(name).with_suffix(".json"), picks)
            except StudioError as error:
                self._dialog.tell(str(error))


def fit_told(fit: ScanFit) -> str:
    """What the distances come to, in a sentence."""
    numbers = fit.distances.told()
    if not numbers:
        return f"The landmarks miss by {float(fit.landmarks.mean()):.1f} mm on average."
    return (
        f"Half of the head is within {numbers['median_mm']:.2f} mm of the scan, "
        f"95 % within {numbers['percentile_95_mm']:.1f} mm."
    )


def _freely(problem: ScanProblem) -> ScanProblem:
    """``problem`` begun at a neutral head, but for what is locked."""
    from dataclasses import replace

    from studio.flame.params import Params

    neutral, start = Params.neutral(problem.model), problem.start
    kept: dict[str, Any] = {}
    for field, index in problem.locks:
        if start is not None and hasattr(neutral, field):
            values = kept.setdefault(field, getattr(neutral, field).copy())
            values[index] = getattr(start, field)[index]
    return replace(problem, start=neutral.replace(**kept))


def _surface(model: Any, fit: ScanFit) -> Params:
    """The fitted head moved along its normals by what the scan is away."""
    from studio.fitting.scans.surface import moved_onto

    return moved_onto(model, fit.params, fit.distances.vertices)
