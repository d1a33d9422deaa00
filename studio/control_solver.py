"""Solves the named controls of a document's model on a thread, so that nobody waits for them."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from studio.controls.named_controls import ControlSet
from studio.document.control_state import ControlState, known_controls, solve_controls
from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError
from studio.threads import start_thread

_SOON = 300  # milliseconds after a change of the model, which has its own work to do first
_log = logging.getLogger(__name__)


class ControlSolver(QObject):
    """Keeps the controls of ``document`` at hand, whatever model and mapping it takes."""

    ready = Signal()  # :attr:`controls` are those of the document
    failed = Signal(str)  # one sentence
    _solved = Signal(object, str)  # what was solved, and what went wrong

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._pending: tuple[HeadModel, ControlState] | None = None
        self._later = QTimer(self, singleShot=True, interval=_SOON)
        self._later.timeout.connect(self.solve)
        self._solved.connect(self._finish)
        document.changed.connect(self._on_document)

    @property
    def controls(self) -> ControlSet | None:
        """The document's controls; None while they are still to be solved."""
        return known_controls(self._document)

    def solve(self) -> None:
        """Begin now, where nothing is known yet."""
        wanted = self._document.model, self._document.controls
        if self.controls is not None or self._is_pending(wanted):
            return
        self._pending = wanted
        start_thread(self, partial(self._run, wanted), "controls", daemon=True)

    def _on_document(self, names: frozenset[str]) -> None:
        if names & {"model", "controls"} and self.controls is None:
            self._later.start()

    def _is_pending(self, wanted: tuple[HeadModel, ControlState]) -> bool:
        if self._pending is None:
            return False
        (model, state), (other, told) = self._pending, wanted
        return model.original is other.original and state.mapping is told.mapping

    def _run(self, wanted: tuple[HeadModel, ControlState]) -> None:
        problem = ""
        try:
            solve_controls(*wanted)
        except StudioError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the window stays and says so
            _log.debug("solving the controls failed", exc_info=True)
            problem = f"The controls of {wanted[0].name} could not be found ({error})."
        with suppress(RuntimeError):  # the window may be gone by now
            self._solved.emit(wanted, problem)

    def _finish(self, wanted: tuple[HeadModel, ControlState], problem: str) -> None:
        if self._pending is wanted:
            self._pending = None
        if not self._is_document(wanted):
            self.solve()
        elif problem:
            self.failed.emit(problem)
        else:
            self.ready.emit()

    def _is_document(self, wanted: tuple[HeadModel, ControlState]) -> bool:
        document = self._document
        same = wanted[0].original is document.model.original
        return same and wanted[1].mapping is document.controls.mapping
