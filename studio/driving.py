"""The head driven live, as actions and panel know it; what does it is loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from studio.live_head import LiveHead
    from studio.panels.live_panel import LivePanel
    from studio.window import StudioWindow


class Driving(QObject):
    """Makes the window's :class:`studio.live_head.LiveHead` once somebody wants it."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._head: LiveHead | None = None

    def connect_panel(self, panel: LivePanel) -> None:
        """Let ``panel`` show and ask from when it is first seen."""
        panel.built.connect(lambda: self.head)

    @property
    def head(self) -> LiveHead:
        """What lets the head follow."""
        if self._head is None:
            from studio.live_head import LiveHead

            self._head = LiveHead(self._window, self._window.workspace.late.live)
        return self._head

    def keep_recording(self) -> None:
        """Make a take of what is being recorded."""
        if self._head is not None:
            self._head.keep_recording()

    def close(self) -> None:
        """End for good, with the window."""
        if self._head is not None:
            self._head.close()
