"""Keyboard shortcuts: every action with its keys, to be found, changed and set back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.keymap import Binding, Keymap, shown_keys
from studio.panels.gesture_table import GESTURES
from studio.theme import icon, keep_fitted, scaled

_WIDTH, _HEIGHT, _ROW = 720, 620, 24  # at the usual size of text
_TITLE_SHARE = 0.56
_HANDS = "Mouse and sliders"
_NAME = Qt.ItemDataRole.UserRole
_CHOOSE = "Choose a command, then press its new keys."
_FIXED = "What the mouse does, and what keys do on a slider or in the timeline, cannot be changed."


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(row) for row in range(item.childCount()))
    return [child for child in found if child is not None]


class ShortcutsDialog(QDialog):
    """Lists what ``keymap`` has, and changes it with effect at once."""

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self._keymap = keymap
        self._search = QLineEdit(placeholderText="Search commands and keys…")
        self._search.setAccessibleName("Search commands and keys")
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
        self._tree = self._make_tree()
        self._told = QLabel(_CHOOSE, wordWrap=True)
        self._told.setProperty("role", "secondary")
        self._field = QKeySequenceEdit()
        self._field.setMaximumSequenceLength(1)
        self._field.setClearButtonEnabled(True)
        self._field.setAccessibleName("New keys")
        self._set = self._button("Set", "Let these keys alone do it", self._on_set)
        self._add = self._button("Add", "Let these keys do it too", self._on_add)
        self._clear = self._button("Remove", "Let no keys do it", self._on_clear)
        self._reset = self._button("Reset", "Back to the keys it came with", self._on_reset)
        self._reset_all = self._button("Reset all", "Back to the keys that all came with", keymap.reset_all)
        self._lay_out()
        self._fill()
        keymap.changed.connect(self._show_keys)
        self._search.textChanged.connect(self._filter)
        self._tree.currentItemChanged.connect(lambda *_: self._on_chosen())
        self._field.keySequenceChanged.connect(lambda _: self._judge())
        self._on_chosen()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels(("Command", "Keys"))
        tree.setAccessibleName("Commands and their keys")
        tree.setUniformRowHeights(True)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        tree.header().setStretchLastSection(True)
        return tree

    def _button(self, text: str, tip: str, run: object) -> QPushButton:
        button = QPushButton(text, autoDefault=False)
        button.setToolTip(tip)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        change = QHBoxLayout()
        change.setSpacing(8)
        change.addWidget(self._field, 1)
        for button in (self._set, self._add, self._clear, self._reset):
            change.addWidget(button)
        close = QPushButton("Close", autoDefault=False)
        close.clicked.connect(self.accept)
        ends = QHBoxLayout()
        ends.addWidget(self._reset_all)
        ends.addStretch()
        ends.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._search)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._told)
        layout.addLayout(change)
        layout.addLayout(ends)
        keep_fitted(self, self._fit_to_text)

    def _fit_to_text(self) -> None:
        size = QSize(scaled(_WIDTH), scaled(_HEIGHT))
        screen = self.screen().availableGeometry().size() * 0.9
        self.resize(size.boundedTo(screen))
        self._tree.setColumnWidth(0, round(_TITLE_SHARE * self.width()))

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for binding in self._keymap.bindings():
            menu, _, inner = binding.menu.partition("/")
            title = f"{inner}: {binding.title}" if inner else binding.title
            item = self._row(self._group(groups, menu), title, "")
            item.setData(0, _NAME, binding.id)
            self._show_binding(item, binding)
        for gesture in GESTURES:
            title = f"{gesture.where}: {gesture.does[:1].lower()}{gesture.does[1:]}"
            self._row(self._group(groups, _HANDS), title, gesture.hand)

    def _group(self, groups: dict[str, QTreeWidgetItem], title: str) -> QTreeWidgetItem:
        if title not in groups:
            item = QTreeWidgetItem(self._tree, [title])
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
            item.setFirstColumnSpanned(True)
            item.setSizeHint(0, QSize(0, scaled(_ROW)))
            item.setExpanded(True)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            groups[title] = item
        return groups[title]

    def _row(self, group: QTreeWidgetItem, title: str, keys: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(group, [title, keys])
        item.setSizeHint(0, QSize(0, scaled(_ROW)))
        item.setToolTip(1, keys)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for group in self._groups() for item in _children(group)]

    def _groups(self) -> list[QTreeWidgetItem]:
        return _children(self._tree.invisibleRootItem())

    def _show_keys(self, name: str) -> None:
        bindings = {binding.id: binding for binding in self._keymap.bindings()}
        for item in self._items():
            if item.data(0, _NAME) == name:
                self._show_binding(item, bindings[name])
        self._judge()

    def _show_binding(self, item: QTreeWidgetItem, binding: Binding) -> None:
        """Write the keys of ``binding``, in bold and with a word where the user changed them."""
        keys = shown_keys(binding.keys)
        item.setText(1, f"{keys}  (changed)".strip() if binding.is_changed else keys)
        font = item.font(1)
        font.setBold(binding.is_changed)
        item.setFont(1, font)

    def _filter(self, typed: str) -> None:
        words = typed.lower().split()
        for item in self._items():
            text = f"{item.text(0)} {item.text(1)}".lower()
            item.setHidden(not all(word in text for word in words))
        for group in self._groups():
            group.setHidden(all(item.isHidden() for item in _children(group)))

    @property
    def told(self) -> str:
        """What is said of the chosen action and the keys pressed."""
        return self._told.text()

    @property
    def listed(self) -> list[str]:
        """The titles that match what is searched."""
        return [item.text(0) for item in self._items() if not item.isHidden()]

    @property
    def _chosen(self) -> str:
        """The id of the chosen action, empty for none."""
        item = self._tree.currentItem()
        return str(item.data(0, _NAME) or "") if item is not None else ""

    @property
    def _keys(self) -> str:
        return self._field.keySequence().toString()

    def _on_chosen(self) -> None:
        self._field.clear()
        self._judge()

    def _judge(self) -> None:
        """Say what the pressed keys do now, and offer what can be done with them."""
        name, keys = self._chosen, self._keys
        binding = next((one for one in self._keymap.bindings() if one.id == name), None)
        refused = self._keymap.reserved(keys)
        usable = binding is not None and bool(keys) and not refused
        self._field.setEnabled(binding is not None)
        self._set.setEnabled(usable)
        self._add.setEnabled(usable)
        self._clear.setEnabled(binding is not None and bool(binding.keys))
        self._reset.setEnabled(binding is not None and binding.is_changed)
        self._reset_all.setEnabled(any(one.is_changed for one in self._keymap.bindings()))
        self._told.setText(self._words(binding, keys, refused))

    def _words(self, binding: Binding | None, keys: str, refused: str) -> str:
        if binding is None:
            item = self._tree.currentItem()
            return _FIXED if item is not None and item.parent() is not None else _CHOOSE
        shown = shown_keys((keys,))
        if refused:
            return f"{shown} {refused}, so no command can have it."
        if not keys:
            return f"Press new keys for {binding.title}."
        holder = self._keymap.holder(keys)
        if holder is None:
            return f"{shown} is free."
        if holder.id == binding.id:
            return f"{shown} does this already."
        return f"{shown} belongs to {holder.title}. Set or Add takes it from there."

    def _on_set(self) -> None:
        name, keys = self._chosen, self._keys
        self._keymap.set_keys(name, ())
        self._keymap.take_over(name, keys)
        self._field.clear()

    def _on_add(self) -> None:
        self._keymap.take_over(self._chosen, self._keys)
        self._field.clear()

    def _on_clear(self) -> None:
        self._keymap.set_keys(self._chosen, ())

    def _on_reset(self) -> None:
        self._keymap.reset(self._chosen)
        self._field.clear()
