"""Find anything that can be done by typing a few letters of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from studio.panels.palette_painter import MATCHED, REMARK, PalettePainter
from studio.theme import keep_fitted, scaled
from studio.widgets.fuzzy import match

_WIDTH, _HEIGHT = 560, 420
_RECENT = 4.0  # what something done lately is worth beside a match
_NOTHING = "Nothing has these letters."
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """One thing that can be found."""

    id: str
    title: str
    run: Callable[[], object]
    where: str = ""  # the menu it is in
    keys: str = ""
    icon: QIcon | None = None
    why_not: str = ""  # why it cannot be done now, in a phrase


@dataclass(frozen=True)
class _Found:
    entry: Entry
    places: tuple[int, ...]


class _Entries(QAbstractListModel):
    """What matches, the best first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._found: Sequence[_Found] = ()

    def set_found(self, found: Sequence[_Found]) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        return self._found[row].entry if 0 <= row < len(self._found) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's name and default
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = self._found[index.row()]
        entry = found.entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.DecorationRole:
            return entry.icon
        if role == MATCHED:
            return found.places
        if role == REMARK:
            return (entry.why_not or entry.where, entry.keys)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.title, entry.keys, entry.where, entry.why_not)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsSelectable
        return usual if self._found[index.row()].entry.why_not else usual | Qt.ItemFlag.ItemIsEnabled


class CommandPalette(QDialog):
    """A field and the list of what matches it; Enter runs the chosen entry, Ctrl+C copies it as Python."""

    copy_asked = Signal(str)  # the id of an entry

    def __init__(
        self, entries: Iterable[Entry], recent: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Find a command")
        self._recent = {name: place for place, name in enumerate(recent)}
        self._entries = tuple(entries)
        self._field = QLineEdit(placeholderText="Type a few letters of a command, a panel or a take")
        self._field.setAccessibleName("Command")
        self._list = QListView()
        self._list.setAccessibleName("Commands")
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found = _Entries(self)
        self._list.setModel(self._found)
        self._list.setItemDelegate(PalettePainter(self._list))
        self._nothing = QLabel(_NOTHING)
        self._nothing.setProperty("role", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._field)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list)
        keep_fitted(self, lambda: self.setFixedSize(scaled(_WIDTH), scaled(_HEIGHT)))
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._field.returnPressed.connect(lambda: self._run(self._list.currentIndex()))
        self._list.clicked.connect(self._run)
        self._fill("")

    @property
    def titles(self) -> list[str]:
        """What is listed, the best match first."""
        rows = range(self._found.rowCount())
        return [str(self._found.index(row).data()) for row in rows]

    def _fill(self, typed: str) -> None:
        found = self._matching(typed) if typed.strip() else self._all()
        self._found.set_found(found)
        self._nothing.setVisible(not found)
        self._list.setVisible(bool(found))
        self._choose(0)

    def _all(self) -> list[_Found]:
        """What was done lately first, the rest in the order of the menus."""
        last = len(self._recent)
        ordered = sorted(self._entries, key=lambda entry: self._recent.get(entry.id, last))
        return [_Found(entry, ()) for entry in ordered]

    def _matching(self, typed: str) -> list[_Found]:
        scored = []
        for entry in self._entries:
            matched = match(typed, entry.title)
            if matched is not None:
                bonus = _RECENT if entry.id in self._recent else 0.0
                scored.append((matched.score + bonus, _Found(entry, matched.places)))
        scored.sort(key=lambda pair: -pair[0])
        return [found for _, found in scored]

    def _choose(self, row: int) -> None:
        self._list.setCurrentIndex(self._found.index(row, 0))

    def _run(self, index: QModelIndex) -> None:
        entry = self._found.entry(index.row())
        if entry is None or entry.why_not:
            return
        self.accept()
        entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow and page keys move through the list while the field has the focus, and copy."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Copy) and not self._field.hasSelectedText():
                entry = self._found.entry(self._list.currentIndex().row())
                if entry is not None:
                    self.copy_asked.emit(entry.id)
                return True
            step, count = _STEPS.get(Qt.Key(event.key())), self._found.rowCount()
            if step is not None and count:
                row = self._list.currentIndex().row() + step
                self._choose(row % count if abs(step) == 1 else min(max(row, 0), count - 1))
                return True
        return super().eventFilter(watched, event)
