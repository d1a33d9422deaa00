"""Fit: from a photo to a head, with everything that is known of the photo and all that leads the fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from studio.document.document import Document
from studio.panels.panel import Panel, Push
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from studio.fitting.fit_measures import FitMeasures
    from studio.fitting.told import FitTold
    from studio.panels.photo_group import PhotoGroup
    from studio.widgets.loss_plot import LossPlot


_FILM = frozenset({"takes", "active", "position"})  # what its group for films shows


class FitPanel(Panel):
    """Groups for photo, recipe, weights, curves and result, over the buttons that lead the fit.

    It shows what it is told by its ``show`` methods, and asks for what takes more than a command.
    """

    shows = frozenset({"reference", "locks", "model"}) | _FILM

    built = Signal()  # it is seen for the first time
    asked = Signal(str)  # id of an action
    reweighed = Signal(int, object)  # a stage's number, and its new weights by term
    before_held = Signal(bool)

    photo: PhotoGroup

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._told: FitTold | None = None

    def build(self) -> None:
        """Make the groups; what they stand on is loaded now and not with the window."""
        from studio.fitting.told import FitTold
        from studio.panels.film_group import FilmGroup
        from studio.panels.fit_foot import FitFoot
        from studio.panels.fit_recipe_group import RecipeGroup
        from studio.panels.fit_result_group import ResultGroup
        from studio.panels.fit_weights_group import WeightsGroup
        from studio.panels.photo_group import PhotoGroup

        self._told = self._told or FitTold()
        self.photo = PhotoGroup(self._document, self._push)
        self._recipe = RecipeGroup(self._document, self._push)
        self._weights = WeightsGroup(self._document, self._push)
        self._weights.set_unfolded(False)
        self._weights.reweighed.connect(self.reweighed)
        self._weights.filled.connect(lambda: tab_as_laid_out(self))
        self._result = ResultGroup()
        self._result.before_held.connect(self.before_held)
        self._costs = Group("Costs")
        self._costs.hide()
        self._film = FilmGroup(self._document)
        self._foot = FitFoot()
        self._scroll = scroll = ScrollPanel()
        for group in (
            self.photo,
            self._recipe,
            self._film,
            self._result,
            self._costs,
            self._weights,
        ):
            scroll.add(group)
        for part in (self.photo, self._recipe, self._film, self._result, self._foot):
            part.asked.connect(self.asked)
        self._layout.addWidget(scroll, 1)
        self._layout.addWidget(self._foot)
        self.built.emit()

    @property
    def stage(self) -> int:
        """The number of the stage whose weights are shown; a fit is continued with it."""
        return self._weights.stage if self._built else -1

    def show_document(self, names: frozenset[str]) -> None:
        """Show photo, recipe, weights, and what is known of a film's frames."""
        if names & _FILM:
            self._film.show_document()
        if names <= _FILM:
            return
        filled = self.photo.filled
        self.photo.show_document(names)
        if self.photo.filled and not filled:
            tab_as_laid_out(self)
        self._recipe.show_document()
        self._weights.show_recipe(self._recipe.recipe()[0])
        self._show_foot()

    def show_told(self, told: FitTold) -> None:
        """Show how a fit goes."""
        before, self._told = self._told, told
        if not self._built or told == before:
            return
        if told.running and told.of:
            self._weights.show_running(told.stage)
        self._show_foot()

    def clear_costs(self) -> None:
        """Begin the curves anew."""
        if self._built:
            self._curves().clear()
            self._costs.hide()

    def show_costs(self, costs: Sequence[tuple[str, float]], begins: bool) -> None:
        """Add an iteration to the curves; ``begins``: it is the first one of a stage."""
        if not self._built:
            return
        curves = self._curves()
        if self._costs.isHidden():
            self._costs.show()
            self._bring(self._costs)
        if begins:
            curves.mark()
        curves.append(costs)

    def show_result(self, measures: FitMeasures | None, warning: str = "") -> None:
        """Tell what came of a fit; None: nothing, or no longer."""
        if not self._built:
            return
        self._result.show_result(measures, warning)
        if measures is not None:
            tab_as_laid_out(self)
            self._bring(self._result)

    def _bring(self, group: Group) -> None:
        """Scroll to ``group``, once it has its place."""
        QTimer.singleShot(0, group, lambda: self._scroll.ensureWidgetVisible(group, 0, 0))

    def _curves(self) -> LossPlot:
        from studio.widgets.loss_plot import LossPlot

        found = self.findChild(LossPlot)
        if found is None:
            found = LossPlot()
            self._costs.add(found)
        return found

    def _show_foot(self) -> None:
        reference = self._document.reference
        assert self._told is not None
        self._foot.show_told(self._told, bool(reference), bool(reference.camera))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc cancels the fit that is under way."""
        if event.key() == Qt.Key.Key_Escape and self._told is not None and self._told.running:
            self.asked.emit("fit.cancel")
            return
        super().keyPressEvent(event)
