"""Components of a head's own basis: in the model's order or by what they move, with pictures of where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox

from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.flame.reach import reaches
from studio.panels.bars import top_bar
from studio.panels.components_panel import ComponentsPanel
from studio.panels.panel import Push
from studio.widgets.form_row import FormRow
from studio.widgets.row_list import RowList, RowPictures

_MILLIMETRES = 1000.0
_ORDERS = ("As in the model", "Most movement first")


class Pictures(Protocol):
    """Where the pictures of components come from."""

    @property
    def ready(self) -> SignalInstance:
        """There are more than before."""

    def picture(self, field: str, index: int) -> QImage | None:
        """Where component ``index`` of ``field`` acts; None while it is made."""


class BasisPanel(ComponentsPanel):
    """A panel of shape or expression components."""

    def __init__(self, document: Document, push: Push, pictures: Pictures | None = None) -> None:
        super().__init__(document, push)
        self._pictures = pictures
        self._reaches: tuple[HeadModel, np.ndarray] | None = None
        if pictures is not None:
            pictures.ready.connect(self._on_picture)

    def build(self) -> None:
        """The choice of an order between search and rows."""
        self._order = QComboBox()
        self._order.addItems(_ORDERS)
        self._order.setToolTip("Movement is the farthest that one unit of a component moves any point")
        self._order.activated.connect(lambda _: self._reorder())
        self._order_bar = top_bar(FormRow("Order", self._order))
        super().build()
        self._layout.insertWidget(1, self._order_bar)

    def show_document(self, names: frozenset[str]) -> None:
        """Show the parameters, and a choice of the order where there are any."""
        super().show_document(names)
        self._order_bar.setVisible(len(self._titles) > 0)

    def groups(self) -> dict[str, tuple[int, ...]]:
        """By part of the face in the model's order; one list of all by movement."""
        return {} if self._by_movement else super().groups()

    def order(self) -> Sequence[int]:
        """The components from the top down."""
        if not self._by_movement:
            return super().order()
        return [int(index) for index in np.argsort(-self._millimetres(), kind="stable")]

    def component_rows(self, members: Sequence[int], shorten: bool) -> RowList:
        """Rows with a picture of where each component acts."""
        if self._pictures is None:
            return super().component_rows(members, shorten)
        source, field = self._pictures, self.basis.field
        pictures = RowPictures(
            lambda place: source.picture(field, members[place]), lambda place: self._tip(members[place])
        )
        return self.rows_of(self._bounds(members, shorten), pictures)

    @property
    def _by_movement(self) -> bool:
        return self._order.currentIndex() == 1

    def _reorder(self) -> None:
        self.rebuild()
        self._scroll.verticalScrollBar().setValue(0)
        self._scroll.show_view()
        self.show_locks()

    def _millimetres(self) -> np.ndarray:
        """How far each component moves the head at most, (N,)."""
        model = self._document.model
        if self._reaches is None or self._reaches[0] is not model:
            self._reaches = model, _MILLIMETRES * reaches(model, self.basis.field)
        return self._reaches[1]

    def _tip(self, index: int) -> str:
        return f"{self._titles[index]}: up to {self._millimetres()[index]:.1f} mm at 1"

    def _on_picture(self) -> None:
        if self._built and self._seen:
            self._scroll.refresh()
