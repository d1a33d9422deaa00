"""The output of a console: what was typed, what it gave, and what went wrong, told apart by colour."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from studio.theme import current

IN, OUT, ERROR = 0, 1, 2
_MOST_LINES = 5000
_REPAINT = 0.1  # seconds between two looks at the screen while something long goes on


class _Colours(QSyntaxHighlighter):
    """Colours lines by their kind, anew for each theme."""

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        roles = current()
        kind = self.currentBlock().userState()
        form = QTextCharFormat()
        form.setForeground(QColor({IN: roles.secondary, ERROR: roles.error}.get(kind, roles.text)))
        self.setFormat(0, len(text), form)
        self.setCurrentBlockState(kind)


class ConsoleOutput(QPlainTextEdit):
    """Lines of three kinds, the newest at the bottom; old ones go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(_MOST_LINES)
        self.setProperty("role", "console")
        self.setAccessibleName("Output")
        self.document().setDocumentMargin(8)
        self._colours = _Colours(self.document())
        self._painted = 0.0
        self._started = False  # whether the last line goes on

    def write(self, text: str, kind: int) -> None:
        """Add ``text``, which may begin or end within a line, and keep the end in sight."""
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        block = end.block()
        lines = text.split("\n")
        for number, line in enumerate(lines):
            if number:
                self._started = False
            if not line:
                continue
            if not self._started and (block.position() or block.text()):
                end.insertText("\n")
            end.insertText(line)
            self._started = True
            block = end.block()
            block.setUserState(kind)
            self._colours.rehighlightBlock(block)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._repaint()

    def clear(self) -> None:
        """Take everything out."""
        super().clear()
        self._started = False

    def _repaint(self) -> None:
        """Show what a long loop prints while it goes on."""
        now = time.monotonic()
        if now - self._painted > _REPAINT:
            self._painted = now
            self.viewport().repaint()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Colour anew with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_colours"):
            self._colours.rehighlight()
