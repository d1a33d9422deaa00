"""Markers of the active take: set, named, moved and gone to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from studio.document.document import Document
from studio.document.marker_commands import add_marker, change_marker, delete_marker
from studio.panels.panel import Push

_LONGEST = 200  # characters of a name


class Markers(QObject):
    """Changes markers by commands; ``parent`` gives the widget over which a name is asked for."""

    def __init__(self, document: Document, push: Push, parent: Callable[[], QWidget]) -> None:
        super().__init__()
        self._document, self._push, self._parent = document, push, parent

    def add(self) -> None:
        """Put a marker at the time cursor; where there is one, ask for another name of it."""
        frame = round(self._document.position)
        frames = [marker.frame for marker in self._document.take.markers]
        if frame in frames:
            self.rename(frames.index(frame))
        else:
            self._push(add_marker(self._document, frame))

    def rename(self, index: int) -> None:
        """Ask for the name of marker ``index``."""
        name = self._document.take.markers[index].name
        text, agreed = QInputDialog.getText(self._parent(), "Rename marker", "Name", text=name)
        if agreed and text.strip():
            self._push(change_marker(self._document, "Rename marker", index, title=text.strip()[:_LONGEST]))

    def move(self, index: int, frame: int, gesture: int | None = None) -> None:
        """Bring marker ``index`` to ``frame``."""
        self._push(change_marker(self._document, "Move marker", index, frame=frame, gesture=gesture))

    def colour(self, index: int, colour: int) -> None:
        """Give marker ``index`` another colour of the theme."""
        self._push(change_marker(self._document, "Colour marker", index, colour=colour))

    def delete(self, index: int) -> None:
        """Take marker ``index`` away."""
        self._push(delete_marker(self._document, index))

    def go(self, direction: int) -> None:
        """Move the cursor to the next (1) or previous (-1) marker."""
        here = self._document.position
        frames = [marker.frame for marker in self._document.take.markers]
        found = [frame for frame in frames if (frame - here) * direction > 0]
        if found:
            self._document.set(position=float(min(found) if direction > 0 else max(found)))
