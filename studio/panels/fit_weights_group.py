"""The group of the Fit panel with the weights of one stage, which a fit under way takes at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from studio.document.document import Document
from studio.document.reference_commands import set_reference
from studio.fitting.recipe import TERMS, Recipe, Stage, Term
from studio.fitting.recipe_edits import with_weight
from studio.fitting.recipe_text import LARGEST_WEIGHT, recipe_to_text
from studio.fitting.told import TERM_TITLES
from studio.panels.panel import Push
from studio.widgets.amount_field import AmountField
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group

_CHANGED = ", changed"
_FACTORS: tuple[Term, ...] = ("contour", "eyes", "mouth")


class WeightsGroup(Group):
    """Rows for the terms that count in the stage that is chosen; others are added by the list below them.

    They are made when it is first unfolded.
    """

    reweighed = Signal(int, object)  # a stage's number, and its new weights by term
    filled = Signal()

    def __init__(self, document: Document, push: Push, parent: QWidget | None = None) -> None:
        super().__init__("Weights", parent)
        self._document, self._push = document, push
        self._recipe: Recipe | None = None
        self._stage = QComboBox()
        self._stage.activated.connect(lambda _: self._show_stage())
        self._rows: dict[Term, tuple[FormRow, AmountField]] = {}
        self._more = QComboBox()
        self._more.setToolTip("Let another term count")
        self._more.activated.connect(self._add_term)
        self._added: set[Term] = set()
        self.toggled.connect(self._on_unfolded)

    def _on_unfolded(self, unfolded: bool) -> None:
        if not unfolded or self._rows:
            return
        self._fill()
        if self._recipe is not None:
            self._show_stage()
        self.filled.emit()

    def _fill(self) -> None:
        self.add(FormRow("Stage", self._stage))
        for term in TERMS:
            field = AmountField(f"Weight of {TERM_TITLES[term].lower()}", LARGEST_WEIGHT)
            field.amount_changed.connect(lambda amount, gesture, t=term: self._set(t, amount, gesture))
            row = FormRow(TERM_TITLES[term], field)
            row.hide()
            self._rows[term] = row, field
            self.add(row)
        self.add(FormRow("Add", self._more))

    @property
    def stage(self) -> int:
        """The number of the stage that is shown."""
        return max(self._stage.currentIndex(), 0)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show the weights of ``recipe``; the stage stays, as far as it has as many."""
        before, self._recipe = self._recipe, recipe
        names = [stage.name for stage in recipe.stages]
        if before is None or [stage.name for stage in before.stages] != names:
            self._stage.clear()
            self._stage.addItems(names)
            self._stage.setCurrentIndex(len(names) - 1)
            self._added.clear()
        self._show_stage()

    def show_running(self, stage: int) -> None:
        """Show the stage that is under way."""
        if (
            self._recipe is not None
            and 0 <= stage < self._stage.count()
            and stage != self._stage.currentIndex()
        ):
            self._stage.setCurrentIndex(stage)
            self._show_stage()

    def _show_stage(self) -> None:
        if not self._rows or self._recipe is None:
            return
        stage = self._recipe.stages[self.stage]
        left = []
        for term, (row, field) in self._rows.items():
            counts = term in stage.weights or term in self._added
            row.setVisible(counts)
            field.set_amount(stage.weight(term, _usual(term)))
            if not counts:
                left.append(term)
        self._more.clear()
        self._more.addItem("Another term…")
        for term in left:
            self._more.addItem(TERM_TITLES[term], term)

    def _add_term(self, index: int) -> None:
        term = self._more.itemData(index)
        if term is not None:
            self._added.add(term)
            self._show_stage()
            self._rows[term][1].setFocus()

    def _set(self, term: Term, amount: float, gesture: int) -> None:
        assert self._recipe is not None
        recipe = with_weight(self._recipe, self.stage, term, amount)
        if not recipe.name.endswith(_CHANGED):
            recipe = recipe.replace(name=recipe.name + _CHANGED)
        changed: Stage = recipe.stages[self.stage]
        number = self.stage
        self._push(
            set_reference(
                self._document,
                f"Weight of {TERM_TITLES[term].lower()}",
                gesture,
                recipe=recipe.name,
                recipe_text=recipe_to_text(recipe),
            )
        )
        self.reweighed.emit(number, dict(changed.weights))


def _usual(term: Term) -> float:
    """What a term counts that a stage does not name."""
    return 1.0 if term in _FACTORS else 0.0
