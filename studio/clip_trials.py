"""Tries an operation on a thread, so that what comes of it can be seen before it is done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.backends import Backend, create_with_fallback
from studio.controls.titles import component_titles
from studio.document.take import Take
from studio.engine import BackendChoice
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, JobCancelled, Report
from studio.operations.job import OperationJob
from studio.operations.row import Desk, Operation, Outcome
from studio.operations.running import Range, measured, operate
from studio.operations.takes import Made, made_of, other_clip, worked_on
from studio.operations.telling import told_of_jitter, told_of_outcome
from studio.sequence.channels import Channel, channels_of
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError
from studio.threads import start_thread
from studio.widgets.before_after import Comparison

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Trial:
    """An operation on a take, and all that it may ask for."""

    operation: Operation
    given: Mapping[str, Any]
    span: Range | None
    take: Take
    takes: tuple[Take, ...]
    model: HeadModel

    @cached_property
    def clip(self) -> Clip:
        """What it works on."""
        return worked_on(self.operation, self.take).clip

    def desk(self, backend: Any, step: Any = lambda _done, _count: None) -> Desk:
        """What it works with."""
        return Desk(self.model, backend, self._clip_called, _no_model, step)

    def _clip_called(self, name: str) -> Clip:
        others = tuple(take for take in self.takes if take is not self.take)
        found = other_clip(others, name)
        if found is None:
            raise StudioError(
                "There is no other take to join; open a clip first." if not name else f"No {name}."
            )
        return found


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of a trial."""

    trial: Trial
    outcome: Outcome | None = None
    made: Made | None = None  # the take as it would be
    told: tuple[str, ...] = ()  # what came of it, in words
    curves: Comparison | None = None
    jitter: Mapping[str, Any] | None = None  # told after the rest
    problem: str = ""

    @classmethod
    def of(cls, trial: Trial, outcome: Outcome) -> Tried:
        """``outcome`` with all that a window wants to know of it; may take seconds."""
        made = made_of(trial.operation, trial.take, outcome)
        return cls(trial, outcome, made, tuple(told_of_outcome(trial.clip, outcome)))

    @property
    def lines(self) -> tuple[str, ...]:
        """``told`` and the jitter."""
        return (*self.told, told_of_jitter(self.jitter)) if self.jitter else self.told


@dataclass(frozen=True, eq=False)
class TrialJob:
    """Do what was not tried before, with progress."""

    trial: Trial
    choice: BackendChoice

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.trial.operation.title

    def run(self, progress: Report, cancelled: Cancelled) -> Tried:
        """What comes of it.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: it cannot be done.

        """
        trial, choice = self.trial, self.choice
        desk = trial.desk(
            lambda: create_with_fallback(choice.name, trial.model, choice.device, choice.threads)[0]
        )
        job = OperationJob(trial.operation, trial.clip, trial.given, desk, trial.span)
        return Tried.of(trial, job.run(progress, cancelled))


class ClipTrials(QObject):
    """Tries the newest operation that is asked for; older ones are given up."""

    tried = Signal(object)  # Tried; a second time where the jitter is told

    def __init__(self, choice: BackendChoice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._wake = threading.Condition()
        self._wanted: Trial | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def ask(self, trial: Trial) -> None:
        """Try ``trial``, and nothing else any more."""
        with self._wake:
            self._wanted, self._stopping = trial, False
            if self._thread is None:
                self._thread = start_thread(self, self._work, "clip trials", daemon=True)
            self._wake.notify()

    def stop(self) -> None:
        """Try nothing more; the thread ends by itself."""
        with self._wake:
            self._wanted, self._stopping, self._thread = None, True, None
            self._wake.notify()

    def _next(self) -> Trial | None:
        with self._wake:
            mine = threading.current_thread()
            self._wake.wait_for(
                lambda: self._stopping or self._wanted is not None or self._thread is not mine
            )
            if self._stopping or self._thread is not mine:
                return None
            trial, self._wanted = self._wanted, None
            return trial

    def _work(self) -> None:
        kept: list[Backend] = []  # of this thread
        while (trial := self._next()) is not None:
            with suppress(JobCancelled, RuntimeError):  # a newer one is asked for, or the window is gone
                self._try(trial, kept)

    def _try(self, trial: Trial, kept: list[Backend]) -> None:
        def step(_done: int, _count: int) -> None:
            if self._stopping or self._wanted is not None:
                raise JobCancelled

        desk = trial.desk(lambda: self._backend_for(trial.model, kept), step)
        try:
            outcome = operate(trial.operation, trial.clip, trial.given, desk, trial.span)
            step(0, 0)
            found = Tried.of(trial, outcome)
        except StudioError as error:
            self.tried.emit(Tried(trial, problem=str(error)))
            return
        except JobCancelled:
            raise
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the window stays and says so
            _log.debug("%s failed", trial.operation.id, exc_info=True)
            self.tried.emit(Tried(trial, problem=f"{trial.operation.title} did not work ({error})."))
            return
        step(0, 0)
        found = replace(found, curves=compared(trial.clip, outcome.clip, trial.model))
        self.tried.emit(found)
        if trial.operation.measured:
            self.tried.emit(replace(found, jitter=measured(trial.clip, outcome.clip)))
            step(0, 0)
            self.tried.emit(replace(found, jitter=measured(trial.clip, outcome.clip, desk)))

    def _backend_for(self, model: HeadModel, kept: list[Backend]) -> Backend:
        if not kept or kept[0].model is not model:
            choice = self._choice
            kept[:] = [create_with_fallback(choice.name, model, choice.device, choice.threads)[0]]
        return kept[0]


def _no_model(name: str) -> HeadModel:
    raise StudioError(f"{name} cannot be loaded here.")


def compared(before: Clip, after: Clip, model: HeadModel) -> Comparison | None:
    """The number that tells most of what an operation did; None where nothing moves."""
    titles = component_titles(model.expression_names, before.expr.shape[1], "Expression")
    first = {channel.title: channel for channel in channels_of(before, titles)}
    second = {channel.title: channel for channel in channels_of(after, titles)}
    shared = [title for title in first if title in second] or list(second or first)
    if not shared:
        return None

    def change(title: str) -> float:
        one, other = first.get(title), second.get(title)
        if one is None or other is None:
            return 0.0
        scale = 20.0 if one.is_angle else 1.0  # degrees that count as one unit of expression
        if len(one.values) != len(other.values):
            return float(np.ptp(one.values)) / scale
        return float(np.abs(one.values - other.values).max()) / scale

    title = max(shared, key=change)
    one, other = first.get(title), second.get(title)
    known: Channel = one or other  # type: ignore[assignment]
    unit = ", degrees" if known.is_angle else ""
    still = np.zeros(1, np.float32)
    return Comparison(
        f"{title}{unit}",
        still if one is None else one.values,
        still if other is None else other.values,
        (before.duration, after.duration),
    )
