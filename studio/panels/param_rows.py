"""Slider rows over parameters of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.document.commands import set_component
from studio.document.document import Document
from studio.flame.params import Params
from studio.panels.panel import Panel, Push
from studio.widgets.row_list import RowList
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_scale import SliderScale

PARAMS_FIELDS = frozenset({"model", "takes", "active", "position"})


@dataclass(frozen=True)
class Bound:
    """A row's parameter: component ``index`` of ``field``, shown ``factor`` times as large.

    With a ``twin`` the row moves two components together and shows the middle between them.
    """

    scale: SliderScale
    name: str  # of the step, for the Edit menu
    field: str
    index: int
    factor: float = 1.0
    twin: int | None = None

    @property
    def indices(self) -> list[int]:
        """The components it moves."""
        return [self.index] if self.twin is None else [self.index, self.twin]

    def read(self, params: Params) -> float:
        """The value shown, without the digits that float32 made up."""
        values = getattr(params, self.field)
        value = sum(float(values[index]) for index in self.indices) / len(self.indices)
        return round(value * self.factor, self.scale.decimals + 2)


class ParamsPanel(Panel):
    """A panel with a scrolling column of slider rows over parameters."""

    shows = PARAMS_FIELDS

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._params = document.params
        self._scroll: ScrollPanel

    def build(self) -> None:
        """Make the scrolling body and its rows."""
        self._scroll = ScrollPanel()
        self._params = self._document.params
        self._layout.addWidget(self._scroll, 1)
        self.build_rows()

    def build_rows(self) -> None:
        """Put the rows of the document's model into the body."""
        raise NotImplementedError

    def show_document(self, names: frozenset[str]) -> None:
        """Show the parameters at the time cursor; rows are made anew for another model."""
        self._params = self._document.params
        if "model" in names and names != self.shows:
            self._scroll.clear()
            self.build_rows()
        self._scroll.refresh()

    def rows_of(self, bounds: Sequence[Bound]) -> RowList:
        """A list of rows over ``bounds``."""
        rows = RowList([bound.scale for bound in bounds], lambda index: bounds[index].read(self._params))
        rows.value_changed.connect(lambda index, value, gesture: self._change(bounds[index], value, gesture))
        return rows

    def _change(self, bound: Bound, value: float, gesture: int | None) -> None:
        command = set_component(
            self._document, bound.name, bound.field, bound.indices, value / bound.factor, gesture
        )
        self._push(command)
        self._scroll.refresh()
