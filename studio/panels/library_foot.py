"""What stands below the poses of the library: as high as it needs, so that the poses have the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel


class LibraryFoot(ScrollPanel):
    """What stands below the grid: as high as it needs, and it scrolls where there is less."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[Group] = []
        self.setObjectName("footer")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add_group(self, group: Group) -> None:
        """Put ``group`` below the others, of which one at most is unfolded, so that the grid keeps room."""
        self._groups.append(group)
        group.toggled.connect(lambda unfolded: self._on_toggled(group, unfolded))
        self.add(group)

    def _on_toggled(self, group: Group, unfolded: bool) -> None:
        for other in self._groups if unfolded else ():
            if other is not group:
                other.set_unfolded(False)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All of the content at this width."""
        width = max(self.viewport().width(), self.minimumSizeHint().width())
        column = self._column
        flows = column.hasHeightForWidth()  # which hidden chips do not
        return QSize(width, column.totalHeightForWidth(width) if flows else column.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The strength and a little more."""
        return QSize(240, 120)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take another height when the content was laid out anew."""
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Chips take more rows where it is narrow."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
