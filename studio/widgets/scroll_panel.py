"""The scrolling body of a panel: tells the row lists in it which part of them can be seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.theme import scaled
from studio.widgets.row_list import RowList
from studio.widgets.tab_order import tab_as_laid_out

_SIDE = 12  # pixels


class ScrollPanel(QScrollArea):
    """A column of widgets that scrolls up and down and takes the width there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lists: list[RowList] = []
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._content)
        self._content.installEventFilter(self)
        self.verticalScrollBar().valueChanged.connect(self.show_view)
        self.verticalScrollBar().rangeChanged.connect(self._fit_margins)
        self._fit_margins()

    def _fit_margins(self) -> None:
        """A scroll bar takes its width from the margin, not from the rows."""
        bar = self.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.maximum() > bar.minimum() else 0
        self._column.setContentsMargins(_SIDE, 8, max(_SIDE - taken, 0), 12)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable width; any height will do."""
        return QSize(scaled(324), 360)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow enough for a small screen."""
        return QSize(scaled(240), 80)

    def add(self, widget: QWidget, lists: tuple[RowList, ...] = ()) -> None:
        """Put ``widget`` below the others; ``lists`` are the row lists inside it."""
        self._column.addWidget(widget)
        for rows in lists:
            rows.row_focused.connect(lambda area, rows=rows: self._reveal(rows, area))
            self._lists.append(rows)

    def clear(self) -> None:
        """Take everything out and delete it."""
        self._lists.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def show_view(self) -> None:
        """Build and refresh the rows that can be seen."""
        view = self.viewport().rect()
        empty = sum(not rows.rows for rows in self._lists)
        for rows in self._lists:
            if not rows.isVisibleTo(self._content):
                rows.show_part(QRect())
                continue
            corner = rows.mapTo(self.viewport(), QPoint(0, 0))
            rows.show_part(view.translated(-corner) & rows.rect())
        if sum(not rows.rows for rows in self._lists) < empty:
            tab_as_laid_out(self.parentWidget() or self)

    def refresh(self) -> None:
        """Read the values of all rows in view again."""
        for rows in self._lists:
            rows.refresh()

    def _reveal(self, rows: RowList, area: QRect) -> None:
        corner = rows.mapTo(self._content, area.topLeft())
        centre = QRect(corner, area.size()).center()
        self.ensureVisible(centre.x(), centre.y(), 0, area.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look again when the content was laid out anew."""
        if watched is self._content and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            handled = super().eventFilter(watched, event)
            self._column.activate()
            self.show_view()
            return handled
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show more or fewer rows."""
        super().resizeEvent(event)
        self.show_view()
