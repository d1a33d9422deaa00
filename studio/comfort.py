"""What makes the window easy on the eyes: its theme, the size of its text, and how much of it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from studio.actions.building import retint
from studio.theme import TEXT_SIZES, apply_motion, apply_theme

if TYPE_CHECKING:
    from studio.window import StudioWindow


class Comfort(QObject):
    """Changes the settings of theme, text and motion, with effect at once."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        application.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def set_theme(self, name: str) -> None:
        """Use the theme "dark", "light" or "system"."""
        self._window.settings.theme = name
        self._apply()

    def set_text_size(self, per_cent: int) -> None:
        """Show all text at one of :data:`TEXT_SIZES`."""
        self._window.settings.text_size = per_cent
        self._apply()

    def step_text_size(self, steps: int) -> None:
        """Show all text larger or smaller by ``steps`` of the sizes there are."""
        size = self._window.settings.text_size
        place = TEXT_SIZES.index(size) if size in TEXT_SIZES else 0
        self.set_text_size(TEXT_SIZES[min(max(place + steps, 0), len(TEXT_SIZES) - 1)])

    def toggle_reduced_motion(self) -> None:
        """Let things move by themselves, or not."""
        settings = self._window.settings
        settings.reduced_motion = not settings.reduced_motion
        self._apply()

    def show_checks(self) -> None:
        """Tick what is set in the menus."""
        settings, actions = self._window.settings, self._window.actions_by_id
        size = settings.text_size if settings.text_size in TEXT_SIZES else TEXT_SIZES[0]
        actions[f"theme.{settings.theme}"].setChecked(True)
        actions[f"text.{size}"].setChecked(True)
        actions["reduced_motion"].setChecked(settings.reduced_motion)

    def _on_system_theme(self) -> None:
        if self._window.settings.theme == "system":
            self._apply()

    def _apply(self) -> None:
        settings = self._window.settings
        apply_theme(self._application, settings.theme, settings.text_size)
        apply_motion(self._application, settings.reduced_motion)
        retint(self._window.actions_by_id)
        self.show_checks()
