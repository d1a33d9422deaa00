"""The field of a console: lines of code, those typed before, and what a name may go on as."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

MOST_REMEMBERED = 200
LONGEST_REMEMBERED = 10_000  # characters of one
_MOST_LINES = 8
_INDENT = "    "
_STOPS = " \t\n()[]{},;:=+-*/%&|<>!@\"'"


class ConsoleEntry(QPlainTextEdit):
    """Enter runs what is whole, and goes to a new line in a block; an empty line ends one.

    Up and Down go through what was typed before, Tab completes a name. ``is_whole`` tells whether text
    can be run, ``offers`` what the name at its end may go on as.
    """

    entered = Signal(str)
    offered = Signal(list)  # names that begin as what is typed, where there are several
    clear_asked = Signal()

    def __init__(
        self,
        is_whole: Callable[[str], bool],
        offers: Callable[[str], list[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_whole, self._offers = is_whole, offers
        self._typed: list[str] = []
        self._place = 0  # among what was typed; its length is the line in hand
        self._in_hand = ""
        self.setProperty("role", "console")
        self.setAccessibleName("Python")
        self.setAccessibleDescription("Enter runs it, Up and Down go through what was typed before")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(5)
        self.blockCountChanged.connect(self.fit)
        self.fit()

    @property
    def typed(self) -> list[str]:
        """What was typed before, the last one last."""
        return self._typed

    def remember(self, texts: list[str]) -> None:
        """Offer ``texts`` as typed before."""
        self._typed = [text for text in texts if text][-MOST_REMEMBERED:]
        self._place = len(self._typed)

    def fit(self) -> None:
        """Be as high as the lines, up to some."""
        lines = min(max(self.blockCount(), 1), _MOST_LINES)
        height = QFontMetricsF(self.font()).lineSpacing() * lines + 2 * self.document().documentMargin()
        self.setFixedHeight(round(height) + 4)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the console from being taken as shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_clear(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab completes where there is something to complete, and else goes on as everywhere."""
        if forward and self.toPlainText().strip():
            self._complete()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Run, complete, or go through what was typed before."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = held == Qt.KeyboardModifier.NoModifier
        if _is_clear(event):
            self.clear_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held & Qt.KeyboardModifier.ShiftModifier:
            self._enter(at_once=bool(held & Qt.KeyboardModifier.ControlModifier))
        elif key == Qt.Key.Key_Escape and plain:
            self._show(self._in_hand if self._place < len(self._typed) else "", len(self._typed))
        elif key == Qt.Key.Key_Up and plain and not self.textCursor().blockNumber():
            self._go(-1)
        elif key == Qt.Key.Key_Down and plain and self._is_on_last_line():
            self._go(1)
        else:
            super().keyPressEvent(event)

    def _is_on_last_line(self) -> bool:
        return self.textCursor().blockNumber() == self.blockCount() - 1

    def _enter(self, at_once: bool) -> None:
        text = self.toPlainText()
        if not text.strip():
            self.clear()
        elif at_once or (self._is_on_last_line() and self._is_whole(text)):
            text = text.rstrip()
            self._remember(text)
            self.clear()
            self.entered.emit(text)
        else:
            self._break_line()

    def _break_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        indent = before[: len(before) - len(before.lstrip())]
        cursor.insertText("\n" + indent + (_INDENT if before.rstrip().endswith(":") else ""))

    def _remember(self, text: str) -> None:
        if len(text) <= LONGEST_REMEMBERED and (not self._typed or self._typed[-1] != text):
            self._typed = [*self._typed, text][-MOST_REMEMBERED:]
        self._place, self._in_hand = len(self._typed), ""

    def _go(self, by: int) -> None:
        place = min(max(self._place + by, 0), len(self._typed))
        if place == self._place:
            return
        if self._place == len(self._typed):
            self._in_hand = self.toPlainText()
        self._show(self._in_hand if place == len(self._typed) else self._typed[place], place)

    def _show(self, text: str, place: int) -> None:
        self._place = place
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _complete(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        start = max(before.rfind(stop) for stop in _STOPS) + 1
        name = before[start:]
        if not name:
            cursor.insertText(_INDENT)
            return
        offers = self._offers(name)
        common = _common_start(offers)
        if len(common) > len(name):
            cursor.insertText(common[len(name) :])
        elif len(offers) > 1:
            self.offered.emit(offers)


def _common_start(texts: list[str]) -> str:
    """What all of ``texts`` begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    count = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:count]


def _is_clear(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier
