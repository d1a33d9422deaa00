"""The group of the Fit panel that says how the head is fitted: recipe, lens, and what may move."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from studio.document.document import Document
from studio.document.reference_commands import set_reference
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import moved
from studio.fitting.recipe_file import recipe_of, shipped_recipes, usual_recipe
from studio.fitting.told import MOVERS, held_of, held_text, lens_told
from studio.panels.bars import side_by_side, word_button
from studio.panels.look_section import note, say
from studio.panels.panel import Push
from studio.storage.errors import StudioError
from studio.widgets.chip_flow import ChipFlow
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.spin_boxes import DoubleSpinBox

_LONGEST_LENS = 2000.0  # mm


class RecipeGroup(Group):
    """Shows the recipe of the document's reference; files and dialogs are ``asked`` for by an action's id."""

    asked = Signal(str)

    def __init__(self, document: Document, push: Push, parent: QWidget | None = None) -> None:
        super().__init__("Recipe", parent)
        self._document, self._push = document, push
        self._box = QComboBox()
        self._box.activated.connect(self._choose)
        self._tip = note()
        self._edit = word_button(
            "Edit…", lambda: self.asked.emit("fit.edit_recipe"), "See and change the recipe as text"
        )
        self._open = word_button(
            "Open…", lambda: self.asked.emit("fit.open_recipe"), "Choose a recipe file of your own"
        )
        self._lens = DoubleSpinBox(
            minimum=0.0,
            maximum=_LONGEST_LENS,
            decimals=1,
            singleStep=5.0,
            suffix=" mm",
            keyboardTracking=False,
        )
        self._lens.setSpecialValueText("As the file says")
        self._lens.setToolTip(
            "Focal length as for 35 mm film; at 0 the photo's file is asked, and without it 50 mm are taken"
        )
        self._lens.valueChanged.connect(lambda value: self._set("Lens of the photo", lens=value))
        self._moves = ChipFlow([m[0] for m in MOVERS], "What moves", False, [m[2] for m in MOVERS])
        self._moves.changed.connect(self._hold)
        self._locked = note()
        for widget in (
            FormRow("Recipe", self._box),
            self._tip,
            side_by_side(self._edit, self._open),
            FormRow("Lens", self._lens),
            self._moves,
            self._locked,
        ):
            self.add(widget)

    def _set(self, name: str, **changes: object) -> None:
        self._push(set_reference(self._document, name, None, **changes))

    def _choose(self, index: int) -> None:
        name = self._box.itemData(index)
        if name is not None:
            self._set(f"Recipe {name}", recipe=name, recipe_text="")

    def _hold(self) -> None:
        chosen = self._moves.chosen
        held = set(held_of(self._document.reference.held))
        turned = ""
        for number, (title, variables, _) in enumerate(MOVERS):
            moves = number in chosen
            if moves == (not held & set(variables)):
                continue
            turned = f"{'Fit' if moves else 'Hold'} {title.lower()}"
            held = held - set(variables) if moves else held | set(variables)
        self._set(turned or "What moves", held=held_text(held))

    def recipe(self) -> tuple[Recipe, str]:
        """The recipe that is chosen, or the usual one with what is wrong with it."""
        try:
            return recipe_of(self._document.reference), ""
        except StudioError as error:
            return usual_recipe(), str(error)

    def show_document(self) -> None:
        """Show recipe, lens, what moves, and how much is locked."""
        reference = self._document.reference
        recipe, problem = self.recipe()
        self._offer(recipe, own=bool(reference.recipe_text))
        say(self._tip, problem or recipe.tip)
        with QSignalBlocker(self._lens):
            self._lens.setValue(reference.lens)
        fitted = lens_told(reference.camera)
        self._lens.setSpecialValueText(f"Found: {fitted}" if fitted else "As the file says")
        held, moving = held_of(reference.held), set(moved(recipe))
        with QSignalBlocker(self._moves):
            self._moves.choose([n for n, mover in enumerate(MOVERS) if not held & set(mover[1])])
        self._moves.offer([n for n, mover in enumerate(MOVERS) if moving & set(mover[1])])
        count = len(self._document.locks)
        what = "component is" if count == 1 else "components are"
        say(self._locked, f"{count} {what} locked and will stay as they are." if count else "")

    def _offer(self, recipe: Recipe, own: bool) -> None:
        names = [one.name for one in shipped_recipes()]
        entries = [*names, recipe.name] if own else names
        if [self._box.itemText(index) for index in range(self._box.count())] != entries:
            self._box.clear()
            for one in shipped_recipes():
                self._box.addItem(one.name, one.name)
                self._box.setItemData(self._box.count() - 1, one.tip, Qt.ItemDataRole.ToolTipRole)
            if own:
                self._box.addItem(recipe.name)
        self._box.setCurrentIndex(len(names) if own else names.index(recipe.name))
