"""Steps of a document, done, undone and done again, without a window."""

from __future__ import annotations

from studio.document.commands import Command
from studio.document.document import Document


class Steps:
    """The commands that were done to ``document``."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._done: list[Command] = []
        self._undone: list[Command] = []

    def push(self, command: Command) -> None:
        """Do a command and remember it for undo."""
        if not command.changes_nothing:
            command.apply(self.document)
            self._done.append(command)
            self._undone.clear()

    @property
    def steps(self) -> list[str]:
        """What undo would take back, the last one last."""
        return [command.name for command in self._done]

    def undo(self, steps: int = 1) -> None:
        """Take the last steps back."""
        for _ in range(min(steps, len(self._done))):
            self._undone.append(self._done.pop())
            self._undone[-1].revert(self.document)

    def redo(self, steps: int = 1) -> None:
        """Do again what was taken back."""
        for _ in range(min(steps, len(self._undone))):
            self._done.append(self._undone.pop())
            self._done[-1].apply(self.document)
