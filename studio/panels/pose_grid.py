"""The grid of poses: a little picture of each, its name, and which one is on the face."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.controls.preset_folders import Stored
from studio.theme import current
from studio.theme.text_size import keep_fitted, scaled
from studio.widgets.plain_tip import plain_tip

STORED = Qt.ItemDataRole.UserRole
_NARROWEST = 92  # pixels of a cell
_GAP, _LABEL = 4, 18
_RADIUS = 4.0
_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Delete,
    Qt.Key.Key_F2,
)

Index = QModelIndex | QPersistentModelIndex
PictureOf = Callable[[Stored], QImage | None]


class PoseModel(QAbstractListModel):
    """The poses that are shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stored: tuple[Stored, ...] = ()

    @property
    def stored(self) -> tuple[Stored, ...]:
        """What is shown, in order."""
        return self._stored

    def show(self, stored: Sequence[Stored]) -> None:
        """List ``stored``."""
        self.beginResetModel()
        self._stored = tuple(stored)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's name and default
        """How many there are."""
        return 0 if parent.isValid() else len(self._stored)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A pose's name, what a pointer over it is told, and the pose itself."""
        if not 0 <= index.row() < len(self._stored):
            return None
        entry = self._stored[index.row()]
        preset = entry.preset
        if role == Qt.ItemDataRole.DisplayRole:
            return preset.name
        if role == STORED:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [
                preset.name,
                preset.note,
                ", ".join(preset.tags),
                preset.author and f"by {preset.author}",
            ]
            return plain_tip("\n".join(line for line in lines if line))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((preset.name, *preset.tags))
        return None

    def place(self, entry: Stored | None) -> QModelIndex:
        """Where ``entry`` is shown."""
        for row, shown in enumerate(self._stored):
            if entry is not None and shown.path == entry.path:
                return self.index(row)
        return QModelIndex()


class _Tile(QStyledItemDelegate):
    """A picture on a raised tile, the name below it, a frame around the one in use."""

    def __init__(self, grid: PoseGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._fitting: dict[int, QPixmap] = {}
        self._size = (0, 1.0)  # pixels, and how many of them make one of Qt's

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """One cell."""
        return self._grid.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one pose."""
        entry = index.data(STORED)
        if entry is None:
            return
        roles, area = current(), QRect(option.rect)
        side = area.width() - 2 * _GAP
        tile = QRectF(area.left() + _GAP, area.top() + _GAP, side, side)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(tile, _RADIUS, _RADIUS)
        painter.fillPath(shape, QColor(roles.hover if hovered else roles.raised))
        picture = self._grid.picture_of(entry)
        if picture is not None:
            painter.setClipPath(shape)
            painter.drawPixmap(tile.topLeft(), self._fitted(picture, side))
            painter.setClipping(False)
        self._frame(painter, tile, entry, option)
        name = QRect(area.left() + _GAP, int(tile.bottom()) + 2, side, scaled(_LABEL))
        in_use = self._grid.is_in_use(entry)
        painter.setPen(QColor(roles.text if in_use or hovered else roles.secondary))
        text = painter.fontMetrics().elidedText(entry.preset.name, Qt.TextElideMode.ElideRight, side)
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _fitted(self, picture: QImage, side: int) -> QPixmap:
        """``picture`` in the size of a tile, as sharp as the screen is."""
        ratio = self._grid.devicePixelRatioF()
        wanted = round(side * ratio), ratio
        if wanted != self._size:
            self._size = wanted
            self._fitting.clear()
        key = picture.cacheKey()
        if key not in self._fitting:
            smooth = Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(picture.scaledToWidth(wanted[0], smooth))
            pixmap.setDevicePixelRatio(ratio)
            self._fitting[key] = pixmap
        return self._fitting[key]

    def _frame(self, painter: QPainter, tile: QRectF, entry: Stored, option: QStyleOptionViewItem) -> None:
        roles = current()
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if self._grid.is_in_use(entry):
            pen = QPen(QColor(roles.accent), 2.0)
        elif focused:
            pen = QPen(QColor(roles.accent), 1.0, Qt.PenStyle.DashLine)
        else:
            pen = QPen(QColor(roles.line), 1.0)
        inset = pen.widthF() / 2.0
        painter.setPen(pen)
        painter.drawRoundedRect(tile.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)


class PoseGrid(QListView):
    """Poses to click: one click or Return applies, two clicks apply fully, the menu key has more."""

    applied = Signal(object)  # Stored
    applied_fully = Signal(object)  # Stored
    menu_asked = Signal(object, QPoint)  # Stored, where on the screen
    rename_asked = Signal(object)  # Stored
    delete_asked = Signal(object)  # Stored

    def __init__(self, picture_of: PictureOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture_of = picture_of
        self.poses = PoseModel(self)
        self._in_use: Stored | None = None
        keep_fitted(self, self._fit)
        self.setModel(self.poses)
        self.setItemDelegate(_Tile(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Poses")
        self.setAccessibleDescription("Click or press Return to put one on the face")
        self.setProperty("role", "plain")
        self.clicked.connect(lambda index: self.applied.emit(index.data(STORED)))
        self.doubleClicked.connect(lambda index: self.applied_fully.emit(index.data(STORED)))
        self.customContextMenuRequested.connect(self._ask_menu)

    def show_poses(self, stored: Sequence[Stored]) -> None:
        """List ``stored``; the one under the keys stays so, where it is still there."""
        chosen = self.currentIndex().data(STORED)
        self.poses.show(stored)
        self.setCurrentIndex(self.poses.place(chosen))

    def show_in_use(self, entry: Stored | None) -> None:
        """Mark the pose that is on the face."""
        self._in_use = entry
        self.viewport().update()

    def is_in_use(self, entry: Stored) -> bool:
        """Whether ``entry`` is the pose on the face."""
        return self._in_use is not None and self._in_use.path == entry.path

    @property
    def chosen(self) -> Stored | None:
        """The pose under the keys."""
        entry = self.currentIndex().data(STORED)
        return entry if isinstance(entry, Stored) else None

    def choose(self, entry: Stored) -> None:
        """Put the keys on ``entry`` and scroll to it."""
        place = self.poses.place(entry)
        if place.isValid():
            self.setCurrentIndex(place)
            self.scrollTo(place)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two poses side by side."""
        return QSize(2 * _NARROWEST, _NARROWEST + scaled(_LABEL) + 2 * _GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Use the whole width."""
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        width = self.viewport().width()
        cell = max(width // max(width // scaled(_NARROWEST), 1) - 1, 1)
        self.setGridSize(QSize(cell, cell + scaled(_LABEL) + _GAP))

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the grid uses from being taken as shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Return applies, F2 renames, Delete deletes; arrows move."""
        entry, key = self.chosen, event.key()
        if entry is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.applied.emit(entry)
        elif entry is not None and key == Qt.Key.Key_F2:
            self.rename_asked.emit(entry)
        elif entry is not None and key == Qt.Key.Key_Delete:
            self.delete_asked.emit(entry)
        else:
            super().keyPressEvent(event)

    def _ask_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if index.isValid():
            self.menu_asked.emit(index.data(STORED), self.viewport().mapToGlobal(place))
