"""The document's commands on Qt's undo stack."""

from __future__ import annotations

from PySide6.QtGui import QUndoCommand, QUndoStack

from studio.document.commands import Command
from studio.document.document import Document

_GESTURE_ID = 1


class _Step(QUndoCommand):
    """One command as a step of the stack; steps of one gesture merge."""

    def __init__(self, document: Document, command: Command) -> None:
        super().__init__(command.name)
        self._document = document
        self.command = command

    def redo(self) -> None:
        self.command.apply(self._document)

    def undo(self) -> None:
        self.command.revert(self._document)

    def id(self) -> int:
        return -1 if self.command.gesture is None else _GESTURE_ID

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        merged = self.command.merged(other.command) if isinstance(other, _Step) else None
        if merged is None:
            return False
        self.command = merged
        self.setText(merged.name)
        self.setObsolete(merged.changes_nothing)  # dragged back to where it was: Qt drops the step
        return True


class History:
    """The undo stack of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.stack = QUndoStack()

    def push(self, command: Command) -> None:
        """Do ``command`` and remember it; one that changes nothing is forgotten."""
        if not command.changes_nothing:
            self.stack.push(_Step(self._document, command))

    @property
    def steps(self) -> list[Command]:
        """Every step, those that are undone last."""
        steps = (self.stack.command(index) for index in range(self.stack.count()))
        return [step.command for step in steps if isinstance(step, _Step)]
