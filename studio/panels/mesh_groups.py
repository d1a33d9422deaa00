"""Variants of the model's mesh in the Look panel: teeth, and parts left out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from studio.document.commands import use_variant
from studio.document.document import Document
from studio.flame.model import HeadModel, Variant
from studio.flame.teeth import teeth_refusal
from studio.flame.variants import removable_parts
from studio.panels.panel import Push
from studio.panels.words import sentence
from studio.storage.errors import StudioError
from studio.widgets.group import Group
from studio.widgets.plain_tip import plain_tip

_TEETH_TIP = "Adds two rows of teeth in the layout of VHAP and GaussianAvatars, for vertex offsets made there"
_NO_REGIONS = "The model has no named regions; put FLAME_masks.pkl beside it."
_COLUMNS = 2


class MeshGroups:
    """The groups ``mesh`` and ``parts``, which change the model of the document to a variant of it."""

    def __init__(self, document: Document, push: Push) -> None:
        self._document = document
        self._push = push
        self._shown: HeadModel | None = None  # the model of the file whose parts are offered
        self._parts: dict[str, QCheckBox] = {}
        self._teeth = QCheckBox("Teeth")
        self._teeth.clicked.connect(self._set_teeth)
        self._note = QLabel(wordWrap=True)
        self._note.setProperty("role", "secondary")
        self.mesh = Group("Mesh")
        self.mesh.add(self._teeth)
        self.mesh.add(self._note)
        self.parts = Group("Hide parts")
        self.parts.set_unfolded(False)
        self._all = self.parts.add_action("show all", self._show_all, "Show all parts")
        self._boxes = QWidget()
        self._grid = QGridLayout(self._boxes)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self.parts.add(self._boxes)

    def show_model(self) -> None:
        """Show the model of the document."""
        model = self._document.model
        refusal = teeth_refusal(model.original)
        self._teeth.setEnabled(not refusal)
        self._teeth.setToolTip(refusal or _TEETH_TIP)
        self._teeth.setChecked(model.variant.teeth)
        self._tell(refusal)
        offered = removable_parts(model)
        if self._shown is not model.original or tuple(self._parts) != offered:
            self._shown = model.original
            self._offer(offered)
        for name, box in self._parts.items():
            box.setChecked(name in model.variant.without)
        self._all.setEnabled(bool(model.variant.without))

    def _offer(self, names: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._parts = {}
        if not names:
            note = QLabel(_NO_REGIONS, wordWrap=True)
            note.setProperty("role", "secondary")
            self._grid.addWidget(note, 0, 0, 1, _COLUMNS)
        for index, name in enumerate(names):
            box = QCheckBox(sentence(name))
            box.setToolTip(plain_tip(f"Leave out the faces of {name}; vertices and landmarks stay"))
            box.clicked.connect(lambda checked, part=name: self._set_part(part, checked))
            self._parts[name] = box
            self._grid.addWidget(box, index // _COLUMNS, index % _COLUMNS)

    def _tell(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _set_teeth(self, wanted: bool) -> None:
        variant = self._document.model.variant
        without = variant.without if wanted else frozenset(n for n in variant.without if "teeth" not in n)
        self._use("Teeth", Variant(wanted, without))

    def _set_part(self, name: str, hidden: bool) -> None:
        variant = self._document.model.variant
        without = variant.without | {name} if hidden else variant.without - {name}
        title = sentence(name).lower()
        self._use(f"Hide {title}" if hidden else f"Show {title}", replace(variant, without=without))

    def _show_all(self) -> None:
        self._use("Show all parts", replace(self._document.model.variant, without=frozenset()))

    def _use(self, name: str, variant: Variant) -> None:
        try:
            self._push(use_variant(self._document, name, variant))
        except StudioError as error:
            self.show_model()
            self._tell(str(error))
