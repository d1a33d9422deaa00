"""What the command palette finds: everything in the menus, the panels, the takes, and what parts add."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDockWidget

from studio.actions.table import ACTIONS
from studio.document.commands import use_take
from studio.keymap import shown_keys
from studio.panels.command_palette import CommandPalette, Entry

if TYPE_CHECKING:
    from studio.window import StudioWindow

Provider = Callable[[], Iterable[Entry]]

_TOP = 80  # pixels from the window's upper border
_RECENT_MOST = 8
_WAIT = "Wait until the running job has ended"
_NOT_NOW = "Not possible now"


class Finder:
    """Opens the palette and remembers what was run from it."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        self._providers: list[Provider] = [self._commands, self._panels, self._takes, self._poses]
        self._reasons = {row.id: row.why_not or (_WAIT if row.starts_job else "") for row in ACTIONS}

    def add_provider(self, provider: Provider) -> None:
        """Ask ``provider`` too for what can be found, each time the palette opens."""
        self._providers.append(provider)

    def entries(self) -> list[Entry]:
        """Everything that can be found."""
        return [self._remembered(entry) for provider in self._providers for entry in provider()]

    def show(self) -> None:
        """Open the palette over the window."""
        window = self._window
        palette = CommandPalette(self.entries(), window.settings.recent_commands, window)
        palette.finished.connect(palette.deleteLater)
        palette.copy_asked.connect(self._copy)
        palette.move(window.geometry().center().x() - palette.width() // 2, window.geometry().top() + _TOP)
        palette.open()

    def _copy(self, name: str) -> None:
        """Copy the action called ``name`` as Python; panels and takes have no name of their own there."""
        if name in self._window.actions_by_id:
            self._window.copies.action(name)

    def _remembered(self, entry: Entry) -> Entry:
        def run() -> None:
            settings = self._window.settings
            others = [name for name in settings.recent_commands if name != entry.id]
            settings.recent_commands = [entry.id, *others][:_RECENT_MOST]
            entry.run()

        return replace(entry, run=run)

    def _commands(self) -> Iterator[Entry]:
        for action in self._window.workspace.commands():
            name, title = action.objectName(), str(action.data())
            if action.isEnabled() or name:
                yield Entry(
                    name or title,
                    title,
                    action.trigger,
                    str(action.property("menu")),
                    shown_keys([keys.toString() for keys in action.shortcuts()]),
                    None if action.icon().isNull() else action.icon(),
                    "" if action.isEnabled() else self._reasons.get(name) or _NOT_NOW,
                )

    def _panels(self) -> Iterator[Entry]:
        for title, dock in self._window.workspace.docks.items():
            yield Entry(f"panel.{title}", f"Show {title}", partial(_bring_up, dock), "Panels")

    def _poses(self) -> Iterator[Entry]:
        poses = self._window.poses
        poses.shelf.refresh()
        for stored in poses.shelf.stored:
            name = stored.preset.name
            yield Entry(f"pose.{stored.path.name}", f"Pose {name}", partial(poses.use, stored), "Library")

    def _use_take(self, index: int) -> None:
        self._window.push(use_take(self._window.document, index))

    def _takes(self) -> Iterator[Entry]:
        document = self._window.document
        if len(document.takes) < 2:
            return
        for index, take in enumerate(document.takes):
            yield Entry(
                f"take.{take.name}",
                f"Use take {take.name}",
                partial(self._use_take, index),
                "Takes",
                why_not="In use" if index == document.active else "",
            )


def _bring_up(dock: QDockWidget) -> None:
    """Show ``dock`` in front of the others, the keys in it."""
    dock.show()
    dock.raise_()
    panel = dock.widget()
    if panel is not None:
        panel.setFocus()
