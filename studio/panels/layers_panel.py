"""Layers: the keys over the active take, the highest on top, and how each meets what lies below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from studio.document import layer_commands as commands
from studio.document.commands import Command
from studio.document.document import Document
from studio.panels.bars import footer, icon_button, side_by_side
from studio.panels.panel import Panel, Push
from studio.sequence.layers import Blend, Layer
from studio.widgets.form_row import FormRow
from studio.widgets.layer_row import LayerRow, LayerState
from studio.widgets.raised_button import raised_button
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_WEIGHT = SliderScale("Weight", 0.0, 1.0, neutral=1.0, tip="How far the layer changes what lies below")
MERGE_TIP = "Merge this layer into the one below"
_BLENDS: tuple[Blend, ...] = ("replace", "add")
_BLEND_TIPS = ("Its keys in place of what lies below", "Its keys on top of what lies below")
_EMPTY = (
    "No keys yet. Turn Auto-key on and change the face, or click the diamond at a slider: "
    "over a clip a new layer adds to it, over a still it replaces."
)


class LayersPanel(Panel):
    """The layers of the active take. ``reduce_asked``: the clip is to become keys."""

    shows = frozenset({"takes", "active"})

    reduce_asked = Signal()

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._rows: list[LayerRow] = []
        self._layers: tuple[Layer, ...] | None = None  # that are shown

    def build(self) -> None:
        """Buttons above, the list, and below it the settings of the active layer."""
        self._add = self._button("layer-add", "Add layer", lambda: commands.add_layer(self._document))
        self._copy = self._button(
            "copy", "Duplicate layer", lambda: commands.duplicate_layer(self._document, self._active)
        )
        self._merge = self._button(
            "layer-down", MERGE_TIP, lambda: commands.merge_layer(self._document, self._active)
        )
        self._delete = self._button(
            "layer-delete", "Delete layer", lambda: commands.delete_layer(self._document, self._active)
        )
        self._up, self._down = (
            self._button(name, tip, partial(self._moved, step))
            for name, tip, step in (
                ("chevron-up", "Move layer up", 1),
                ("chevron-down", "Move layer down", -1),
            )
        )
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 8, 12, 4)
        row.setSpacing(6)
        for button in (self._add, self._copy, self._merge, self._delete):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._up)
        row.addWidget(self._down)
        self._layout.addWidget(bar)
        self._layout.addWidget(self._make_list(), 1)
        self._layout.addWidget(self._make_footer())

    def _make_list(self) -> QWidget:
        self._empty = QLabel(_EMPTY, wordWrap=True)
        self._empty.setProperty("role", "secondary")
        self._empty.setContentsMargins(12, 4, 12, 8)
        column = QWidget()
        self._list = QVBoxLayout(column)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(column)
        return scroll

    def _make_footer(self) -> QWidget:
        self._blend = Segmented(("Replace", "Add"), _BLEND_TIPS)
        self._blend.chosen.connect(self._set_blend)
        self._weight = SliderRow(_WEIGHT)
        self._weight.value_changed.connect(self._set_weight)
        self._keys = QLabel(wordWrap=True)
        self._keys.setProperty("role", "secondary")
        self._settings = QWidget()
        column = QVBoxLayout(self._settings)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(FormRow("Blend", self._blend))
        column.addWidget(self._weight)
        column.addWidget(self._keys)
        self._bake = icon_button(
            "Bake",
            "layer-merge",
            lambda: self._push(commands.bake_layers(self._document, self._active)),
            "Lay this layer and those below it into the clip, as frames",
        )
        self._reduce = icon_button(
            "Reduce…", "reduce-keys", self.reduce_asked.emit, "Make the clip few keys, within a tolerance"
        )
        return footer(self._settings, side_by_side(self._bake, self._reduce))

    def _button(self, name: str, tip: str, make: Callable[[], Command]) -> QToolButton:
        button = raised_button(name, tip)
        button.clicked.connect(lambda: self._push(make()))
        return button

    @property
    def _active(self) -> int:
        return self._document.take.active_layer

    def _moved(self, step: int) -> Command:
        return commands.move_layer(self._document, self._active, self._active + step)

    def _set_blend(self, index: int) -> None:
        name = f"Blend of {self._document.take.layers[self._active].name}"
        self._push(commands.change_layer(self._document, name, self._active, blend=_BLENDS[index]))

    def _set_weight(self, value: float, gesture: int | None) -> None:
        name = f"Weight of {self._document.take.layers[self._active].name}"
        self._push(commands.change_layer(self._document, name, self._active, gesture, weight=value))

    def show_document(self, names: frozenset[str]) -> None:
        """Show the layers of the active take."""
        take = self._document.take
        layers, active = take.layers, take.layer
        self._show_rows()
        self._empty.setVisible(not layers)
        for button in (self._copy, self._delete, self._bake):
            button.setEnabled(active is not None)
        self._merge.setEnabled(not commands.why_not_merged(take, self._active))
        self._up.setEnabled(active is not None and self._active < len(layers) - 1)
        self._down.setEnabled(active is not None and self._active > 0)
        self._reduce.setEnabled(len(take.clip) > 1)
        self._settings.setVisible(active is not None)
        if active is not None:
            self._blend.set_current(_BLENDS.index(active.blend))
            self._weight.set_value(round(active.weight, _WEIGHT.decimals + 2))
            self._keys.setText(_told_of_keys(active))

    def _show_rows(self) -> None:
        """One row a layer, the highest first."""
        take = self._document.take
        while len(self._rows) > len(take.layers):
            row = self._rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(take.layers):
            self._rows.append(self._make_row(len(self._rows)))
        for place, layer in enumerate(take.layers):
            self._rows[place].show_state(
                LayerState(
                    layer.name,
                    f"{layer.blend} {round(100 * layer.weight)} %" if layer.weight < 1.0 else layer.blend,
                    layer.muted,
                    commands.is_solo(take, place),
                    place == take.active_layer,
                )
            )

    def _make_row(self, place: int) -> LayerRow:
        row = LayerRow()
        row.chosen.connect(lambda: self._push(commands.use_layer(self._document, place)))
        row.mute_asked.connect(lambda: self._push(commands.mute_layer(self._document, place)))
        row.solo_asked.connect(lambda: self._push(commands.solo_layer(self._document, place)))
        row.renamed.connect(lambda name: self._push(commands.rename_layer(self._document, place, name)))
        self._list.insertWidget(0, row)
        row.show()
        return row


def _told_of_keys(layer: Layer) -> str:
    """How many keys a layer has, in words."""
    keys, channels = sum(len(curve) for curve in layer.curves.values()), len(layer.curves)
    if not keys:
        return "No keys yet"
    return (
        f"{keys} {'key' if keys == 1 else 'keys'} on {channels} {'channel' if channels == 1 else 'channels'}"
    )
