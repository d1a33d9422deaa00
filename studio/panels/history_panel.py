"""History: every step by name, the present one marked; a click goes there, Ctrl+C copies it as Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QUndoStack,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from studio.theme import current, keep_fitted, scaled

_ROW_HEIGHT = 24
_SIDE = 12
_MARK = 3  # width of the bar at the present step
_FIRST = "Original state"
_SAVED = "saved"
_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)

_MANY = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier

Index = QModelIndex | QPersistentModelIndex


class Copier(Protocol):
    """Puts steps on the clipboard, as Python."""

    def steps(self, places: Sequence[int]) -> None:
        """The steps at ``places``, from 0."""

    def script(self) -> None:
        """Everything, as a script that makes it from a new document."""


class _Steps(QAbstractListModel):
    """The states of an undo stack: the first one, and the one after each step."""

    def __init__(self, stack: QUndoStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._stack = stack
        self._count = stack.count() + 1
        stack.cleanChanged.connect(self._tell)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's name and default
        """One more than there are steps."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A state's name, and for a screen reader how it stands to the present one."""
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._stack.text(row - 1) if row else _FIRST
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = [self.data(index), *([_SAVED] if self.is_saved(row) else [])]
            if row == self._stack.index():
                told.append("present state")
            elif row > self._stack.index():
                told.append("undone")
            return ", ".join(told)
        return None

    def is_saved(self, row: int) -> bool:
        """Whether the file on the disk holds this state; the first one needs no such word."""
        return row > 0 and row == self._stack.cleanIndex()

    def is_present(self, row: int) -> bool:
        """Whether the document is in this state."""
        return row == self._stack.index()

    def is_undone(self, row: int) -> bool:
        """Whether Redo leads there."""
        return row > self._stack.index()

    def refresh(self) -> None:
        """List the states anew."""
        count = self._stack.count() + 1
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        self._tell()

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(self._count - 1))


class _Painter(QStyledItemDelegate):
    """A bar at the present state, fainter names below it, a word at the saved one."""

    def __init__(self, steps: _Steps, parent: QWidget) -> None:
        super().__init__(parent)
        self._steps = steps

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """A row of the panels' grid."""
        return QSize(0, scaled(_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one state."""
        roles, row = current(), index.row()
        area = QRectF(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(roles.hover if chosen else roles.raised))
        if self._steps.is_present(row):
            painter.fillRect(QRectF(area.left(), area.top(), _MARK, area.height()), QColor(roles.accent))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(roles.accent))
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        room = area.adjusted(_SIDE, 0.0, -_SIDE, 0.0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._steps.is_saved(row):
            painter.setPen(QColor(roles.secondary))
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, _SAVED)
            room.adjust(0.0, 0.0, -painter.fontMetrics().horizontalAdvance(_SAVED) - 8.0, 0.0)
        font = painter.font()
        font.setItalic(row == 0)
        painter.setFont(font)
        painter.setPen(QColor(roles.secondary if self._steps.is_undone(row) else roles.text))
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


class _List(QListView):
    """A list that keeps its own keys from being taken as shortcuts."""

    copy_asked = Signal()

    def event(self, event: QEvent) -> bool:
        """Take the arrow and page keys, and Copy."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if (plain and event.key() in _KEYS) or event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)


class HistoryPanel(QWidget):
    """The states of ``stack`` from the first to the last; choosing one by mouse or keys goes there.

    Several are chosen with Shift or Ctrl, for ``copier``.
    """

    def __init__(self, stack: QUndoStack, copier: Copier) -> None:
        super().__init__()
        self._stack = stack
        self._copier = copier
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._steps = steps = _Steps(stack, self)
        self._list = _List()
        self._list.setModel(steps)
        self._list.setItemDelegate(_Painter(steps, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("History")
        self._list.setAccessibleDescription("Every step; choose one to go there, Ctrl+C copies it as Python")
        self._list.copy_asked.connect(self._copy)
        self._list.setProperty("role", "plain")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._list)
        stack.indexChanged.connect(self._on_changed)
        keep_fitted(self, self._list.doItemsLayout)
        self._list.selectionModel().selectionChanged.connect(self._on_chosen)
        self._show_present()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable size."""
        return QSize(340, 480)

    def focus(self) -> None:
        """Give the keys to the list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the steps as Python."""
        menu = QMenu(self)
        chosen = menu.addAction("Copy as Python", self._copy)
        chosen.setShortcut(QKeySequence.StandardKey.Copy)
        chosen.setEnabled(bool(self._chosen_steps()))
        menu.addAction("Copy everything as Python", self._copier.script)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def _chosen_steps(self) -> list[int]:
        rows = (index.row() for index in self._list.selectionModel().selectedIndexes())
        return sorted(row - 1 for row in rows if row > 0)

    def _copy(self) -> None:
        steps = self._chosen_steps()
        if steps:
            self._copier.steps(steps)

    def _on_chosen(self) -> None:
        """Go to the one state that is chosen; several are only chosen."""
        chosen = self._list.selectionModel().selectedIndexes()
        if len(chosen) == 1 and not QGuiApplication.keyboardModifiers() & _MANY:
            self._go_to(chosen[0].row())

    def _go_to(self, row: int) -> None:
        """Undo or redo to the state at ``row``, unless rows are only coming or going."""
        if 0 <= row <= self._stack.count() and self._steps.rowCount() == self._stack.count() + 1:
            self._stack.setIndex(row)

    def _on_changed(self) -> None:
        if isValid(self._stack):  # a stack that is being deleted tells so too
            self._steps.refresh()
            self._show_present()

    def _show_present(self) -> None:
        self._list.setCurrentIndex(self._steps.index(self._stack.index(), 0))
