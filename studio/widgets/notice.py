"""Quiet lines that tell something and wait to be closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.theme import icon, keep_fitted, scaled, size_icons

_INFO_SECONDS = 8
_SEEN = 3  # lines at a time
Offer = tuple[str, Callable[[], object]]  # what a button is called, and what it does
_KEPT = 20  # of a kind; older ones give way
_LONGEST = 600  # characters of a line that are shown
_UNBROKEN = 24  # characters of a word, as a path, after which it may go on in the next row
_BREAK = "\u200b"  # takes no room, and lets a row end


class _Line(QWidget):
    """One sentence with its icon and a button that closes it."""

    def __init__(
        self, text: str, is_warning: bool, close: Callable[[], object], offer: Offer | None = None
    ) -> None:
        super().__init__()
        self._symbol = ("warning", "warning") if is_warning else ("about", "data")
        self._icon = QLabel()
        words = QLabel(breakable(text), wordWrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        button = QToolButton()
        button.setIcon(icon("cancel"))
        size_icons(button, 16)
        button.setToolTip("Close this notice")
        button.setAccessibleName("Close this notice")
        button.setAccessibleDescription(text)
        button.clicked.connect(lambda: close())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(words, 1)
        if offer is not None:
            row.addWidget(self._offer(*offer, close))
        row.addWidget(button)
        self.setAccessibleName(text)
        keep_fitted(self, self._draw_icon)

    def _offer(self, title: str, act: Callable[[], object], close: Callable[[], object]) -> QPushButton:
        """A button that does what is offered, and closes the line."""
        button = QPushButton(title, autoDefault=False)
        button.setProperty("role", "text")
        button.clicked.connect(lambda: close())
        button.clicked.connect(lambda: act())
        return button

    def _draw_icon(self) -> None:
        size = QSize(scaled(16), scaled(16))
        self._icon.setPixmap(icon(*self._symbol).pixmap(size, self.devicePixelRatioF()))


class NoticeBar(QWidget):
    """Sentences with an icon and a close button each; hidden while there is nothing to say.

    Information goes by itself after a few seconds, a warning stays until it is closed. The newest are
    seen, below the warnings the information, the newest warning always; how many more there are is told under
    them. A line may have a button that does something about it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("notice")
        self._warnings: tuple[str, ...] = ()
        self._information: tuple[str, ...] = ()
        self._offers: dict[str, Offer] = {}
        self._lines: dict[str, _Line] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        self._more = QLabel()
        self._more.setProperty("role", "secondary")
        self._all = QPushButton("Close all")
        self._all.setProperty("role", "text")
        self._all.clicked.connect(self._forget_all)
        self._rest = QWidget()
        rest = QHBoxLayout(self._rest)
        rest.setContentsMargins(24, 0, 4, 2)
        rest.addWidget(self._more)
        rest.addStretch()
        rest.addWidget(self._all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(self._column)
        layout.addWidget(self._rest)
        self._timer = QTimer(self, singleShot=True, interval=_INFO_SECONDS * 1000)
        self._timer.timeout.connect(self._forget_information)
        self.hide()

    @property
    def text(self) -> str:
        """What is told and not closed yet, one sentence a line."""
        return "\n".join((*self._warnings, *self._information))

    @property
    def seen(self) -> list[str]:
        """The sentences that can be seen, from the top down."""
        return list(self._lines)

    def show_info(self, text: str, offer: Offer | None = None) -> None:
        """Tell ``text`` for a while, with a button where something is offered."""
        self._note(text, offer)
        self._information = _with(self._information, text)
        self._timer.start()
        self._show()

    def show_warning(self, text: str, offer: Offer | None = None) -> None:
        """Tell ``text`` until it is closed, with a button where something is offered."""
        self._note(text, offer)
        self._warnings = _with(self._warnings, text)
        self._show()

    def _note(self, text: str, offer: Offer | None) -> None:
        """Remember what is offered with ``text``, whose line is made anew."""
        self._offers.pop(text, None)
        if offer is not None:
            self._offers[text] = offer
        if text in self._lines:
            line = self._lines.pop(text)
            line.setParent(None)
            line.deleteLater()

    def _forget(self, text: str) -> None:
        self._warnings = tuple(told for told in self._warnings if told != text)
        self._information = tuple(told for told in self._information if told != text)
        self._show()

    def _forget_information(self) -> None:
        self._information = ()
        self._show()

    def _forget_all(self) -> None:
        self._warnings = ()
        self._forget_information()

    def _show(self) -> None:
        told = dict.fromkeys((*self._warnings, *self._information))
        self._offers = {text: offer for text, offer in self._offers.items() if text in told}
        seen = list(told)[-_SEEN:]
        if self._warnings and self._warnings[-1] not in seen:
            seen[0] = self._warnings[-1]
        for text in [text for text in self._lines if text not in seen]:
            line = self._lines.pop(text)
            line.setParent(None)
            line.deleteLater()
        for text in seen:
            if text not in self._lines:
                self._lines[text] = self._line(text)
        self._lines = {text: self._lines[text] for text in seen}
        for place, line in enumerate(self._lines.values()):
            self._column.insertWidget(place, line)
        hidden = len(told) - len(seen)
        self._more.setText(f"and {hidden} more")
        self._rest.setVisible(hidden > 0)
        self.setAccessibleName(self.text)
        self.setVisible(bool(told))

    def _line(self, text: str) -> _Line:
        return _Line(text, text in self._warnings, lambda: self._forget(text), self._offers.get(text))


def breakable(text: str) -> str:
    """``text`` so that no word of it asks for more width than there is, and not longer than can be read."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return " ".join(_in_parts(word) for word in text.split(" "))


def _in_parts(word: str) -> str:
    return _BREAK.join(word[start : start + _UNBROKEN] for start in range(0, len(word), _UNBROKEN))


def _with(told: tuple[str, ...], text: str) -> tuple[str, ...]:
    """``told`` and then ``text``, each once, the oldest left out where they are too many."""
    return (*(old for old in told if old != text), text)[-_KEPT:]
