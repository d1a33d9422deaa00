"""Fitting as actions and panel know it; what does it is loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from studio.film_desk import FilmDesk
    from studio.fitting_desk import FittingDesk
    from studio.panels.fit_panel import FitPanel
    from studio.window import StudioWindow

_LEADING = ("fit.pause", "fit.step", "fit.finish", "fit.cancel")


class FittingRoom(QObject):
    """Makes the window's :class:`studio.fitting_desk.FittingDesk` once somebody wants it."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk: FittingDesk | None = None

    def connect_panel(self, panel: FitPanel) -> None:
        """Do what ``panel`` asks for."""
        panel.asked.connect(self._run)
        panel.reweighed.connect(self._reweigh)
        panel.before_held.connect(self._show_before)

    def _run(self, action: str) -> None:
        self._window.actions_by_id[action].trigger()

    def _reweigh(self, stage: int, weights: Mapping) -> None:
        if self._desk is not None:
            self._desk.reweigh(stage, weights)

    def _show_before(self, shown: bool) -> None:
        if self._desk is not None:
            self._desk.show_before(shown)

    @property
    def desk(self) -> FittingDesk:
        """What fits."""
        if self._desk is None:
            from studio.fitting_desk import FittingDesk

            self._desk = FittingDesk(self._window, self._window.workspace.late.fit)
        return self._desk

    @cached_property
    def films(self) -> FilmDesk:
        """What fits to films."""
        from studio.film_desk import FilmDesk

        return FilmDesk(self._window)

    def show_actions(self, phase: str) -> None:
        """Offer what can be done while a fit is ``phase``: "idle", "running", "paused" or "stopping"."""
        for name in _LEADING:
            self._window.actions_by_id[name].setEnabled(phase in ("running", "paused"))
