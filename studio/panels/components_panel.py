"""Sliders over the components of a basis: shape or expression."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from studio.document.commands import set_where_unlocked
from studio.document.document import Document
from studio.document.locks import Locks
from studio.flame.model import HeadModel
from studio.flame.param_ranges import draw
from studio.panels.bars import footer, icon_button, search_field, side_by_side, top_bar
from studio.panels.panel import Push
from studio.panels.param_rows import Bound, ParamsPanel
from studio.panels.row_search import Part, go_to_first, list_matching, nothing_called
from studio.panels.words import component_titles, face_groups, within_group
from studio.widgets.group import Group
from studio.widgets.lock_button import LockButton
from studio.widgets.row_list import RowList
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_STRENGTH = SliderScale("Strength", 0.0, 2.0, neutral=1.0, tip="How far Randomise goes from neutral")
_HARD_FACTOR = 3.0  # a typed number may go this many times beyond the slider


@dataclass(frozen=True)
class Basis:
    """Which components a panel shows."""

    field: str  # of Params
    noun: str  # "Shape"
    subject: str  # of its sheet
    grouped: bool  # by part of the face, where the names tell it

    def names(self, model: HeadModel) -> tuple[str, ...]:
        """The model's names, empty where it has none."""
        return model.shape_names if self.field == "shape" else model.expression_names

    def ranges(self, model: HeadModel) -> np.ndarray:
        """Lowest and highest value a control offers, (N, 2)."""
        return model.shape_ranges if self.field == "shape" else model.expression_ranges


def component_scale(label: str, low: float, high: float, tip: str) -> SliderScale:
    """The scale of a component's row; a typed number may go beyond its slider."""
    beyond = _HARD_FACTOR * max(abs(low), abs(high))
    return SliderScale(label, low, high, hard_low=-beyond, hard_high=beyond, tip=tip)


class ComponentsPanel(ParamsPanel):
    """All components of one basis, with search, reset and randomise."""

    basis: Basis
    sheet_asked = Signal(str)  # of what: "texture", "shape" or "expression"

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._parts: list[Part] = []
        self._titles: tuple[str, ...] = ()

    def build(self) -> None:
        """Search above the rows, randomise and reset below them."""
        self._layout.addWidget(self._make_search())
        self._footer = self._make_footer()
        super().build()
        self._layout.addWidget(self._footer)

    @property
    def _noun(self) -> str:
        return self.basis.noun.lower()

    @property
    def _told_of_none(self) -> str:
        """What stands in place of the rows of a head without such components."""
        return f"{self._document.model.name} has no {self._noun} components."

    def _make_search(self) -> QWidget:
        self._search = search_field(self._noun)
        self._search.textChanged.connect(self._filter)
        self._search.returnPressed.connect(lambda: go_to_first(self._parts))
        self._lock_all = LockButton(f"all {self._noun}", quiet=False)
        self._lock_all.clicked.connect(
            lambda: self.toggle_lock(self._noun, self._components(range(len(self._titles))))
        )
        return top_bar(self._search, self._lock_all)

    def _make_footer(self) -> QWidget:
        self._strength = SliderRow(_STRENGTH)
        randomise = icon_button(
            "Randomise", "randomise", lambda: self.randomise(range(len(self._titles)), self._noun)
        )
        reset = icon_button("Reset all", "reset", lambda: self.reset(range(len(self._titles)), self._noun))
        sheet = icon_button("Save sheet…", "picture-sheet", lambda: self.sheet_asked.emit(self.basis.subject))
        sheet.setToolTip(f"A picture of the first {self._noun} components, each at low, middle and high")
        return footer(self._strength, side_by_side(randomise, reset), sheet)

    def build_rows(self) -> None:
        """One group for each part of the face, or one list of all."""
        count = len(self.ranges())
        self._titles = component_titles(self.names(), count, self.basis.noun)
        self._search.setEnabled(count > 0)
        self._footer.setEnabled(count > 0)
        self._parts = []
        groups = self.groups()
        for title, members in groups.items():
            self._add_group(title, members)
        if not groups:
            rows = self.component_rows(self.order(), shorten=False)
            self._parts.append((rows, rows))
            self._scroll.add(rows, (rows,))
        self._nothing = QLabel(wordWrap=True)
        self._nothing.setProperty("role", "secondary")
        self._nothing.hide()
        self._scroll.add(self._nothing)
        self._filter(self._search.text())

    def show_locks(self) -> None:
        """Show which groups, and whether all components, are locked."""
        super().show_locks()
        self._lock_all.set_state(self.lock_state(self._components(range(len(self._titles)))))

    def _components(self, members: Iterable[int]) -> Locks:
        return frozenset((self.basis.field, index) for index in members)

    def _free(self, members: Iterable[int]) -> list[int]:
        """Those of ``members`` that are not locked."""
        return [index for index in members if (self.basis.field, index) not in self._document.locks]

    def names(self) -> tuple[str, ...]:
        """The components' names, empty where they have none."""
        return self.basis.names(self._document.model)

    def ranges(self) -> np.ndarray:
        """Lowest and highest value a control offers, (N, 2)."""
        return self.basis.ranges(self._document.model)

    def values(self) -> np.ndarray:
        """The coefficients shown, (N,), to be changed at will."""
        return np.array(getattr(self._document.params, self.basis.field))

    def groups(self) -> dict[str, tuple[int, ...]]:
        """The components by what they belong to; empty for one list of all."""
        return face_groups(self._titles) if self.basis.grouped else {}

    def order(self) -> Sequence[int]:
        """All components from the top down, where they are in one list."""
        return range(len(self._titles))

    def component_rows(self, members: Sequence[int], shorten: bool) -> RowList:
        """Rows for the components ``members``; in a group, ``shorten`` what they are called."""
        return self.rows_of(self._bounds(members, shorten))

    def set_values(self, name: str, values: np.ndarray) -> None:
        """Take ``values`` (N,) where they are not locked, in one step called ``name``."""
        params = self._document.params.replace(**{self.basis.field: values})
        self._push(set_where_unlocked(self._document, name, params))

    def _add_group(self, title: str, members: tuple[int, ...]) -> None:
        group = Group(title)
        part = title.lower()
        group.add_action("randomise", lambda: self.randomise(members, part), f"Randomise {part}")
        group.add_action("reset", lambda: self.reset(members, part), f"Reset {part}")
        self.add_group_lock(group, self._components(members))
        rows = self.component_rows(members, shorten=True)
        group.add(rows)
        self._parts.append((group, rows))
        self._scroll.add(group, (rows,))

    def _bounds(self, members: Sequence[int], shorten: bool) -> list[Bound]:
        ranges, names = self.ranges(), self.names()
        bounds = []
        for index in members:
            title = self._titles[index]
            label = within_group(title) if shorten else title
            tip = f"{title} ({names[index]})" if index < len(names) else ""
            low, high = (float(end) for end in ranges[index])
            bounds.append(Bound(component_scale(label, low, high, tip), title, self.basis.field, index))
        return bounds

    def randomise(self, members: Sequence[int], what: str) -> None:
        """Draw those of ``members`` that are not locked at the strength of the footer, in one step."""
        chosen = self._free(members)
        values = self.values()
        values[chosen] = draw(self.ranges()[chosen], self._strength.value, np.random.default_rng())
        self.set_values(f"Randomise {what}", values)

    def reset(self, members: Sequence[int], what: str) -> None:
        """Bring those of ``members`` that are not locked back to neutral, in one step."""
        values = self.values()
        values[self._free(members)] = 0.0
        self.set_values(f"Reset {what}", values)

    def _filter(self, text: str) -> None:
        found = list_matching(self._parts, text)
        told = nothing_called(text) if self._titles else self._told_of_none
        self._nothing.setText(told)
        self._nothing.setVisible(bool(told) and not found)
        self._scroll.show_view()
