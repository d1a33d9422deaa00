"""Slider rows over parameters of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.document.commands import set_component, set_locks
from studio.document.document import Document
from studio.document.key_states import KeyState, channels_of, key_state, toggle_key
from studio.document.locks import Locks
from studio.flame.params import Params
from studio.panels.panel import Panel, Push
from studio.widgets.group import Group
from studio.widgets.lock_button import LockButton, State
from studio.widgets.row_list import RowList, RowPictures
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_scale import SliderScale

PARAMS_FIELDS = frozenset({"model", "takes", "active", "position", "locks"})


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

    @property
    def components(self) -> Locks:
        """What a lock of the row locks."""
        return frozenset((self.field, index) for index in self.indices)

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
        self._group_locks: list[tuple[LockButton, Locks]] = []

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
            self.rebuild()
        self._scroll.refresh()
        self.show_locks()

    def rebuild(self) -> None:
        """Make the rows anew."""
        self._group_locks.clear()
        self._scroll.clear()
        self.build_rows()

    def show_locks(self) -> None:
        """Show which groups are locked; rows are told as they are refreshed."""
        for button, components in self._group_locks:
            button.set_state(self.lock_state(components))

    def lock_state(self, components: Locks) -> State:
        """How many of ``components`` are locked."""
        count = len(components & self._document.locks)
        if not count:
            return "none"
        return "all" if count == len(components) else "some"

    def toggle_lock(self, what: str, components: Locks) -> None:
        """Lock ``components``, which the step calls ``what``; unlock them where all are locked."""
        locked = self.lock_state(components) != "all"
        self._push(set_locks(self._document, what, components, locked))

    def add_group_lock(self, group: Group, components: Locks) -> None:
        """Give ``group`` a padlock over ``components``."""
        what = group.title.lower()
        button = group.add_lock(what)
        button.clicked.connect(lambda: self.toggle_lock(what, components))
        self._group_locks.append((button, components))

    def rows_of(self, bounds: Sequence[Bound], pictures: RowPictures | None = None) -> RowList:
        """A list of rows over ``bounds``, with ``pictures`` at their left."""
        rows = RowList(
            [bound.scale for bound in bounds],
            lambda index: bounds[index].read(self._params),
            lambda index: self.lock_state(bounds[index].components) == "all",
            pictures,
            key=self._key_states(bounds),
        )
        rows.key_asked.connect(lambda index: self._toggle_key(bounds[index]))
        rows.lock_asked.connect(lambda index: self.toggle_lock(bounds[index].name, bounds[index].components))
        rows.value_changed.connect(lambda index, value, gesture: self._change(bounds[index], value, gesture))
        return rows

    def _key_states(self, bounds: Sequence[Bound]) -> Callable[[int], KeyState] | None:
        """Which of the rows over ``bounds`` have keys; None where they can have none."""
        channels = [channels_of(bound.components) for bound in bounds]
        return (lambda index: key_state(self._document, channels[index])) if any(channels) else None

    def _toggle_key(self, bound: Bound) -> None:
        self._push(toggle_key(self._document, bound.name, channels_of(bound.components)))

    def _change(self, bound: Bound, value: float, gesture: int | None) -> None:
        command = set_component(
            self._document, bound.name, bound.field, bound.indices, value / bound.factor, gesture
        )
        self._push(command)
        self._scroll.refresh()
