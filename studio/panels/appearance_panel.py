"""Appearance: the components of the head's texture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from studio.document.commands import change, set_look
from studio.document.document import Document
from studio.document.locks import TEXTURE, without_texture
from studio.document.media import Media
from studio.flame.model import HeadModel
from studio.flame.texture_model import TextureSource
from studio.flame.textures import PICTURE, PLAIN, source_called
from studio.panels.components_panel import Basis, ComponentsPanel, component_scale
from studio.panels.look_pictures import PictureChooser
from studio.panels.panel import Push
from studio.widgets.form_row import FormRow
from studio.widgets.row_list import RowList

_NO_COORDINATES = (
    "{name} has no texture coordinates: put head_template.obj or FLAME_texture.npz into the model folder "
    "(Models…), then open the head again."
)
_NO_TEXTURE = (
    "{name} has no texture model: put FLAME_texture.npz, AlbedoMM or FLAME_albedo_from_BFM.npz into the "
    "model folder (Models…), then open the head again."
)
_NOT_SHOWN = "The shading in use hides the texture; choose Skin to see it."


class AppearancePanel(ComponentsPanel):
    """The components of the texture model in use, and the choice between the model's textures."""

    basis = Basis(TEXTURE, "Texture", "texture", grouped=True)
    shows = frozenset({"model", "look", "locks"})

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._built_for: tuple[HeadModel, str] | None = None

    def build(self) -> None:
        """The choice of a texture above what every panel of components has."""
        self._choice = QComboBox()
        self._choice.activated.connect(lambda index: self._choose(self._choice.itemData(index)))
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "secondary")
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 8, 12, 0)
        column.setSpacing(8)
        column.addWidget(FormRow("Texture", self._choice))
        self._picture = PictureChooser("texture")
        self._picture.chosen.connect(self._take_picture)
        column.addWidget(self._picture)
        column.addWidget(self._hint)
        self._layout.addWidget(head)
        super().build()

    def _take_picture(self, picture: Media) -> None:
        texture = self._document.look.texture.replace(key=PICTURE, coefficients=(), picture=picture)
        look = self._document.look.replace(texture=texture)
        self._push(change(self._document, "Texture", look=look, locks=without_texture(self._document.locks)))

    @property
    def _noun(self) -> str:
        return "appearance"

    @property
    def _told_of_none(self) -> str:
        model = self._document.model
        hinted = model.uv is None or not model.textures
        return "" if hinted else "A picture has no components."

    @property
    def _source(self) -> TextureSource | None:
        return source_called(self._document.model, self._document.look.texture.key)

    def names(self) -> tuple[str, ...]:
        """The texture's names, empty where it has none."""
        return self._source.names if self._source else ()

    def ranges(self) -> np.ndarray:
        """Lowest and highest coefficient, (N, 2)."""
        ranges = self._source.ranges if self._source else ()
        return np.array(ranges, np.float32).reshape(-1, 2)

    def values(self) -> np.ndarray:
        """The coefficients in use, (N,)."""
        source, texture = self._source, self._document.look.texture
        values = np.zeros(source.count if source else 0)
        if source and source.key == texture.key:
            given = texture.coefficients[: source.count]
            values[: len(given)] = given
        return values

    def groups(self) -> dict[str, tuple[int, ...]]:
        """The components by the group that the texture names for each."""
        named = self._source.groups if self._source else ()
        return {
            title: tuple(i for i, group in enumerate(named) if group == title)
            for title in dict.fromkeys(named)
        }

    def component_rows(self, members: Sequence[int], shorten: bool) -> RowList:
        """Rows for the components ``members``."""
        ranges, tips = self.ranges().tolist(), self._source.tips if self._source else ()
        scales = [
            component_scale(self._titles[i], ranges[i][0], ranges[i][1], tips[i] if i < len(tips) else "")
            for i in members
        ]
        rows = RowList(
            scales,
            lambda row: round(float(self.values()[members[row]]), 4),
            lambda row: (TEXTURE, members[row]) in self._document.locks,
        )
        rows.lock_asked.connect(
            lambda row: self.toggle_lock(self._titles[members[row]], frozenset({(TEXTURE, members[row])}))
        )
        rows.value_changed.connect(lambda row, value, gesture: self._move(members[row], value, gesture))
        return rows

    def set_values(self, name: str, values: np.ndarray, gesture: int | None = None) -> None:
        """Take the coefficients ``values`` (N,) in one step called ``name``."""
        source = self._source
        if source is not None:
            coefficients = tuple(round(float(value), 4) for value in values)
            texture = self._document.look.texture.replace(key=source.key, coefficients=coefficients)
            self._push(set_look(self._document, name, self._document.look.replace(texture=texture), gesture))

    def _move(self, index: int, value: float, gesture: int | None) -> None:
        values = self.values()
        values[index] = value
        self.set_values(self._titles[index], values, gesture)

    def _choose(self, key: str) -> None:
        texture = self._document.look.texture.replace(key=key, coefficients=())
        look = self._document.look.replace(texture=texture)
        locks = without_texture(self._document.locks)
        self._push(change(self._document, "Texture", look=look, locks=locks))

    def show_document(self, names: frozenset[str]) -> None:
        """Show the texture in use; rows are made anew for another one."""
        model, source = self._document.model, self._source
        wanted = model, source.key if source else ""
        if self._built_for is None or self._built_for[0] is not model or self._built_for[1] != wanted[1]:
            if self._built_for is not None:
                self.rebuild()
            self._built_for = wanted
            self._offer(model)
        texture = self._document.look.texture
        other = PICTURE if texture.key == PICTURE else PLAIN
        self._choice.setCurrentIndex(self._choice.findData(source.key if source else other))
        self._picture.setVisible(texture.key == PICTURE)
        self._picture.show_picture(texture.picture)
        self._show_hint(model)
        self._scroll.refresh()
        self.show_locks()

    def _offer(self, model: HeadModel) -> None:
        self._choice.clear()
        if model.uv is not None:
            for source in model.textures:
                self._choice.addItem(source.name, source.key)
                told = f"{source.count} components · {source.licence}"
                self._choice.setItemData(self._choice.count() - 1, told, Qt.ItemDataRole.ToolTipRole)
        self._choice.addItem("Plain picture" if model.albedo else "None", PLAIN)
        if model.uv is not None:
            self._choice.addItem("Picture of your own", PICTURE)
        self._choice.setEnabled(self._choice.count() > 1)

    def _show_hint(self, model: HeadModel) -> None:
        text = ""
        if model.uv is None:
            text = _NO_COORDINATES.format(name=model.name)
        elif not model.textures:
            text = _NO_TEXTURE.format(name=model.name)
        elif self._document.look.mode != "textured":
            text = _NOT_SHOWN
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
