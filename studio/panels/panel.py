"""What every panel does: builds itself when first seen, and shows the document only while seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from studio.document.commands import Command
from studio.document.document import Document
from studio.theme import scaled
from studio.widgets.tab_order import tab_as_laid_out

Push = Callable[[Command], None]


class Panel(QWidget):
    """Shows one part of ``document`` and gives commands to ``push``.

    A subclass says which fields it ``shows``, builds its widgets in :meth:`build` and reads the
    document in :meth:`show_document`. Both run only once the panel is on the screen; changes that
    come while it is hidden are shown when it is seen again.
    """

    shows: frozenset[str] = frozenset()

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__()
        self._document = document
        self._push = push
        self._built = False
        self._seen = False
        self._dock: QDockWidget | None = None
        self._missed: frozenset[str] = frozenset()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        document.changed.connect(self._on_changed)

    def build(self) -> None:
        """Make the widgets; the document is shown right after."""
        raise NotImplementedError

    def show_document(self, names: frozenset[str]) -> None:
        """Show the document; ``names`` of :attr:`shows` are different from what was shown before."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable size, known before the widgets exist."""
        return QSize(scaled(340), 480)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow enough for a small screen."""
        return QSize(scaled(250), 120)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Build, or catch up. A dock behind other tabs is shown too: that one waits for its turn."""
        super().showEvent(event)
        dock = self.parentWidget()
        if not isinstance(dock, QDockWidget):
            self._on_seen(True)
        elif dock is not self._dock:
            self._dock = dock
            dock.visibilityChanged.connect(self._on_seen)

    def be_seen(self) -> None:
        """Build, or catch up, in a dock that is in front already."""
        self._on_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Show nothing until it is seen again."""
        super().hideEvent(event)
        self._seen = False

    def _on_seen(self, seen: bool) -> None:
        self._seen = seen
        if not seen:
            return
        if not self._built:
            self._built = True
            self.build()
            for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                child.show()  # Qt shows the children that were there before this panel
            self.show_document(self.shows)
            tab_as_laid_out(self)
        elif self._missed:
            self._show(self._missed)
        self._missed = frozenset()

    def _show(self, names: frozenset[str]) -> None:
        self.show_document(names)
        if "model" in names:  # another model may have other widgets
            tab_as_laid_out(self)

    def _on_changed(self, names: frozenset[str]) -> None:
        shown = names & self.shows
        if not shown or not self._built:
            return
        if self._seen:
            self._show(shown)
        else:
            self._missed |= shown
