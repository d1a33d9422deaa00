"""The card of the first start: what to try, where FLAME goes, and how to find commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from studio.flame.library import model_folders
from studio.keymap import shown_keys
from studio.widgets.card import Card

if TYPE_CHECKING:
    from studio.window import StudioWindow


class FirstSteps(QObject):
    """Shows the card once, and again when it is asked for."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._card: Card | None = None

    def show_at_first_start(self) -> None:
        """Show the card, unless somebody closed it before."""
        if not self._window.settings.first_steps_seen:
            self.show(focus=QApplication.focusWidget() is None)

    def show(self, focus: bool = True) -> None:
        """Show the card over the canvas."""
        if self._card is None:
            self._card = Card("First steps", "Got it", self._window.canvas)
            self._card.add_button("Models…", self._window.show_models)
            self._card.closed.connect(self._on_closed)
        self._card.tell(self._sentences())
        self._card.show()
        if focus:
            self._card.focus()

    def _on_closed(self) -> None:
        self._window.settings.first_steps_seen = True

    def _hand(self) -> str:
        """The tool that drags parts of the head, with its key."""
        keys = shown_keys(self._window.keymap.keys("tool.pose")[:1])
        return f"Pose ({keys})" if keys else "Pose"

    def _sentences(self) -> tuple[str, str, str]:
        keymap = self._window.keymap
        undo, palette = shown_keys(keymap.keys("undo")[:1]), shown_keys(keymap.keys("palette")[:1])
        back = f"{undo} takes back" if undo else "Edit ▸ Undo takes back"
        find = f"{palette} finds" if palette else "Help ▸ Find a command… finds"
        folders = model_folders()
        return (
            "Move a slider of the Face panel, take a pose from the Library, or choose "
            f"{self._hand()} and drag the face itself; {back} every step.",
            f"FLAME goes into {folders[0]}; File ▸ Models… tells what to get and where."
            if folders
            else "File ▸ Models… tells what FLAME files to get and where they go.",
            f"{find} every command by a few letters of its name.",
        )
