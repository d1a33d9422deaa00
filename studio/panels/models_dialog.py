"""The Models dialog: what lies in the model folders, what is in use, what is missing and where to get it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.flame.library import Missing
from studio.flame.model import HeadModel
from studio.theme import scaled

if TYPE_CHECKING:
    from studio.flame.describe import Description

_COLUMNS = ("Name", "What it is", "Version", "Digest", "Licence", "Where")
_WIDTHS = (250, 330, 100, 110, 170)  # at the usual size of text; the last column has the rest
_ROW_HEIGHT = 24
_DIGEST_SHOWN = 12


class ModelsDialog(QDialog):
    """Lists models and their companions; a double click or Use switches."""

    model_chosen = Signal(object)  # Path of a head model, or None for the open head
    convert_asked = Signal(object)  # the same
    rescan_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.resize(min(scaled(1120), round(0.9 * self.screen().availableGeometry().width())), scaled(560))
        self._folder: Path | None = None
        self._places = ""
        self._tree = self._make_tree()
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "secondary")
        self._use = QPushButton("Use this model")
        self._use.clicked.connect(self._choose)
        self._convert = QPushButton("Convert…")
        self._convert.setToolTip("Save the chosen head model as a pickle, npz, safetensors or npy files")
        self._convert.clicked.connect(self._ask_convert)
        self._get = QPushButton("Open its page")
        self._get.clicked.connect(self._open_page)
        self._tree.itemDoubleClicked.connect(self._choose)
        self._tree.itemSelectionChanged.connect(self._on_selection)
        self._lay_out()
        self._on_selection()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels(_COLUMNS)
        tree.setRootIsDecorated(True)
        tree.setAccessibleName("Models")
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        return tree

    def _lay_out(self) -> None:
        folder = QPushButton("Open model folder")
        folder.clicked.connect(self._open_folder)
        rescan = QPushButton("Look again")
        rescan.clicked.connect(self.rescan_asked)
        close = QPushButton("Close")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        for button in (folder, rescan, self._get):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self._convert, self._use, close):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._tree)
        layout.addWidget(self._hint)
        layout.addLayout(buttons)

    def show_library(
        self,
        in_use: HeadModel,
        loaded: Sequence[HeadModel],
        found: Sequence[Description],
        missing: Sequence[Missing],
        folders: Sequence[Path],
    ) -> None:
        """Fill the list.

        Args:
            in_use: the document's model.
            loaded: every model read since the start, the one in use among them.
            found: what lies in the model folders.
            missing: published files that were not found.
            folders: the folders looked in, most important first.

        """
        self._folder = folders[0] if folders else None
        self._tree.clear()
        self._add_loaded(in_use, loaded)
        self._add_found(found)
        self._add_missing(missing)
        for column, width in enumerate(_WIDTHS):
            self._tree.setColumnWidth(column, scaled(width))
        places = " · ".join(str(folder) for folder in folders)
        self._places = f"Drop licensed files into a model folder, or on the window. Folders: {places}"
        self._on_selection()

    def show_scanning(self) -> None:
        """Say that the folders are being read."""
        self._tree.clear()
        self._hint.setText("Looking through the model folders…")

    def _add_loaded(self, in_use: HeadModel, loaded: Sequence[HeadModel]) -> None:
        group = self._group("Loaded")
        for model in loaded:
            what = "Head model, in use" if model is in_use.original else "Head model"
            where = str(model.source) if model.source else "Shipped with the studio"
            sizes = f"{model.shape_count} shape, {model.expression_count} expression"
            item = self._row(group, model.name, what, model.version, model.digest, model.licence, where)
            item.setToolTip(0, f"{model.vertex_count} vertices, {sizes}")
            self._note(item, model.notices)
            item.setData(0, Qt.ItemDataRole.UserRole, ("model", model.source))

    def _add_found(self, found: Sequence[Description]) -> None:
        group = self._group("Found in the model folders")
        for entry in found:
            item = self._row(
                group,
                entry.path.name,
                entry.title,
                entry.version,
                entry.digest,
                entry.licence,
                str(entry.path.parent),
            )
            if entry.problem:
                item.setText(1, entry.problem)
                item.setToolTip(1, entry.problem)
            else:
                self._note(item, entry.problems)
            if entry.kind == "model" and not entry.problem:
                item.setData(0, Qt.ItemDataRole.UserRole, ("model", entry.path))
        if not found:
            self._row(group, "Nothing yet", "The open head is used; it needs no file.", "", "", "", "")

    def _add_missing(self, missing: Sequence[Missing]) -> None:
        group = self._group("Missing")
        for entry in missing:
            item = self._row(group, entry.name, entry.purpose, "", "", entry.licence, entry.url)
            item.setData(0, Qt.ItemDataRole.UserRole, ("page", entry.url))

    def _group(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self._tree, [title])
        item.setFirstColumnSpanned(True)
        item.setExpanded(True)
        item.setSizeHint(0, QSize(0, scaled(_ROW_HEIGHT)))
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        return item

    def _row(
        self,
        group: QTreeWidgetItem,
        name: str,
        what: str,
        version: str,
        digest: str,
        licence: str,
        where: str,
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem(group, [name, what, version, digest[:_DIGEST_SHOWN], licence, where])
        item.setSizeHint(0, QSize(0, scaled(_ROW_HEIGHT)))
        item.setToolTip(1, what)
        item.setToolTip(3, f"sha256 {digest}" if digest else "")
        item.setToolTip(4, licence)
        item.setToolTip(5, where)
        return item

    def _note(self, item: QTreeWidgetItem, notices: Sequence[str]) -> None:
        """Say that there is something to know of ``item``; the words are told when it is chosen."""
        if notices:
            item.setText(1, f"{item.text(1)}; see its notice")
            item.setToolTip(1, "\n".join(notices))
            item.setData(1, Qt.ItemDataRole.UserRole, " ".join(notices))

    def _selected(self) -> tuple[str, object]:
        items = self._tree.selectedItems()
        data = items[0].data(0, Qt.ItemDataRole.UserRole) if items else None
        return tuple(data) if data else ("", None)

    def _on_selection(self) -> None:
        kind, _ = self._selected()
        self._use.setEnabled(kind == "model")
        self._convert.setEnabled(kind == "model")
        self._get.setEnabled(kind == "page")
        self._hint.setText(self._details() or self._places)

    def _details(self) -> str:
        """All of the chosen row, for what its columns cut off."""
        items = self._tree.selectedItems()
        if not items or items[0].childCount():
            return ""
        texts = [items[0].text(column) for column in (0, 1, 2, 4, 5)]
        notices = items[0].data(1, Qt.ItemDataRole.UserRole) or ""
        return " · ".join(text for text in (*texts, notices) if text)

    def _choose(self) -> None:
        kind, path = self._selected()
        if kind == "model":
            self.model_chosen.emit(path)

    def _ask_convert(self) -> None:
        kind, path = self._selected()
        if kind == "model":
            self.convert_asked.emit(path)

    def _open_page(self) -> None:
        kind, url = self._selected()
        if kind == "page":
            QDesktopServices.openUrl(QUrl(str(url)))

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
