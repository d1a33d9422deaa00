"""The place of a panel in its dock until somebody looks: only then is the panel loaded and made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from studio.panels.panel import Panel
from studio.theme import scaled


class LatePanel(QWidget):
    """Gives its dock the panel that ``make`` returns, once the dock is in front; then it goes away.

    ``comfortable`` is the panel's size hint; None for the one of most panels.
    """

    def __init__(self, make: Callable[[], QWidget], comfortable: QSize | None = None) -> None:
        super().__init__()
        self._make: Callable[[], QWidget] | None = make
        self._comfortable = comfortable
        self._dock: QDockWidget | None = None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as a panel that is not built yet."""
        return self._comfortable or QSize(scaled(340), 480)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow enough for a small screen."""
        return QSize(scaled(250), 120)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Wait for the dock's turn: one behind other tabs is shown too."""
        super().showEvent(event)
        dock = self.parentWidget()
        if isinstance(dock, QDockWidget) and self._dock is None:
            self._dock = dock
            dock.visibilityChanged.connect(self._on_seen)

    def _on_seen(self, seen: bool) -> None:
        dock, make = self._dock, self._make
        if not seen or dock is None or make is None:
            return
        self._make = None
        dock.visibilityChanged.disconnect(self._on_seen)
        panel = make()
        dock.setWidget(panel)
        panel.show()
        if isinstance(panel, Panel):
            panel.be_seen()
        self.deleteLater()
