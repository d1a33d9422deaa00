"""Find a command by typing part of its name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

_WIDTH, _HEIGHT = 460, 360
_ROW_HEIGHT, _ICON = 24, 16


def matches(words: str, title: str) -> bool:
    """Whether every word of ``words`` occurs in ``title``, in any case."""
    return all(word in title.lower() for word in words.lower().split())


class CommandPalette(QDialog):
    """A field and the list of enabled actions that match it; Enter runs the chosen one."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Find a command")
        self._actions = [action for action in actions if action.isEnabled()]
        self._field = QLineEdit(placeholderText="Type a command")
        self._field.setAccessibleName("Command")
        self._list = QListWidget()
        self._list.setAccessibleName("Commands")
        self._list.setIconSize(QSize(_ICON, _ICON))
        blank = QPixmap(_ICON, _ICON)
        blank.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(blank)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._field.returnPressed.connect(self._run)
        self._list.itemActivated.connect(self._run)
        self._fill("")

    def _fill(self, words: str) -> None:
        self._list.clear()
        for action in self._actions:
            title = str(action.data() or action.text()).replace("&", "")
            if matches(words, title):
                keys = action.shortcut().toString()
                text = f"{title}    {keys}" if keys else title
                icon = self._blank if action.icon().isNull() else action.icon()
                item = QListWidgetItem(icon, text)
                item.setSizeHint(QSize(0, _ROW_HEIGHT))
                item.setData(Qt.ItemDataRole.UserRole, action)
                self._list.addItem(item)
        if not self._list.count():
            nothing = QListWidgetItem("No command has these words.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(nothing)
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        item = self._list.currentItem()
        if item is None:
            return
        action = item.data(Qt.ItemDataRole.UserRole)
        if action is None:
            return
        self.accept()
        action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys move through the list while the field has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._list.count():
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
        return super().eventFilter(watched, event)
